"""Headers that answers of the data plane have in common."""

import re

from django.http import HttpResponse

from .. import conf
from ..dialects.target import Target
from ..imaging.notes import Notes
from ..pictures import derivatives

#: Say why an animation is shown as its first frame, and why a picture has more bytes than were allowed; and which
#: filters of a URL were passed over.
FIRST_FRAME_ONLY, OVER_MAX_BYTES, SKIPPED = "X-First-Frame-Only", "X-Over-Max-Bytes", "X-Skipped-Filters"
#: What scripts of other sites may read beside what browsers let them read anyway.
EXPOSED = ("ETag", "Retry-After", "Server-Timing", "X-Request-Id", SKIPPED, FIRST_FRAME_ONLY, OVER_MAX_BYTES)
#: On every answer: any site may ask, and read the answer and how long it took.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED),
    "Timing-Allow-Origin": "*",
}
#: On every picture. Pictures may be embedded anywhere, and must never run as anything else.
HEADERS = {
    **CORS,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}
ALLOWED = {"Allow": "GET, HEAD, OPTIONS"}
#: Seconds for which a browser may remember that it may ask: as long as any does.
PREFLIGHT_AGE = "86400"
#: Names of headers, as a browser lists those that a script wants to send.
NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:[ \t]*,[ \t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*")


def preflight(wanted: str) -> dict[str, str]:
    """What is said to a browser that asks whether a script may send these headers: it may. They change nothing."""
    # Each by its name, since a * stands for no Authorization, and for nothing in older browsers.
    names = wanted if len(wanted) <= 1000 and NAMES.fullmatch(wanted) else "*"
    return {
        **ALLOWED,
        **CORS,
        "Access-Control-Allow-Methods": ALLOWED["Allow"],
        "Access-Control-Allow-Headers": names,
        "Access-Control-Max-Age": PREFLIGHT_AGE,
        "Vary": "Access-Control-Request-Headers",
    }


def named(response: HttpResponse, target: Target) -> HttpResponse:
    """Give the answer its tags, and say on what it depends beside its URL."""
    tags = [f"alias:{target.alias.name}"] if target.alias else []
    tags.append(f"bucket:{target.bucket.name}")
    tags.append(derivatives.tag(target.bucket, target.key))
    response[conf.cache_tag_header()] = ",".join(tags)
    if target.negotiated:
        response["Vary"] = "Accept"
    if target.skipped:
        response[SKIPPED] = ", ".join(target.skipped)
    return response


def note(response: HttpResponse, notes: Notes) -> None:
    """Say in headers what is to be said of a picture. Where a CDN serves it, edge/viewer_response.js does."""
    for name, sentence in ((FIRST_FRAME_ONLY, notes.flattened), (OVER_MAX_BYTES, notes.oversize)):
        if sentence:
            response[name] = sentence
