"""Headers that responses of the data plane share."""

import re

from django.http import HttpResponse

from .. import conf
from ..dialects.target import Target
from ..imaging.notes import Notes
from ..pictures import derivatives

#: Why an animation is shown as its first frame; why a picture has more bytes than allowed; which filters of a URL were
#: ignored.
FIRST_FRAME_ONLY, OVER_MAX_BYTES, SKIPPED = "X-First-Frame-Only", "X-Over-Max-Bytes", "X-Skipped-Filters"
#: Why a picture may not be the newest.
BUCKET_AWAY = "X-Bucket-Away"
#: What scripts of other sites may read, besides the headers that browsers always let them read.
EXPOSED = (
    "ETag", "Retry-After", "Server-Timing", "X-Request-Id", SKIPPED, FIRST_FRAME_ONLY, OVER_MAX_BYTES, BUCKET_AWAY
)  # fmt: skip
#: On every response: scripts of any site may send the request, read the response and see its timing.
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
#: Headers whose tags are separated by spaces: Fastly's, and that of Varnish's xkey.
SPACED = ("Surrogate-Key", "xkey")
ALLOWED = {"Allow": "GET, HEAD, OPTIONS"}
#: Seconds for which a browser may cache a preflight response: the longest that any browser accepts.
PREFLIGHT_AGE = "86400"
#: A list of header names, as browsers send it in Access-Control-Request-Headers.
NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:[ \t]*,[ \t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*")


def preflight(wanted: str) -> dict[str, str]:
    """The headers of a CORS preflight response. Scripts may send any header; none changes the response."""
    # Each by its name: * does not cover Authorization, and nothing at all in older browsers.
    names = wanted if len(wanted) <= 1000 and NAMES.fullmatch(wanted) else "*"
    return {
        **ALLOWED,
        **CORS,
        "Access-Control-Allow-Methods": ALLOWED["Allow"],
        "Access-Control-Allow-Headers": names,
        "Access-Control-Max-Age": PREFLIGHT_AGE,
        "Vary": "Access-Control-Request-Headers",
    }


def set_target_headers(response: HttpResponse, target: Target) -> None:
    """Set the tags by which a CDN purges the response, what it varies by, and which filters were ignored."""
    tags = [f"alias:{target.alias.name}"] if target.alias else []
    tags.append(f"bucket:{target.bucket.name}")
    tags.append(derivatives.tag(target.bucket, target.key))
    set_tags(response, tags)
    if target.negotiated:
        response["Vary"] = "Accept"
    if target.skipped:
        response[SKIPPED] = ", ".join(target.skipped)


def set_tags(response: HttpResponse, tags: list[str]) -> None:
    """Set the tags by which a CDN purges the response, as that CDN reads a list."""
    name = conf.cache_tag_header()
    response[name] = (" " if name.title() in map(str.title, SPACED) else ",").join(tags)


def set_note_headers(response: HttpResponse, notes: Notes) -> None:
    """Set the headers for what is noted of a picture. Where a CDN serves it, edge/viewer_response.js does the same."""
    for name, sentence in ((FIRST_FRAME_ONLY, notes.flattened), (OVER_MAX_BYTES, notes.oversize)):
        if sentence:
            response[name] = sentence
