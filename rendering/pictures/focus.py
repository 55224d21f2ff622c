"""The focus of an original: detected once for each version, stored beside its derivatives, and shared by all of them.

Where a detector fails another stands in for it, and in the end edges do. Neither a stand-in's focus nor a picture made
with it is stored.
"""

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .. import conf, trace
from ..imaging import documents
from ..imaging.errors import PictureError
from ..imaging.focus import edges
from ..imaging.focus.faces import Focus
from ..imaging.focus.smart import REKOGNITION, Smart
from ..storage.errors import StorageError
from . import derivative_store
from .originals import Original, hash_of
from .slots import Busy, slot

if TYPE_CHECKING:
    from ..imaging.reading.opened import Opened  # Pillow's plugins, which a kept focus does without

logger = logging.getLogger(__name__)

#: The most bytes of a stored focus: a hundred faces and a grid of edges take less.
MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Sight:
    """A focus, and whether a stand-in found it because the detector failed."""

    focus: Focus
    stand_in: bool = False
    #: The name under which it still has to be stored. Empty if it is stored already, or must not be.
    keep_as: str = ""


def name_of(original: Original, detector: str) -> str:
    """The name of a stored focus. It holds the detector's, so that each detector has a file of its own."""
    return f"{original.bucket.name}/{hash_of(original.bucket, original.key)}/{original.version}.focus-{detector}.json"


def of(original: Original, opened: "Opened", smart: Smart) -> Sight:
    """Find the focus as `look` does, and store it. Raises as `look` does."""
    seen = look(original, opened, smart)
    keep(seen)
    return seen


def look(original: Original, opened: "Opened", smart: Smart) -> Sight:
    """Find what a settled recipe's smart crop keeps in sight of an original.

    That is the focus that a person set, else the stored one, else what the detector finds now, which the caller has to
    `keep`. Raises PictureError if the original cannot be read, and Busy.
    """
    if smart.focus:
        return Sight(smart.focus)
    name = name_of(original, smart.detector)
    trace.note(detector=smart.detector)
    with trace.stage("focus"):
        if kept := _kept(name):
            return Sight(kept)
        seen = _found(opened, smart.detector)
        return seen if seen.stand_in else replace(seen, keep_as=name)


def keep(seen: Sight) -> None:
    """Store a focus that still has to be stored. Logs an error if that fails."""
    if seen.keep_as:
        with trace.stage("focus"):
            _keep(seen.keep_as, seen.focus)


def _kept(name: str) -> Focus | None:
    try:
        stored = derivative_store.read(name, MOST)
        return documents.read(json.loads(stored.content), Focus) if stored else None
    except (StorageError, PictureError, ValueError, RecursionError) as error:
        # It can be detected again.
        logger.error("focus not read", extra={"facts": {"focus": name, "error": str(error)}})
        return None


def _keep(name: str, focus: Focus) -> None:
    try:
        derivative_store.write(name, documents.encode(focus), "application/json")
    except StorageError as error:
        logger.error("focus not kept", extra={"facts": {"focus": name, "error": str(error)}})


def _found(opened: "Opened", detector: str) -> Sight:
    if detector != REKOGNITION:
        return _found_here(opened, detector)
    from . import rekognition  # here, because boto3 takes a fifth of a second to import

    try:
        faces = rekognition.detect(opened)
    except rekognition.Failed as error:
        logger.error("rekognition failed", extra={"facts": {"error": str(error)}})
        return replace(_found_here(opened, conf.local_detector()), stand_in=True)
    if faces is None:  # it never accepts this picture, so the local detector is not a stand-in
        return _found_here(opened, conf.local_detector())
    from ..imaging.pipeline import sight

    with slot(opened.release):
        detail = sight.detect(opened, edges.NAME).edges
    return Sight(Focus(REKOGNITION, faces, detail))


def _found_here(opened: "Opened", detector: str) -> Sight:
    from ..imaging.pipeline import sight

    with slot(opened.release):
        try:
            return Sight(sight.detect(opened, detector))
        except (PictureError, Busy):
            raise
        except Exception:  # a detector may raise anything
            logger.exception("detector failed", extra={"facts": {"detector": detector}})
            return Sight(sight.detect(opened, edges.NAME), stand_in=True)
