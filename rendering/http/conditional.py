"""ETags and conditional requests (RFC 9110, section 13).

An ETag carries the picture's format, because a 304 needs a Content-Type and the picture has not been read. Gateways
invent one otherwise, and caches believe it.
"""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from ..imaging.encoding import MEDIA_TYPES

FORMAT_OF_TYPE = {media_type: name for name, media_type in MEDIA_TYPES.items()}


def hash_for_etag(key: str) -> str:
    """The part of a derivative's ETags that all its formats share: 20 hexadecimal digits, known before it is made."""
    return sha256(key.encode()).hexdigest()[:20]


def etag(etag_hash: str, format_name: str) -> str:
    """The value of an ETag header, quoted."""
    return f'"{etag_hash}.{format_name}"'


def cached_format(request: HttpRequest, etag_hash: str) -> str:
    """The format of the client's copy, if its ETag says that it is this derivative; else an empty string."""
    for sent in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        tag, _, format_name = sent.removeprefix("W/").strip('"').partition(".")
        if tag == etag_hash and format_name in MEDIA_TYPES:
            return format_name
    return ""


def matches_anything(request: HttpRequest) -> bool:
    """Whether the client has some copy and wants no other: `If-None-Match: *` (RFC 9110, 13.1.2)."""
    return bool(request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*")


def not_modified(response: HttpResponse) -> HttpResponse:
    """A 304 with the headers of the response that it stands for."""
    unmodified = HttpResponseNotModified()
    for name, value in response.items():  # Content-Type, too, which Django sets only on construction
        unmodified[name] = value
    return unmodified
