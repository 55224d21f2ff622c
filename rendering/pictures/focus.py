"""The focus of an original: found once for each of its versions, kept beside its derivatives, shared by all of them.

A detector that fails is stood in for by the next one, and by edges in the end. What a stand-in saw is not kept, nor is
a picture that was made by it.
"""

import json
import logging
from dataclasses import dataclass, replace

from .. import conf, trace
from ..imaging.errors import PictureError
from ..imaging.focus import edges
from ..imaging.focus.faces import Focus
from ..imaging.focus.smart import REKOGNITION, Smart
from ..storage.errors import StorageError
from . import derivative_store
from .originals import Original, hash_of
from .slots import Busy, slot

logger = logging.getLogger(__name__)

#: Bytes of the largest file that can be a focus: a hundred faces and a grid of edges.
MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Sight:
    """A focus, and whether it was found by a stand-in for the detector that should have looked."""

    focus: Focus
    stand_in: bool = False


def name_of(original: Original, detector: str) -> str:
    """Where a focus is kept: the detector is in the name, so another's is another file."""
    return f"{original.bucket.name}/{hash_of(original.bucket, original.key)}/{original.version}.focus-{detector}.json"


def of(original: Original, content: bytes, smart: Smart) -> Sight:
    """What a settled recipe's smart crop keeps in sight of an original, whose bytes are given: what a person set, else
    what is kept, else what the crop's detector finds, which is then kept. Raises PictureError for what the original is,
    and Busy."""
    if smart.focus:
        return Sight(smart.focus)
    name = name_of(original, smart.detector)
    trace.note(detector=smart.detector)
    with trace.stage("focus"):
        if kept := _kept(name):
            return Sight(kept)
        seen = _found(content, smart.detector)
        if not seen.stand_in:
            _keep(name, seen.focus)
        return seen


def _kept(name: str) -> Focus | None:
    try:
        stored = derivative_store.read(name, MOST)
        return Focus.from_json(json.loads(stored.content)) if stored else None
    except (StorageError, PictureError, ValueError, RecursionError) as error:
        # It can be found again.
        logger.error("focus not read", extra={"facts": {"focus": name, "error": str(error)}})
        return None


def _keep(name: str, focus: Focus) -> None:
    content = json.dumps(focus.to_json(), separators=(",", ":")).encode()
    try:
        derivative_store.write(name, content, "application/json")
    except StorageError as error:
        logger.error("focus not kept", extra={"facts": {"focus": name, "error": str(error)}})


def _found(content: bytes, detector: str) -> Sight:
    if detector != REKOGNITION:
        return _found_here(content, detector)
    from . import rekognition  # boto3 costs a fifth of a second, which others need not pay

    try:
        faces = rekognition.detect(content)
    except rekognition.Failed as error:
        logger.error("rekognition failed", extra={"facts": {"error": str(error)}})
        return replace(_found_here(content, conf.local_detector()), stand_in=True)
    if faces is None:  # it does not take such a picture, today or tomorrow: no stand-in but the better choice
        return _found_here(content, conf.local_detector())
    from ..imaging.pipeline import sight

    with slot():
        detail = sight.found(content, conf.limits(), edges.NAME).edges
    return Sight(Focus(REKOGNITION, faces, detail))


def _found_here(content: bytes, detector: str) -> Sight:
    from ..imaging.pipeline import sight  # Pillow's plugins, which a kept focus does without

    with slot():
        try:
            return Sight(sight.found(content, conf.limits(), detector))
        except (PictureError, Busy):
            raise
        except Exception:  # whatever a library that was not made for this one raises
            logger.exception("detector failed", extra={"facts": {"detector": detector}})
            return Sight(sight.found(content, conf.limits(), edges.NAME), stand_in=True)
