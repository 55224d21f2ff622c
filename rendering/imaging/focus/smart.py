"""Smart crops, as recipes ask for them."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from .. import documents
from . import edges, yunet
from .faces import Focus

#: The name of Amazon Rekognition as a detector. It is used over the network, and paid for.
REKOGNITION = "rekognition"

#: The default padding around a face, in fractions of its sides.
PADDING = 0.15


#: All detectors, by the names that recipes and settled recipes give them.
DETECTORS = "|".join(re.escape(name) for name in (REKOGNITION, yunet.NAME, edges.NAME))
Detector = Annotated[str, Meta(pattern=rf"^(?:{DETECTORS})?\Z")]


class Smart(Struct, frozen=True):
    """Keep faces in sight or, if there are none, the part with the most detail."""

    #: The detector of faces. If empty, the deployment chooses; `focus` makes it unnecessary.
    detector: Detector = ""
    #: Padding to keep around each face where there is space, in fractions of its sides.
    padding: documents.Padding = PADDING
    #: Keep only the largest face in sight.
    largest: bool = False
    #: First crop to the faces, as close as the padding allows.
    zoom: bool = False
    #: A focus that a person set. It replaces what a detector would find.
    focus: Focus | None = None
