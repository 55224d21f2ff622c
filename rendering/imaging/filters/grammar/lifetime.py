"""How long a response may be cached, as far as the filters of a URL say. It does not change the picture or its key."""

from msgspec import Struct


class Lifetime(Struct, frozen=True):
    """`max_age` in seconds, and the Unix time in seconds at which the URL `expires`. None if no filter sets it."""

    max_age: int | None = None
    expires: int | None = None
