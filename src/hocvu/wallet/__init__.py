"""What holders do with their certificates: show, share, carry away, ask for a correction.

Whoever opens a shared link sees what verification says at that moment, never more than a stranger
with the code would; and the holder sees that it was opened, never by whom.

*Speaks to*: audit, courses, credentials, kernel, notices, people, portable, recognition, signing,
trust, ui, units, verification.
*Announces*: nothing.
"""
