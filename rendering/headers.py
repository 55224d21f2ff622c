"""Headers that answers of the data plane have in common."""

from django.http import HttpResponse

from . import conf, derivatives
from .target import Target

#: On every picture. Pictures may be embedded anywhere, and must never run as anything else.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}
#: Says why an animation is shown as its first frame.
FIRST_FRAME_ONLY = "X-First-Frame-Only"
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
