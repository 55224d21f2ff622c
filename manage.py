#!/usr/bin/env python
"""Django's command line, for this project."""

import io
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    for stream in (sys.stdout, sys.stderr):
        # What a terminal lacks, such as our quotes, it shows as a question mark: nothing fails for it.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    execute_from_command_line(sys.argv)
