"""What a recipe asks of a smart crop."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Self, TypedDict

from msgspec import Meta

from .. import stored
from . import edges, yunet
from .faces import Focus

#: The detector that a recipe may name: it is asked over the network, and has its price.
REKOGNITION = "rekognition"

#: What is kept around a face, in parts of its sides, where nothing is said of it.
PADDING = 0.15


#: Those there are, as recipes and settled recipes name them.
DETECTORS = "|".join(re.escape(name) for name in (REKOGNITION, yunet.NAME, edges.NAME))
Detector = Annotated[str, Meta(pattern=rf"^(?:{DETECTORS})?\Z")]


class StoredSmart(TypedDict, total=False):
    """What `Smart.to_json` writes."""

    detector: Detector
    padding: stored.Padding
    largest: bool
    zoom: bool
    focus: dict[str, Any] | None


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
    def from_json(cls, data: object) -> Self:
        """Read what `to_json` wrote, or the mere `true` of earlier documents. Raises BadDocument."""
        if data is True:
            return cls()
        said = stored.read(data, StoredSmart)
        focus = said.get("focus")
        return cls(
            said.get("detector", ""),
            said.get("padding", PADDING),
            said.get("largest", False),
            said.get("zoom", False),
            None if focus is None else Focus.from_json(focus),
        )
