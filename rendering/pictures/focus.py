"""The focus of an original: found once for each of its versions, kept beside its derivatives, shared by all of them.

A detector that fails is stood in for by the next one, and by edges in the end. What a stand-in saw is not kept, nor is
a picture that was made by it.
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

#: Bytes of the largest file that can be a focus: a hundred faces and a grid of edges.
MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Sight:
    """A focus, and whether it was found by a stand-in for the detector that should have looked."""

    focus: Focus
    stand_in: bool = False
    #: The name under which it still has to be kept; empty where it is, or is not to be.
    keep_as: str = ""


def name_of(original: Original, detector: str) -> str:
    """Where a focus is kept: the detector is in the name, so another's is another file."""
    return f"{original.bucket.name}/{hash_of(original.bucket, original.key)}/{original.version}.focus-{detector}.json"


def of(original: Original, opened: "Opened", smart: Smart) -> Sight:
    """What `look` finds, kept. Raises as it does."""
    seen = look(original, opened, smart)
    keep(seen)
    return seen


def look(original: Original, opened: "Opened", smart: Smart) -> Sight:
    """What a settled recipe's smart crop keeps in sight of an original: what a person set, else what is kept, else what
    the crop's detector finds, which is then to be kept. Raises PictureError for what the original is, and Busy."""
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
    """Keep what was found, if that is still to be done. Where it cannot be kept, the log has why."""
    if seen.keep_as:
        with trace.stage("focus"):
            _keep(seen.keep_as, seen.focus)


def _kept(name: str) -> Focus | None:
    try:
        stored = derivative_store.read(name, MOST)
        return documents.read(json.loads(stored.content), Focus) if stored else None
    except (StorageError, PictureError, ValueError, RecursionError) as error:
        # It can be found again.
        logger.error("focus not read", extra={"facts": {"focus": name, "error": str(error)}})
        return None


def _keep(name: str, focus: Focus) -> None:
    try:
        derivative_store.write(name, documents.encoded(focus), "application/json")
    except StorageError as error:
        logger.error("focus not kept", extra={"facts": {"focus": name, "error": str(error)}})


def _found(opened: "Opened", detector: str) -> Sight:
    if detector != REKOGNITION:
        return _found_here(opened, detector)
    from . import rekognition  # boto3 costs a fifth of a second, which others need not pay

    try:
        faces = rekognition.detect(opened)
    except rekognition.Failed as error:
        logger.error("rekognition failed", extra={"facts": {"error": str(error)}})
        return replace(_found_here(opened, conf.local_detector()), stand_in=True)
    if faces is None:  # it does not take such a picture, today or tomorrow: no stand-in but the better choice
        return _found_here(opened, conf.local_detector())
    from ..imaging.pipeline import sight

    with slot(opened.release):
        detail = sight.found(opened, edges.NAME).edges
    return Sight(Focus(REKOGNITION, faces, detail))


def _found_here(opened: "Opened", detector: str) -> Sight:
    from ..imaging.pipeline import sight

    with slot(opened.release):
        try:
            return Sight(sight.found(opened, detector))
        except (PictureError, Busy):
            raise
        except Exception:  # whatever a library that was not made for this one raises
            logger.exception("detector failed", extra={"facts": {"detector": detector}})
            return Sight(sight.found(opened, edges.NAME), stand_in=True)
