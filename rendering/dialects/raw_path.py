"""The raw path of a URL, read and written in one place.

Keys and signatures need the path as the client sent it: Django's `path_info` is decoded, and has invalid bytes
rewritten. Servers hand the raw one on under names of their own; none of these can be set by a client's header.
"""

from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.http import HttpRequest

from ..names import wrong_with_key
from .signing import SAFE

#: gunicorn's name for it, which is also that of imageservice/api_gateway.py on Lambda; and uWSGI's and mod_wsgi's.
NAMES = ("RAW_URI", "REQUEST_URI")


class BadPath(Exception):
    """The path cannot be a key. The message is public."""

    code = "bad_path"


def raw_path(request: HttpRequest) -> str:
    """The path still percent-encoded, without its leading / and without the query."""
    for name in NAMES:
        if uri := request.META.get(name):
            # absolute-form, as in GET http://host/path, is legal and what proxies send
            path = uri if uri.startswith("/") else urlsplit(uri).path
            return str(path).split("?", 1)[0].removeprefix("/")
    # A server that keeps the raw path to itself, as Django's test client does.
    return quote(request.path_info, safe=SAFE).removeprefix("/")


def raw_query(request: HttpRequest) -> str:
    """What stands behind the path, still percent-encoded. Only URLs of AWS's image handler mean anything by it."""
    return str(request.META.get("QUERY_STRING", ""))


def decoded(raw: str) -> str:
    """The path percent-decoded, once, never normalised. Raises BadPath when it is no UTF-8."""
    try:
        return unquote_to_bytes(raw).decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise BadPath("The path is not valid UTF-8 once its percent-escapes are decoded") from None


def path_of(alias: str, key: str, dpr: float = 1) -> str:
    """The path of an alias's URL, with its leading /: what `Catalogue.find` reads as just these."""
    # Of what a path may hold as it is, only / is left so: a + is a space to some, and an @ is seen to be the key's.
    return f"/{alias}{'' if dpr == 1 else f'@{dpr:g}x'}/{quote(key, safe='/')}"


def check_key(key: str) -> None:
    """Raise BadPath for what can be no original's key, before any storage is asked."""
    if wrong := wrong_with_key(key):
        raise BadPath(wrong)
