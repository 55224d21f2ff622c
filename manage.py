#!/usr/bin/env python
"""Django's command line, for this project."""

import io
import os
import re
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError, ProgrammingError

#: How SQLite says it; PostgreSQL has an error of its own for it.
NO_TABLE = re.compile("no such (table|column)")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # As standard error does: no command fails, half done, for a terminal that lacks a character.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        execute_from_command_line(sys.argv)
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has read enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except EOFError:
        sys.exit("This command asks questions, and there is nobody to answer: run it in a terminal.")
    except DatabaseError as error:
        # The others of its kind are faults of a command; SQLite says of a file that is no database's just this one.
        if "--traceback" in sys.argv or type(error) not in (OperationalError, ProgrammingError, DatabaseError):
            raise
        sys.exit(wrong_with_database(error))
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv or not str(error).startswith("settings.DATABASES"):
            raise
        sys.exit("PLANE is images, which has no database: set it to admin or all for this command.")


def wrong_with_database(error: Exception) -> str:
    why = " ".join(str(error).split())
    if isinstance(error, ProgrammingError) or NO_TABLE.search(why):
        return f"The database lacks tables or columns of this version; make them with: manage.py migrate ({why})"
    return f"The database that DATABASE_URL names, or SQLite's in var/ where it is unset, cannot be used: {why}"


if __name__ == "__main__":
    main()
