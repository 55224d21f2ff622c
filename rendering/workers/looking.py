"""How a job comes by the focus of an original: it is known, or found by a detector of the process that does the job."""

import logging
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ..imaging.focus import edges
from ..imaging.focus.faces import Focus
from ..imaging.recipe import Recipe

if TYPE_CHECKING:
    from ..imaging.reading.opened import Opened

logger = logging.getLogger(__name__)


class Look(Struct, frozen=True):
    """How to come by the focus of an original, if the crop needs one."""

    #: The detector that finds it in the process that does the job: yunet.NAME or edges.NAME.
    detector: str = ""
    #: The focus, if it is known: a person set it, or it was found before.
    known: Focus | None = None
    #: The focus but for its edges, if the faces were found elsewhere, or before edges were measured as they are now.
    found: Focus | None = None


class Seen(Struct, frozen=True):
    """The focus of an original. `new` says that it was found just now, and `stand_in` that the detector failed and
    another one found it."""

    focus: Focus
    new: bool = False
    stand_in: bool = False


def see(original: "Opened", recipe: Recipe, look: Look | None) -> Seen | None:
    """The focus of an original, if a recipe needs it. Raises PictureError."""
    from ..imaging.pipeline.sight import wants_focus

    return find(original, look) if look and wants_focus(original, recipe) else None


def find(original: "Opened", look: Look) -> Seen:
    """The focus of an original: as it is known, or found now. Raises PictureError."""
    from ..imaging.errors import PictureError
    from ..imaging.pipeline import sight

    if look.known:
        return Seen(look.known)
    detect = partial(sight.detect, original)
    if look.found:
        return Seen(replace(detect(edges.NAME), detector=look.found.detector, faces=look.found.faces), new=True)
    try:
        return Seen(detect(look.detector), new=True)
    except (PictureError, MemoryError):
        raise
    except Exception:  # a detector may raise anything
        logger.exception("detector failed", extra={"facts": {"detector": look.detector}})
        return Seen(detect(edges.NAME), new=True, stand_in=True)
