"""What a recipe asks of a smart crop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from .faces import Focus

#: The detector that a recipe may name: it is asked over the network, and has its price.
REKOGNITION = "rekognition"

#: What is kept around a face, in parts of its sides, where nothing is said of it.
PADDING = 0.15


@dataclass(frozen=True, slots=True)
class Smart:
    """Keep the faces in sight; without any, the part with most detail."""

    #: Who looks for them; empty: the deployment's own choice. A focus that is given needs none.
    detector: str = ""
    #: What is kept around a face, in parts of its sides, where there is room.
    padding: float = PADDING
    #: Only the largest face counts.
    largest: bool = False
    #: Cut the picture to the faces, as close as the padding says, before all else.
    zoom: bool = False
    #: What a person says is to be kept in sight, instead of what a detector would find.
    focus: Focus | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "detector": self.detector,
            "padding": self.padding,
            "largest": self.largest,
            "zoom": self.zoom,
            "focus": self.focus.to_json() if self.focus else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | bool) -> Self:
        """Read what `to_json` wrote, or the mere `true` of earlier documents."""
        if isinstance(data, bool):
            return cls()
        focus = data.get("focus")
        return cls(
            data.get("detector", ""),
            data.get("padding", PADDING),
            data.get("largest", False),
            data.get("zoom", False),
            Focus.from_json(focus) if focus else None,
        )
