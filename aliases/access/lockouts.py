"""Locking the log-in after too many failures, by django-axes.

Counted are the failures of an account from one address, of all accounts from one address, and of an account from
wherever. The last would let anybody lock an owner out, so it does not count where the account has logged in before. A
lock lasts LOGIN_LOCK seconds from the last failure that was counted, and trying meanwhile does not make it longer.
"""

import logging
from datetime import timedelta
from importlib import import_module
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from .addresses import customer, customer_of

logger = logging.getLogger(__name__)

#: Sent when a command removes `failures` (their number): of an `account`, an `address`, or all if neither is given.
unlocked = Signal()

#: How many times LOGIN_ATTEMPTS an address has for all accounts, since offices share one; and an account from anywhere.
OF_AN_ADDRESS, OF_AN_ACCOUNT = 4, 10
#: Characters of a name that are stored; an account's has 150 at most.
LONGEST_NAME = 255
#: How long an address is known at which an account logged in.
KNOWN = timedelta(days=90)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # untyped
    """Of django-axes, with counts of our own."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """The count that is nearest to its limit, as one that is compared with LOGIN_ATTEMPTS."""
        name, address = account_of(request, credentials), request.axes_ip_address
        recent = AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - cool_off())
        counts = []
        if name:
            counts.append(failures(recent.filter(username=name, ip_address=address)))
            if not is_known(name, address):
                counts.append(failures(recent.filter(username=name)) // OF_AN_ACCOUNT)
        if address:
            counts.append(failures(recent.filter(ip_address=address)) // OF_AN_ADDRESS)
        return max(counts, default=0)

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """Unlock, and record it in the audit log. Called by axes_reset and the commands like it."""
        with transaction.atomic():
            counted = customer_of(ip_address) or ip_address if ip_address else None
            count: int = super().reset_attempts(ip_address=counted, username=username, ip_or_username=ip_or_username)
            unlocked.send(sender=type(self), account=username or "", address=ip_address or "", failures=count)
        return count


def account_of(request: Any, credentials: dict[str, Any] | None) -> str:
    """The user name that was tried, cut to what fits django-axes' column. No account has a longer one."""
    return str((credentials or {}).get("username") or "")[:LONGEST_NAME]


def failures(attempts: QuerySet[AccessAttempt]) -> int:
    return int(attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0)


def is_known(name: str, address: str | None) -> bool:
    """Whether that account logged in from that address lately."""
    since = timezone.now() - KNOWN
    return (
        address is not None
        and AccessLog.objects.filter(username=name, ip_address=address, attempt_time__gte=since).exists()
    )


def cool_off(request: HttpRequest | None = None) -> timedelta:
    return timedelta(seconds=settings.LOGIN_LOCK)


def limit(request: HttpRequest, credentials: Any) -> int:
    return int(settings.LOGIN_ATTEMPTS)


def connect() -> None:
    user_locked_out.connect(report, dispatch_uid="report of a lock")
    user_logged_in.connect(forgive, dispatch_uid="forgiving after a log-in")


def report(sender: Any, request: Any, username: str | None, ip_address: str | None, **kwargs: Any) -> None:
    """Log an ERROR for the owner to see, once for each lock. A name that is no account's may be a password, typed into
    the wrong field, and is left out."""
    if request.axes_failures_since_start is None:
        return  # it was locked already
    is_account = get_user_model().objects.filter(username=username).exists()
    facts = {
        "account": username if is_account else "",
        "address": ip_address or "",
        "seconds": settings.LOGIN_LOCK,
        "hint": "If it was not one of your staff, somebody is guessing passwords. manage.py axes_reset unlocks all",
    }
    logger.error("log-in locked", extra={"facts": facts})


def forget_expired() -> None:
    """Remove what has ended and counts no more: sessions, of which strangers begin some, and log-ins of long ago."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    AccessLog.objects.filter(attempt_time__lt=timezone.now() - KNOWN).delete()


def forgive(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Forget an account's failures from an address where it has logged in; not those of other accounts there."""
    if request is not None:
        AccessAttempt.objects.filter(username=user.get_username(), ip_address=customer(request)).delete()
