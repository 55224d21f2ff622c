"""How long responses may be cached."""

import time

from django.http import HttpResponse
from django.utils.http import http_date

from .. import conf
from ..catalogue.catalogue import READER
from ..dialects.target import Target
from ..pictures import overruled

#: Seconds for a picture that could not be stored, or was not made as it should be: the next request shall try again.
SHORT_AGE = 60
FOREVER = 10 * 365 * 86_400
#: Seconds for an error: a missing original may be uploaded, or a broken one replaced, any moment.
ERROR_AGE = 10
#: Seconds for which caches may serve a picture that is too old, while all that they get is a 5xx (RFC 5861).
STALE_IF_ERROR = 86_400
#: Seconds after which a client may repeat a request that got a 503.
RETRY_AFTER = "5"


def set_cache_headers(response: HttpResponse, target: Target, *, lasting: bool) -> None:
    """Set Cache-Control to the target's caching, and Expires for Thumbor URLs. A response that is not `lasting` is
    cached for a minute."""
    caching = target.caching
    longest = FOREVER if lasting else SHORT_AGE
    if READER.may_be_behind() or overruled.stale(target.bucket):  # this process may have missed an edit
        longest = min(longest, int(conf.catalogue_max_age()))
    age = min(caching.max_age, longest)
    directives = ["public", f"max-age={age}"]
    if caching.shared_max_age is not None:
        directives.append(f"s-maxage={min(caching.shared_max_age, longest)}")
    if caching.stale_while_revalidate:
        directives.append(f"stale-while-revalidate={caching.stale_while_revalidate}")
    if lasting and may_be_stale(target):
        directives.append(f"stale-if-error={STALE_IF_ERROR}")
    response["Cache-Control"] = ", ".join(directives)
    if target.alias is None:
        response["Expires"] = http_date(time.time() + age)  # Thumbor sends it


def may_be_stale(target: Target) -> bool:
    """Whether a cache may serve the target's picture past its age where it would otherwise serve an error: that of an
    alias, unless no cache is to hold it. Thumbor URLs, which may expire, say what Thumbor's say."""
    caching = target.caching
    return target.alias is not None and bool(caching.max_age or caching.shared_max_age)


def set_error_cache_headers(response: HttpResponse, target: Target | None) -> None:
    """Let caches keep a 4xx for a few seconds, and no 5xx. A 503 and a 504 say when to retry."""
    if response.status_code >= 500:
        response["Cache-Control"] = "no-store"
        if response.status_code in (503, 504):
            response["Retry-After"] = RETRY_AFTER
    else:
        # No longer than the picture itself would be: its URL may be about to expire.
        age = min(ERROR_AGE, target.caching.max_age) if target else ERROR_AGE
        response["Cache-Control"] = f"public, max-age={age}"
