"""How long an answer may be kept, as far as a URL itself says so. No part of the picture, and none of its key."""

from msgspec import Struct


class Lifetime(Struct, frozen=True):
    """`max_age` in seconds; `expires` in seconds since 1970, after which the URL is refused. None: not said."""

    max_age: int | None = None
    expires: int | None = None
