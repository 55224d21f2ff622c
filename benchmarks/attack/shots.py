"""A shot: one request, or many at once, with what is expected of the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from . import asking


class Kind(StrEnum):
    """What is shot: the rows of the table."""

    FILE = "file"
    PATH = "path"
    KEY = "key"
    COST = "cost"
    CROWD = "crowd"
    SLOW = "slow misses"


class Wanted(StrEnum):
    """What the answer may be."""

    #: A picture, or an error that says what is wrong with the request or the file.
    ANYTHING = "anything"
    #: A picture.
    PICTURE = "picture"
    #: An error that says what is wrong with the request.
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Shot:
    """The requests of one entry of the report."""

    kind: Kind
    name: str
    requests: tuple[bytes, ...]
    wanted: Wanted = Wanted.ANYTHING
    #: The most pixels that a side of the picture may have.
    largest: int | None = None
    #: What no answer may contain.
    forbidden: tuple[str, ...] = ()
    #: Whether the request is no HTTP, so that the server may close the connection or answer 501 or 505.
    malformed: bool = False

    @property
    def headless(self) -> bool:
        """Whether the answer has no body, because only its headers were asked for."""
        return self.requests[0].startswith(b"HEAD ")


@dataclass(frozen=True)
class Outcome:
    """What a shot did to the service."""

    shot: Shot
    statuses: Mapping[str, int]
    #: CPU seconds of a request; of a crowd: the mean.
    processor: float
    #: Seconds to the last answer.
    seconds: float
    #: Bytes above idle, at the peak.
    memory: int
    #: Seconds of the slowest health check or kept picture meanwhile.
    health: float
    flags: Mapping[str, str] = field(default_factory=dict)


def get(kind: Kind, name: str, path: str, wanted: Wanted = Wanted.ANYTHING, largest: int | None = None) -> Shot:
    return Shot(kind, name, (asking.compose(path),), wanted, largest)
