"""What is found in an original: faces, and where there is detail. Values, and how they stand in JSON.

All boxes are in parts of the sides (0 to 1) of the upright original, so that a focus serves every size of it.
"""

from dataclasses import dataclass
from typing import Any, Required, Self, TypedDict

from .. import stored
from ..box import Box
from ..errors import BadArgument, BadDocument
from .edges import Edges

#: Decimal places of boxes and confidences: a hundredth of a pixel in most originals.
PLACES = 5

#: The detector's name in a focus that a person set.
PERSON = "person"


class StoredFace(TypedDict, total=False):
    """What `Face.to_json` writes."""

    box: Required[str]
    confidence: stored.Share


class StoredFocus(TypedDict, total=False):
    """What `Focus.to_json` writes."""

    detector: Required[str]
    faces: Required[list[dict[str, Any]]]
    edges: list[str] | None


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
    def from_json(cls, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadDocument."""
        said = stored.read(data, StoredFace)
        try:
            box = Box.read(said["box"])
        except BadArgument as error:
            raise BadDocument(f"{data!r} is no face: {error}") from error
        if not box.fractions:
            raise BadDocument(f"{data!r} is no face: its box is in parts of the sides")
        return cls(box, said.get("confidence", 1.0))


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
    def from_json(cls, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadDocument."""
        said = stored.read(data, StoredFocus)
        edges = said.get("edges")
        faces = tuple(Face.from_json(face) for face in said["faces"])
        return cls(said["detector"], faces, None if edges is None else Edges.from_json(edges))
