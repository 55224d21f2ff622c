"""What a recipe asks of a smart crop."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from .. import documents
from . import edges, yunet
from .faces import Focus

#: The detector that a recipe may name: it is asked over the network, and has its price.
REKOGNITION = "rekognition"

#: What is kept around a face, in parts of its sides, where nothing is said of it.
PADDING = 0.15


#: Those there are, as recipes and settled recipes name them.
DETECTORS = "|".join(re.escape(name) for name in (REKOGNITION, yunet.NAME, edges.NAME))
Detector = Annotated[str, Meta(pattern=rf"^(?:{DETECTORS})?\Z")]


class Smart(Struct, frozen=True):
    """Keep the faces in sight; without any, the part with most detail."""

    #: Who looks for them; empty: the deployment's own choice. A focus that is given needs none.
    detector: Detector = ""
    #: What is kept around a face, in parts of its sides, where there is room.
    padding: documents.Padding = PADDING
    #: Only the largest face counts.
    largest: bool = False
    #: Cut the picture to the faces, as close as the padding says, before all else.
    zoom: bool = False
    #: What a person says is to be kept in sight, instead of what a detector would find.
    focus: Focus | None = None
