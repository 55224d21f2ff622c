"""Runs a command, and returns what it prints."""

import io

from django.core.management import call_command


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command(*arguments, stdout=output, no_color=True)
    return output.getvalue()
