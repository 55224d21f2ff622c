"""A derivative as it is served."""

from msgspec import Struct

from ..imaging.notes import Notes
from ..workers.facts import Described


class Payload(Struct, frozen=True):
    """A derivative as it is served: its bytes, its media type, and what goes into headers."""

    content: bytes
    type: str
    #: Whether the next request gets the same: false if it should have been stored and could not be, or is a stand-in's.
    lasting: bool
    notes: Notes = Notes()
    #: Whether a stand-in replaced a detector that failed. The picture is then not the one that its key stands for.
    stand_in: bool = False
    #: What was found of a picture that was described while it was rendered.
    described: Described | None = None
