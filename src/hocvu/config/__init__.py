"""Where everything is wired: settings, root addresses, command line, embedded database.

The only room that knows everyone.
"""
