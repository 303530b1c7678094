"""`python -m hocvu`."""

from hocvu.config.cli import main

main()
