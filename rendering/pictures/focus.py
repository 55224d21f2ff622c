"""The focus of an original: detected once for each version, stored beside its derivatives, and shared by all of them.

Where a detector fails another stands in for it, and in the end edges do. Neither a stand-in's focus nor a picture made
with it is stored.
"""

import json
import logging

from msgspec import Struct

from .. import conf, trace
from ..imaging import documents
from ..imaging.errors import PictureError
from ..imaging.focus.faces import Focus
from ..imaging.focus.smart import REKOGNITION, Smart
from ..imaging.recipe import Recipe
from ..storage.errors import StorageError
from ..workers import pool
from ..workers.jobs import Find
from ..workers.looking import Look, Seen
from . import derivative_store
from .originals import Original, hash_of

logger = logging.getLogger(__name__)

#: The most bytes of a stored focus: a hundred faces and a grid of edges take less.
MOST = 64 * 1024


class Search(Struct, frozen=True):
    """How the focus of an original is to be come by in a job, and what becomes of it."""

    look: Look
    #: The name under which a focus that is found has to be stored. Empty if it must not be, or is already.
    keep_as: str = ""
    #: Whether whatever is found is a stand-in's, because the detector has failed.
    stand_in: bool = False

    def settle(self, seen: Seen | None) -> bool:
        """Store what a job has found. Returns whether a stand-in found it."""
        if seen is None:
            return False
        stand_in = seen.new and (self.stand_in or seen.stand_in)
        if seen.new and self.keep_as and not stand_in:
            with trace.stage("focus"):
                _keep(self.keep_as, seen.focus)
        return stand_in


def name_of(original: Original, detector: str) -> str:
    """The name of a stored focus. It holds the detector's, so that each detector has a file of its own."""
    return f"{original.bucket.name}/{hash_of(original.bucket, original.key)}/{original.version}.focus-{detector}.json"


def of(original: Original, content: bytes, smart: Smart) -> Seen:
    """Find what a settled recipe's smart crop keeps in sight of an original, in whatever size, and store it.

    That is the focus that a person set, else the stored one, else what the detector finds now. Raises PictureError if
    the original cannot be read, and Busy.
    """
    searched = search(original, content, smart, None)
    seen, _ = pool.run(Find(limits=conf.limits(), look=searched.look), content)
    return Seen(seen.focus, seen.new, searched.settle(seen))


def search(original: Original, content: bytes, smart: Smart, recipe: Recipe | None) -> Search:
    """How to come by the focus of an original for a settled recipe, or for any if it is None.

    The detector of this process looks within the job; another one is asked here. Raises PictureError, and Busy.
    """
    if smart.focus:
        return Search(Look(known=smart.focus))
    name = name_of(original, smart.detector)
    trace.note(detector=smart.detector)
    with trace.stage("focus"):
        if kept := _kept(name):
            return Search(Look(known=kept)) if kept.is_current else Search(Look(found=kept), keep_as=name)
        if smart.detector != REKOGNITION:
            return Search(Look(smart.detector), keep_as=name)
        return _ask_rekognition(content, recipe, name)


def _ask_rekognition(content: bytes, recipe: Recipe | None, name: str) -> Search:
    from . import rekognition  # here, because boto3 takes a fifth of a second to import

    here = Look(conf.local_detector())
    try:
        faces = rekognition.detect(content, recipe)
    except rekognition.Failed as error:
        logger.error("rekognition failed", extra={"facts": {"error": str(error)}})
        return Search(here, stand_in=True)
    if faces is None:  # it never accepts this picture, so the local detector is not a stand-in
        return Search(here, keep_as=name)
    return Search(Look(found=Focus(REKOGNITION, faces)), keep_as=name)


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
