"""Headers that answers of the data plane have in common."""

from django.http import HttpResponse

from . import conf, derivatives
from .imaging.notes import Notes
from .target import Target

#: On every picture. Pictures may be embedded anywhere, and must never run as anything else.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}
#: Say why an animation is shown as its first frame, and why a picture has more bytes than were allowed.
FIRST_FRAME_ONLY, OVER_MAX_BYTES = "X-First-Frame-Only", "X-Over-Max-Bytes"
ALLOWED = {"Allow": "GET, HEAD, OPTIONS"}


def named(response: HttpResponse, target: Target) -> HttpResponse:
    """Give the answer its tags, and say on what it depends beside its URL."""
    tags = [f"alias:{target.alias.name}"] if target.alias else []
    tags.append(f"bucket:{target.bucket.name}")
    tags.append(derivatives.tag(target.bucket, target.key))
    response[conf.cache_tag_header()] = ",".join(tags)
    if target.negotiated:
        response["Vary"] = "Accept"
    if target.skipped:
        response["X-Skipped-Filters"] = ", ".join(target.skipped)
    return response


def note(response: HttpResponse, notes: Notes) -> None:
    """Say in headers what is to be said of a picture. Where a CDN serves it, edge/viewer_response.js does."""
    for name, sentence in ((FIRST_FRAME_ONLY, notes.flattened), (OVER_MAX_BYTES, notes.oversize)):
        if sentence:
            response[name] = sentence
