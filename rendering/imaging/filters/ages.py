"""Filters that set how long the response may be cached."""

from typing import Annotated

from msgspec.structs import replace

from ..parameters import Integer
from .grammar.lifetime import Lifetime

YEAR = 365 * 24 * 60 * 60


def max_age(lifetime: Lifetime, seconds: Annotated[int, Integer(0, YEAR)]) -> Lifetime:
    """Let caches keep the answer for this many seconds; 0 disables caching."""
    return replace(lifetime, max_age=seconds)


def expire(lifetime: Lifetime, moment: Annotated[int, Integer(0, 99_999_999_999)]) -> Lifetime:
    """Refuse the URL from this Unix time on, in seconds; of several, the first counts."""
    return replace(lifetime, expires=moment if lifetime.expires is None else min(lifetime.expires, moment))
