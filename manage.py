#!/usr/bin/env python
"""Django's command line, for this project."""

import io
import os
import re
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError

#: How SQLite says it; PostgreSQL has errors of their own for it.
NO_DATABASE = re.compile("not a database|disk image is malformed")
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
    except BrokenPipeError:  # the reader has read enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except EOFError:
        sys.exit("This command asks questions, and there is nobody to answer: run it in a terminal.")
    except DatabaseError as error:
        # The others of its kind are faults of a command.
        of_database = isinstance(error, OperationalError | ProgrammingError) or NO_DATABASE.search(str(error))
        if "--traceback" in sys.argv or not (of_database or isinstance(error, IntegrityError)):
            raise
        sys.exit(wrong_with_database(error))
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv or not str(error).startswith("settings.DATABASES"):
            raise
        sys.exit("PLANE is images, which has no database: set it to admin or all for this command.")


def wrong_with_database(error: Exception) -> str:
    if isinstance(error, IntegrityError):
        return "Somebody else changed the same at the same moment, so nothing was changed: run it again."
    why = " ".join(str(error).split())
    if isinstance(error, ProgrammingError) or NO_TABLE.search(why):
        return f"The database lacks tables or columns of this version; make them with: manage.py migrate ({why})"
    return f"The database that DATABASE_URL names, or SQLite's in var/ where it is unset, cannot be used: {why}"


if __name__ == "__main__":
    main()
