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
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from .. import conf, trace
from ..catalogue.catalogue import Bucket
from ..imaging import renderer
from ..imaging.encoding import Accept
from ..imaging.errors import PictureError, TooLarge
from ..imaging.notes import Notes
from ..imaging.reading.files import kinds
from ..imaging.recipe import Recipe
from ..names import SEGMENT
from ..storage.errors import StorageError, TooLate
from ..storage.factory import configured
from ..workers import refusals
from ..workers.errors import Busy, NoSeat
from ..workers.facts import Described, Rendered
from ..workers.jobs import Describe, Files, Job, Render
from ..workers.looking import Look
from . import derivative_store, jobs, originals, overruled
from .jobs import Answer
from .originals import Original, hash_of
from .payload import Payload

logger = logging.getLogger(__name__)


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


class Wanted(Struct, frozen=True, dict=True):
    """A requested derivative: an original, a settled recipe, and the overlays that the recipe names, by path."""

    original: Original
    recipe: Recipe
    overlays: Mapping[str, Original] = {}

    @cached_property  # needed for the ETag and for the store
    def key(self) -> str:
        """`bucket/hash of the original/version.fingerprint`: a pure function of all that decides the pixels."""
        original = self.original
        return f"{folder(original.bucket, original.key)}/{original.version}.{self.fingerprint}"

    @property
    def fingerprint(self) -> str:
        """Of all that decides the pixels, but for the original."""
        versions = {path: overlay.version for path, overlay in self.overlays.items()}
        return self.recipe.fingerprint(renderer.RENDERER, conf.limits(), versions)


def want(bucket: Bucket, key: str, recipe: Recipe) -> Wanted:
    """Find the original and the overlays of a settled recipe: a HEAD for each, or none in an immutable bucket.

    Raises as `originals.find` and `originals.find_overlay` do.
    """
    original = originals.find(bucket, key)
    recipe = overruled_recipe(bucket, key, recipe)
    return Wanted(original, recipe, {path: originals.find_overlay(bucket, path) for path in recipe.overlays})


def overruled_recipe(bucket: Bucket, key: str, recipe: Recipe) -> Recipe:
    """The recipe with the focus that a person set for the original in place of the detector of a smart crop, unless the
    recipe has a focus of its own."""
    smart = recipe.geometry.smart
    if smart and not smart.focus and (set_focus := overruled.of(bucket, key)):
        return recipe.overruled(set_focus)
    return recipe


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


def find_or_render(wanted: Wanted, *, keep: bool = True, most: int | None = None, describe: bool = False) -> Payload:
    """Return the stored derivative, or render and store it. With `keep=False` a new one is not stored. With
    `describe` it is described while it is at hand.

    Raises TooLargeToCarry for more bytes than `most`; such a derivative is always stored, since it can only be had by
    its key. Raises Busy where there is no time to render it, PictureError, StorageError, and as
    `originals.read` does.
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
        payload = _find(name, most) or _render_and_store(name, wanted, keep=keep, most=most, describe=describe)
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
    return isinstance(error, NoSeat) or (isinstance(error, TooLate) and trace.remaining() <= 0)


def find(key: str, *, most: int | None = None) -> Payload:
    """The derivative stored under a key. Raises UnknownDerivative, and TooLargeToCarry for more bytes than `most`."""
    if found := _find(key, most):
        return found
    raise UnknownDerivative("No picture is stored under this key; ask for the picture by its alias")


def remove(folder: str) -> int:
    """Remove everything in the `folder` of one original. Returns the number of files."""
    return configured("derivatives").remove(f"{folder}/")


def render_again(wanted: Wanted) -> Payload:
    """Render a derivative and store it in place of the one that is there, also where it was refused a moment ago.
    Raises as `find_or_render` does."""
    return _render_and_store(wanted.key, wanted, keep=True, most=None, describe=False, again=True)


def render(bucket: Bucket, key: str, recipe: Recipe, accept: Accept = "any") -> tuple[Rendered, bytes]:
    """Render a derivative without storing it, for previews: the facts of it, and its bytes.

    The recipe need not be settled. Raises as `find_or_render` does, except for TooLargeToCarry.
    """
    rendered, content, _, _ = _render(want(bucket, key, recipe.settled(accept, conf.defaults())))
    return rendered, content


def _find(name: str, most: int | None) -> Payload | None:
    with trace.stage("kept"):
        try:
            stored = derivative_store.read(name, most)
        except TooLarge:
            trace.note(kept=True)
            raise too_large_to_carry() from None
    if stored is None:
        return None
    media_type = kinds.media_type(stored.content)  # some stores do not keep a type with a file
    if not media_type:
        # The service never writes such a file, so something else did. It is replaced.
        logger.error("derivative is no picture", extra={"facts": {"derivative": name}})
        return None
    trace.note(kept=True)
    return Payload(stored.content, media_type, True, Notes.read(stored.note))


def _render_and_store(
    name: str, wanted: Wanted, *, keep: bool, most: int | None, describe: bool, again: bool = False
) -> Payload:
    judged = f"{name} {conf.limits()} {conf.max_cpu()} {conf.max_memory()}"
    if not again:
        refusals.raise_remembered(judged)
    try:
        derivative, content, stand_in, described = _render(wanted, signed=keep, describe=describe)
    except PictureError as error:
        if settled(wanted):
            refusals.remember(judged, error)
        raise
    if not settled(wanted):
        stand_in = True  # what was read may be half of the file that its version stands for
    trace.note(kept=False)
    payload = Payload(content, derivative.type, not stand_in, derivative.notes, stand_in, described)
    large = most is not None and len(content) > most
    if stand_in and large:
        # What is too large to be sent is served by its key, and under this key another picture belongs.
        raise Busy(
            "This picture is too large to send unstored, and cannot be stored: its original is just being written, or "
            "the detector of faces did not answer; ask again soon"
        )
    if (not keep or stand_in) and not large:
        return payload
    try:
        with trace.stage("keep"):
            derivative_store.write(
                name,
                content,
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


def settled(wanted: Wanted) -> bool:
    """Whether none of the files that were read may have been half-written then."""
    return all(originals.is_settled(one) for one in (wanted.original, *wanted.overlays.values()))


def too_large_to_carry() -> TooLargeToCarry:
    return TooLargeToCarry("This picture is stored, but larger than this server's gateway can carry")


def _render(
    wanted: Wanted, *, signed: bool = True, describe: bool = False
) -> tuple[Rendered, bytes, bool, Described | None]:
    """Render a derivative: the facts of it, its bytes, whether a stand-in replaced the detector of faces, and with
    `describe` what there is to say of it."""
    limits, recipe, paths = conf.limits(), wanted.recipe, tuple(wanted.overlays)
    if not describe:
        rendered, files, stand_in = do(
            wanted,
            lambda look: Render(limits=limits, recipe=recipe, overlays=paths, look=look),
            with_overlays=True,
            signed=signed,
        )
        return rendered, files[0], stand_in, None
    described, files, stand_in = do(
        wanted,
        lambda look: Describe(limits=limits, stored=False, recipe=recipe, overlays=paths, look=look),
        with_overlays=True,
        signed=signed,
    )
    assert described.rendered is not None
    return described.rendered, files[0], stand_in, described


def do(
    wanted: Wanted, job: Callable[[Look | None], Job[Answer]], *, with_overlays: bool = False, **more: Any
) -> tuple[Answer, Files, bool]:
    """Have a job done on the original of a derivative, as jobs.do says, with the overlays if it needs them."""
    overlays = wanted.overlays if with_overlays else {}
    return jobs.do(wanted.original, wanted.recipe, job, overlays=overlays, **more)
