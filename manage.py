#!/usr/bin/env python
"""Django's own commands, on the same database as `hocvu`."""

import sys

from django.core.management import execute_from_command_line

from hocvu.config.start import set_up

if __name__ == "__main__":
    set_up()
    execute_from_command_line(sys.argv)
