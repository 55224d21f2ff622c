"""The raw path of a URL, read and written in one place.

Keys and signatures need the path as the client sent it. Django's `path_info` is percent-decoded, with invalid bytes
replaced. Servers pass the raw path under names of their own, which no client can set by a header.
"""

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.http import HttpRequest

from ..catalogue.descriptor import OWN, Descriptor
from ..names import wrong_with_key

#: What clients leave unescaped.
SAFE = "/:@!$&'()*+,;=~-._"
#: One character of a raw path; of an escaped one, a byte.
CHARACTER = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
#: What gunicorn calls it, and imageservice/api_gateway.py on Lambda; then uWSGI and mod_wsgi.
NAMES = ("RAW_URI", "REQUEST_URI")


class BadPath(Exception):
    """The path cannot be a key. The message is public."""

    code = "bad_path"


def raw_path(request: HttpRequest) -> str:
    """The path of a request, still percent-encoded, without its leading / and its query."""
    for name in NAMES:
        if uri := request.META.get(name):
            # absolute-form, as in GET http://host/path, is legal and what proxies send
            path = uri if uri.startswith("/") else urlsplit(uri).path
            return str(path).split("?", 1)[0].removeprefix("/")
    # The server does not pass the raw path; Django's test client does not.
    return quote(request.path_info, safe=SAFE).removeprefix("/")


def raw_query(request: HttpRequest) -> str:
    """The query of a request, still percent-encoded. Only URLs of AWS's image handler use it."""
    return str(request.META.get("QUERY_STRING", ""))


def decode(raw: str) -> str:
    """Percent-decode a path, once, and never normalise it. Raises BadPath if the result is not UTF-8."""
    try:
        return unquote_to_bytes(raw).decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise BadPath("The path is not valid UTF-8 once it is percent-decoded") from None


def cut(raw: str, head: str) -> tuple[str, str]:
    """A raw path in two, where its beginning, percent-decoded, is `head`."""
    position, left = 0, len(head.encode(errors="surrogateescape"))
    while left > 0 and (character := CHARACTER.match(raw, position)):
        position = character.end()
        left -= 1 if character[0].startswith("%") else len(character[0].encode(errors="surrogateescape"))
    return raw[:position], raw[position:]


def path_of(alias: str, key: str, descriptor: Descriptor = OWN) -> str:
    """The path of an alias's URL, with its leading /. `Catalogue.find` reads it back."""
    # Of the characters that a path may hold unescaped, only / is left: some clients read + as a space, and an @ in the
    # key must not look like the alias's ratio or width.
    return f"/{alias}{descriptor.suffix}/{quote(key, safe='/')}"


def check_key(key: str) -> None:
    """Raise BadPath if no original can have that key. No storage is asked."""
    if wrong := wrong_with_key(key):
        raise BadPath(wrong)
