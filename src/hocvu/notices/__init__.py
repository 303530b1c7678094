"""What people are told, in their own list and by e-mail, and what became of each message.

It knows no person: a recipient is a number, an address is a text, and whoever tells something
brings the words for it.

*Speaks to*: kernel. *Announces*: nothing.
"""
