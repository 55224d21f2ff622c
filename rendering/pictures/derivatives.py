"""Derivatives: the key of each, computed before it is rendered; finding stored ones, rendering and storing new ones.

A key is a pure function of everything that decides the pixels, so a stored derivative is never stale and never
overwritten with something else. Two processes that render the same derivative at once write the same bytes.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from .. import conf, trace
from ..catalogue.catalogue import Bucket
from ..imaging import renderer
from ..imaging.encoding import FORMATS, Accept, sniff
from ..imaging.errors import TooLarge
from ..imaging.focus.faces import Focus
from ..imaging.notes import Notes
from ..imaging.recipe import Recipe
from ..names import SEGMENT
from ..storage.errors import StorageError, TooLate
from ..storage.factory import configured
from . import derivative_store, focus, originals, overruled
from .originals import Original, hash_of
from .slots import Busy, NoSlot, slot

if TYPE_CHECKING:
    # Imported when a picture is rendered: a process that has just started and finds the derivative stored does not need
    # Pillow's plugins.
    from ..imaging.pipeline.render import Derivative, Fetch
    from ..imaging.reading.opened import Opened

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Work on an opened original with a settled recipe, a function that fetches overlays by path, and the focus, if any.
Work = Callable[["Opened", Recipe, "Fetch", Focus | None], T]

#: The media types of derivatives.
TYPES = {one.type for one in FORMATS.values()}

#: The Cache-Control of stored derivatives, for a CDN that serves them without us. A key never stands for other bytes.
IMMUTABLE = "public, max-age=31536000, immutable"
#: What a derivative's key looks like: see Wanted.key.
KEY = re.compile(rf"{SEGMENT}/[0-9a-f]{{32}}/[0-9a-f]{{16}}\.[0-9a-f]{{16}}")


class UnknownDerivative(Exception):
    """No derivative is stored under that key. The message is public."""

    code = "unknown_derivative"


class TooLargeToCarry(Exception):
    """The derivative is stored, but larger than the gateway can carry. The message is public."""

    code = "too_large_to_carry"


class OutOfTime(Exception):
    """The request that rendered a derivative ran out of time. Those that wait for it may have time left."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A derivative as it is served: its bytes, its media type, and what goes into headers."""

    content: bytes
    type: str
    #: Whether the next request gets the same: false if it should have been stored and could not be, or is a stand-in's.
    lasting: bool
    notes: Notes = Notes()
    #: Whether a stand-in replaced a detector that failed. The picture is then not the one that its key stands for.
    stand_in: bool = False


@dataclass(frozen=True)
class Wanted:
    """A requested derivative: an original, a settled recipe, and the overlays that the recipe names, by path."""

    original: Original
    recipe: Recipe
    overlays: Mapping[str, Original] = field(default_factory=dict)

    @cached_property  # needed for the ETag and for the store
    def key(self) -> str:
        """`bucket/hash of the original/version.fingerprint`: a pure function of all that decides the pixels."""
        original = self.original
        versions = {path: overlay.version for path, overlay in self.overlays.items()}
        fingerprint = self.recipe.fingerprint(renderer.RENDERER, conf.limits(), versions)
        return f"{folder(original.bucket, original.key)}/{original.version}.{fingerprint}"


def want(bucket: Bucket, key: str, recipe: Recipe) -> Wanted:
    """Find the original and the overlays of a settled recipe: a HEAD for each, or none in an immutable bucket.

    A focus that a person set for the original replaces the detector of a smart crop, unless the recipe has a focus of
    its own. Raises as `originals.find` and `originals.find_overlay` do.
    """
    original = originals.find(bucket, key)
    smart = recipe.geometry.smart
    if smart and not smart.focus and (set_focus := overruled.of(bucket, key)):
        recipe = recipe.overruled(set_focus)
    return Wanted(original, recipe, {path: originals.find_overlay(bucket, path) for path in recipe.overlays})


def tag(bucket: Bucket, key: str) -> str:
    """The cache tag of every answer that is made from one original."""
    return f"image:{hash_of(bucket, key)}"


def folder(bucket: Bucket, key: str) -> str:
    """The folder of the store that holds everything made from one original."""
    return f"{bucket.name}/{hash_of(bucket, key)}"


#: The derivatives that this process is finding or rendering now, by everything that decides the outcome: the key, the
#: most bytes that can be carried, and whether the derivative is stored. A hundred requests for one missing picture
#: share one render.
underway: dict[tuple[str, int | None, bool], "Future[Payload]"] = {}
_lock = threading.Lock()


def find_or_render(
    wanted: Wanted, *, keep: bool = True, most: int | None = None, opened: "Opened | None" = None
) -> Payload:
    """Return the stored derivative, or render and store it. With `keep=False` a new one is not stored.

    `opened` is the original, if the caller has read it already. Raises TooLargeToCarry for more bytes than `most`; such
    a derivative is always stored, since it can only be had by its key. Raises Busy where time runs out, PictureError,
    StorageError, and as `originals.read` does.
    """
    name = wanted.key
    trace.note(derivative=name)
    while True:
        with _lock:
            # A request that does not store can join one that does. The other way round nothing would be stored.
            future = underway.get((name, most, True)) or underway.get((name, most, keep))
            if future is None:
                underway[name, most, keep] = Future()
                break
        try:
            with trace.stage("wait"):
                return future.result(timeout=max(trace.remaining(), 0.001))
        except OutOfTime:  # the other request began earlier, so this one may have time left
            continue
        except FutureTimeoutError:
            raise Busy("This picture is still being rendered; ask again in a moment") from None
    try:
        payload = _find(name, most) or _render_and_store(name, wanted, opened, keep=keep, most=most)
    except BaseException as error:
        finish(name, most, keep).set_exception(OutOfTime() if is_out_of_time(error) else error)
        raise
    finish(name, most, keep).set_result(payload)
    return payload


def finish(name: str, most: int | None, keep: bool) -> "Future[Payload]":
    """Take a derivative off those under way, so that no further request joins it."""
    with _lock:
        return underway.pop((name, most, keep))


def is_out_of_time(error: BaseException) -> bool:
    """Whether an error is due to this request's own deadline, so that another request might succeed."""
    return isinstance(error, NoSlot) or (isinstance(error, TooLate) and trace.remaining() <= 0)


def find(key: str, *, most: int | None = None) -> Payload:
    """The derivative stored under a key. Raises UnknownDerivative, and TooLargeToCarry for more bytes than `most`."""
    if found := _find(key, most):
        return found
    raise UnknownDerivative("No picture is stored under this key; ask for the picture by its alias")


def remove(folder: str) -> int:
    """Remove everything in the `folder` of one original. Returns the number of files."""
    return configured("derivatives").remove(f"{folder}/")


def render(
    bucket: Bucket, key: str, recipe: Recipe, accept: Accept = "any", opened: "Opened | None" = None
) -> "Derivative":
    """Render a derivative without storing it, for previews.

    The recipe need not be settled. `opened` is the original, if the caller has read it already. Raises as
    `find_or_render` does, except for TooLargeToCarry.
    """
    return _render(want(bucket, key, recipe.settled(accept, conf.defaults())), opened)[0]


def find_sight(wanted: Wanted, opened: "Opened") -> focus.Sight | None:
    """Find what a smart crop keeps in sight of an original, and store it with the derivatives.

    Returns None, without reading anything, for a crop that is not smart or cuts nothing off.
    """
    sight = _look(wanted, opened)
    if sight:
        focus.keep(sight)
    return sight


def _look(wanted: Wanted, opened: "Opened") -> focus.Sight | None:
    smart = wanted.recipe.geometry.smart
    if not smart:
        return None
    from ..imaging.pipeline.sight import wants_focus

    return focus.look(wanted.original, opened, smart) if wants_focus(opened, wanted.recipe) else None


def _find(name: str, most: int | None) -> Payload | None:
    with trace.stage("kept"):
        try:
            stored = derivative_store.read(name, most)
        except TooLarge:
            trace.note(kept=True)
            raise too_large_to_carry() from None
    if stored is None:
        return None
    media_type = sniff(stored.content)
    if media_type not in TYPES:
        # The service never writes such a file, so something else did. It is replaced.
        logger.error("derivative is no picture", extra={"facts": {"derivative": name}})
        return None
    trace.note(kept=True)
    return Payload(stored.content, media_type, True, Notes.read(stored.note))


def _render_and_store(name: str, wanted: Wanted, opened: "Opened | None", *, keep: bool, most: int | None) -> Payload:
    derivative, stand_in = _render(wanted, opened)
    trace.note(kept=False)
    payload = Payload(derivative.content, derivative.type, not stand_in, derivative.notes, stand_in)
    large = most is not None and len(derivative.content) > most
    if stand_in and large:
        # What is too large to be sent is served by its key, and under this key another picture belongs.
        raise Busy(
            "The detector of faces did not answer, and this picture is too large to send unstored; ask again soon"
        )
    if (not keep or stand_in) and not large:
        return payload
    try:
        with trace.stage("keep"):
            derivative_store.write(
                name,
                derivative.content,
                derivative.type,
                cache_control=IMMUTABLE,
                tag=tag(wanted.original.bucket, wanted.original.key),
                note=str(derivative.notes),
            )
    except StorageError as error:
        logger.error("derivative not kept", extra={"facts": {"derivative": name, "error": str(error)}})
        if large:
            raise
        # The viewer gets the picture all the same.
        return replace(payload, lasting=False)
    if large:
        raise too_large_to_carry()
    return payload


def too_large_to_carry() -> TooLargeToCarry:
    return TooLargeToCarry("This picture is stored, but larger than this server's gateway can carry")


def _render(wanted: Wanted, opened: "Opened | None") -> tuple["Derivative", bool]:
    from ..imaging.pipeline import render as imaging

    return _run_work(wanted, imaging.render, opened)


def run_work(wanted: Wanted, work: Work[T]) -> T:
    """Read an original and do some work on it in a slot, as rendering does. Returns what `work` returns."""
    return _run_work(wanted, work, None)[0]


def _run_work(wanted: Wanted, work: Work[T], opened: "Opened | None") -> tuple[T, bool]:
    """The same. Also returns whether a stand-in replaced the detector of faces."""
    from ..imaging.reading.opened import Opened

    opened = opened or Opened(originals.read(wanted.original), conf.limits())
    overlays = {path: originals.read_overlay(path, overlay) for path, overlay in wanted.overlays.items()}
    with opened:
        sight = _look(wanted, opened)
        try:
            # The focus is stored after this, because `work` can reuse the pixels that the detector decoded.
            with slot(opened.release), trace.stage("render"):
                result = work(opened, wanted.recipe, overlays.__getitem__, sight.focus if sight else None)
        finally:
            if sight:
                focus.keep(sight)
    return result, bool(sight and sight.stand_in)
