"""Notes on a derivative: sentences that are stored with its bytes and served as headers.

All notes of a derivative are one ASCII text (`storage.interface.Stored.note`). Where a CDN serves stored derivatives
without us, edge/viewer_response.js reads it.
"""

from typing import Self

from msgspec import Struct

#: The prefix of `oversize`, and the separator of two notes. No note contains either.
OVERSIZE, BETWEEN = "over-max-bytes: ", " | "


class Notes(Struct, frozen=True):
    """Both are empty for most derivatives. `str()` is the text, and `read` its inverse."""

    #: Why an animation is shown as its first frame.
    flattened: str = ""
    #: Why the file is larger than `max_bytes`.
    oversize: str = ""

    def __str__(self) -> str:
        return BETWEEN.join(filter(None, [self.flattened, self.oversize and OVERSIZE + self.oversize]))

    @classmethod
    def read(cls, text: str) -> Self:
        flattened, _, oversize = text.partition(OVERSIZE)
        return cls(flattened.removesuffix(BETWEEN), oversize)
