"""Stored derivatives by their key, at /-/d/: where pictures are redirected that are too large for the gateway.

On AWS the CDN serves these URLs straight from the storage. This is for servers without one.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from .. import conf, trace
from ..imaging.encoding import MEDIA_TYPES
from ..pictures import derivatives
from ..pictures.derivatives import IMMUTABLE, KEY, UnknownDerivative
from .conditional import FORMAT_OF_TYPE, cached_format, etag, hash_for_etag
from .headers import picture_headers, set_note_headers, set_tags


def derivative_by_key(request: HttpRequest, key: str) -> HttpResponse:
    """Respond with the derivative that is stored under a key: 200, or 304 if the client has it.

    Raises UnknownDerivative, and StorageError.
    """
    # Only what `Wanted.key` writes: no other spelling of a key, and no path.
    if not KEY.fullmatch(key):
        raise UnknownDerivative("This is not the key of a picture; ask for the picture by its alias")
    trace.note(derivative=key)
    etag_hash = hash_for_etag(key)
    response: HttpResponse
    if format_name := cached_format(request, etag_hash):
        response = HttpResponseNotModified(headers=picture_headers())
        response["Content-Type"] = MEDIA_TYPES[format_name]
    else:
        derivative = derivatives.find(key, most=conf.largest_picture())
        format_name = FORMAT_OF_TYPE[derivative.type]
        response = HttpResponse(derivative.content, content_type=derivative.type, headers=picture_headers())
        set_note_headers(response, derivative.notes)
    bucket, original, _ = key.split("/")
    response["ETag"] = etag(etag_hash, format_name)
    response["Cache-Control"] = IMMUTABLE
    set_tags(response, [f"bucket:{bucket}", f"image:{original}"])
    return response
