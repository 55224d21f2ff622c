"""The focus of an original, as a value: its faces, and where it has detail.

All boxes are in fractions (0 to 1) of the sides of the upright original, so that a focus serves every size of it.
"""

from typing import Self

from msgspec import UNSET, Struct, UnsetType

from .. import documents
from ..box import Box
from .edges import MEASURE, Edges

#: Decimal places of boxes and confidences: a hundredth of a pixel in most originals.
PLACES = 5

#: The detector's name in a focus that a person set.
PERSON = "person"


class Face(Struct, frozen=True):
    """A face, or whatever else is to be kept in sight. `confidence` is from 0 to 1."""

    #: In fractions of the sides.
    box: Box
    confidence: documents.Share = 1.0

    def __post_init__(self) -> None:
        if not self.box.fractions:
            raise ValueError(f"{self.box} is not the box of a face; it must be in fractions of the sides")

    @classmethod
    def at(cls, left: float, top: float, right: float, bottom: float, confidence: float = 1.0) -> Self | None:
        """A face at these sides, in fractions of the picture's, cut to the picture. None if it is entirely outside.

        Detectors give boxes that extend beyond the picture.
        """
        left, top, right, bottom = (round(min(max(side, 0.0), 1.0), PLACES) for side in (left, top, right, bottom))
        if left >= right or top >= bottom:
            return None
        return cls(Box(left, top, right, bottom, fractions=True), round(min(max(confidence, 0.0), 1.0), PLACES))


class Focus(Struct, frozen=True):
    """What to keep in sight of an original, and the detector that found it, or PERSON."""

    detector: str
    faces: tuple[Face, ...]
    #: The picture's detail. None if edges were not detected, or there are none.
    edges: Edges | None = None
    #: The way in which the detail was measured. Unset if it was not, or before there was more than one way.
    measure: int | UnsetType = UNSET

    @property
    def is_current(self) -> bool:
        """Whether its detail was measured as it would be now."""
        return self.measure == MEASURE
