"""Writing lines of the audit log: who acts, from where, is known from the request, else from the command."""

import getpass
import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import connections, router
from django.http import HttpRequest, HttpResponse

from rendering.http.addresses import client_address
from rendering.trace import request_id

from ..models import AuditEntry

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
#: Databases in which the table was seen; while migrations run it may not be there yet.
_seen: set[str] = set()


class AuditMiddleware:
    """Remember the request, for what is recorded while it is answered. After the client's address is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts."""

    by: User | None
    who: str
    address: str
    via: str


def actor() -> Actor:
    request = _request.get()
    if request is None:
        return Actor(None, operator(), "", command())
    user = getattr(request, "user", None)
    known = user if isinstance(user, User) or getattr(user, "is_authenticated", False) else None
    return Actor(known, known.get_username() if known else "", client_address(request), "admin")


def command() -> str:
    """The command that runs; “the service” where none does, as on a schedule."""
    if Path(sys.argv[0]).name == "manage.py" and len(sys.argv) > 1:
        return f"manage.py {sys.argv[1]}"[:100]
    return "the service"


def operator() -> str:
    """The user of the operating system."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return ""


def record(
    action: str,
    subject: str = "",
    subject_id: Any = "",
    *,
    by: User | None = None,
    before: Any = None,
    after: Any = None,
    why: str = "",
) -> None:
    """Write a line, in the transaction of the change. `by` is who is said to have changed it, else who acts."""
    using = router.db_for_write(AuditEntry)
    if not is_there(using):
        return
    acting = actor()
    person = by or acting.by
    there = person is not None and User.objects.using(using).filter(pk=person.pk).exists()  # else it was just deleted
    AuditEntry.objects.create(
        action=action,
        subject=subject[:1200],
        subject_id=str(subject_id or ""),
        by_id=person.pk if person and there else None,
        who=(person.get_username() if person else acting.who)[:200],
        address=acting.address,
        via=acting.via,
        request_id=request_id(),
        before=before,
        after=after,
        why=why,
    )


def is_there(using: str) -> bool:
    if using not in _seen and AuditEntry._meta.db_table in connections[using].introspection.table_names():
        _seen.add(using)
    return using in _seen
