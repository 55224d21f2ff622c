"""What is found in an original: faces, and where there is detail. Values, and documents of them.

All boxes are in parts of the sides (0 to 1) of the upright original, so that a focus serves every size of it.
"""

from typing import Self

from msgspec import Struct

from .. import documents
from ..box import Box
from .edges import Edges

#: Decimal places of boxes and confidences: a hundredth of a pixel in most originals.
PLACES = 5

#: The detector's name in a focus that a person set.
PERSON = "person"


class Face(Struct, frozen=True):
    """A face, or whatever else is to be kept whole. `confidence` is from 0 to 1."""

    #: In parts of the sides.
    box: Box
    confidence: documents.Share = 1.0

    def __post_init__(self) -> None:
        if not self.box.fractions:
            raise ValueError(f"{self.box} is no face's box: that is in parts of the sides")

    @classmethod
    def at(cls, left: float, top: float, right: float, bottom: float, confidence: float = 1.0) -> Self | None:
        """The face in that box, in parts of the sides, cut to the picture; None when nothing of it is inside.

        Detectors give boxes that reach beyond the picture.
        """
        left, top, right, bottom = (round(min(max(side, 0.0), 1.0), PLACES) for side in (left, top, right, bottom))
        if left >= right or top >= bottom:
            return None
        return cls(Box(left, top, right, bottom, fractions=True), round(min(max(confidence, 0.0), 1.0), PLACES))


class Focus(Struct, frozen=True):
    """What one original has to keep in sight, and which detector, or PERSON, says so."""

    detector: str
    faces: tuple[Face, ...]
    #: Where there is detail; None where nobody looked, or the picture has none.
    edges: Edges | None = None
