"""What is found in an original: faces, and where there is detail. Values, and how they stand in JSON.

All boxes are in parts of the sides (0 to 1) of the upright original, so that a focus serves every size of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..box import Box
from ..errors import BadArgument
from .edges import Edges

#: Decimal places of boxes and confidences: a hundredth of a pixel in most originals.
PLACES = 5

#: The detector's name in a focus that a person set.
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Face:
    """A face, or whatever else is to be kept whole. `confidence` is from 0 to 1."""

    box: Box
    confidence: float = 1.0

    @classmethod
    def at(cls, left: float, top: float, right: float, bottom: float, confidence: float = 1.0) -> Self | None:
        """The face in that box, in parts of the sides, cut to the picture; None when nothing of it is inside.

        Detectors give boxes that reach beyond the picture.
        """
        left, top, right, bottom = (round(min(max(side, 0.0), 1.0), PLACES) for side in (left, top, right, bottom))
        if left >= right or top >= bottom:
            return None
        return cls(Box(left, top, right, bottom, fractions=True), round(min(max(confidence, 0.0), 1.0), PLACES))

    def to_json(self) -> dict[str, Any]:
        return {"box": str(self.box), "confidence": self.confidence}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; a field that is not known is ignored. Raises ValueError with a sentence."""
        try:
            box, confidence = Box.read(data["box"]), float(data.get("confidence", 1))
        except (BadArgument, KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"{data!r} is no face: {error}") from error
        if not box.fractions or not 0 <= confidence <= 1:
            raise ValueError(f"{data!r} is no face: its box is in parts of the sides, its confidence from 0 to 1")
        return cls(box, confidence)


@dataclass(frozen=True, slots=True)
class Focus:
    """What one original has to keep in sight, and which detector, or PERSON, says so."""

    detector: str
    faces: tuple[Face, ...] = ()
    #: Where there is detail; None where nobody looked, or the picture has none.
    edges: Edges | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "detector": self.detector,
            "faces": [face.to_json() for face in self.faces],
            "edges": self.edges.to_json() if self.edges else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; a field that is not known is ignored. Raises ValueError with a sentence."""
        try:
            detector, faces, edges = data["detector"], data["faces"], data.get("edges")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is no focus: {error!r}") from error
        if not isinstance(detector, str) or not isinstance(faces, list):
            raise ValueError("This is no focus: it wants a detector's name and a list of faces")
        return cls(detector, tuple(Face.from_json(face) for face in faces), Edges.from_json(edges) if edges else None)
