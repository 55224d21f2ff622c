"""Kept derivatives under their own key, at /-/d/: where pictures are redirected that the gateway does not carry.

On AWS the CDN answers these URLs, from the storage and without us; what stands here is for servers without one.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from .. import conf, trace
from ..imaging.encoding import FORMATS
from ..pictures import derivatives
from ..pictures.derivatives import IMMUTABLE, KEY, UnknownDerivative
from .delivery import FORMAT_OF_TYPE, etag_of, held_by
from .headers import HEADERS, note


def kept(request: HttpRequest, key: str) -> HttpResponse:
    """The derivative that is kept under a key: 200, or 304 when the client's copy is it."""
    # Only what `Wanted.key` writes: a key is never looked for under another spelling, nor as a path.
    if not KEY.fullmatch(key):
        raise UnknownDerivative("This is no picture's key; ask for the picture by its alias")
    trace.note(derivative=key)
    etag = etag_of(key)
    if held := held_by(request, etag):
        return lasting(HttpResponseNotModified(headers=HEADERS), FORMATS[held].type, etag, key)
    derivative = derivatives.find(key, most=conf.largest_picture())
    response = HttpResponse(derivative.content, headers=HEADERS)
    note(response, derivative.notes)
    return lasting(response, derivative.type, etag, key)


def lasting(response: HttpResponse, media_type: str, etag: str, key: str) -> HttpResponse:
    bucket, original, _ = key.split("/")
    response["Content-Type"] = media_type
    response["ETag"] = f'"{etag}.{FORMAT_OF_TYPE[media_type]}"'
    response["Cache-Control"] = IMMUTABLE
    response[conf.cache_tag_header()] = f"bucket:{bucket},image:{original}"
    return response
