"""Retrying a change whose transaction was undone because another one came between."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest

ATTEMPTS = 3
#: PostgreSQL's codes for a transaction that it undid: deadlock, serialisation failure.
UNDONE = ("40P01", "40001")


def retry_on_conflict(request: HttpRequest, view: Callable[[], Any]) -> Any:
    """Answer a POST again when it conflicted with another change. The view then sees what the other did, and reports
    it at the field concerned."""
    for _ in range(ATTEMPTS - 1 if request.method == "POST" else 0):
        try:
            return view()
        except ObjectDoesNotExist:
            pass  # the row was there when the view began
        except DatabaseError as error:
            if not is_conflict(error):
                raise
    return view()


def is_conflict(error: DatabaseError) -> bool:
    """Whether a change failed because of another one. For a row that is gone, Django raises DatabaseError itself, the
    base class of all errors of a database."""
    undone = getattr(error.__cause__, "sqlstate", "") in UNDONE
    return isinstance(error, IntegrityError) or undone or type(error) is DatabaseError
