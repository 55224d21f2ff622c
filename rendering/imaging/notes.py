"""What is said of a picture beside its bytes, wherever these go: sentences, and how they stand in one text of ASCII.

The text is kept with a derivative (`storage.interface.Stored.note`). edge/viewer_response.js reads it where a CDN
serves the kept one without us.
"""

from dataclasses import dataclass
from typing import Self

#: Before the sentence of `oversize`, and between two of them. No sentence holds these.
OVERSIZE, BETWEEN = "over-max-bytes: ", " | "


@dataclass(frozen=True, slots=True)
class Notes:
    #: Why the first frame stands for an animation, if it does.
    flattened: str = ""
    #: Why the picture has more bytes than `max_bytes` allows, if it has.
    oversize: str = ""

    def __str__(self) -> str:
        return BETWEEN.join(filter(None, [self.flattened, self.oversize and OVERSIZE + self.oversize]))

    @classmethod
    def read(cls, text: str) -> Self:
        flattened, _, oversize = text.partition(OVERSIZE)
        return cls(flattened.removesuffix(BETWEEN), oversize)
