"""The derivative that was stored last, for requests whose bucket is away, where the deployment says so (SERVE_STALE).

Only the bucket could say which version of an original is the newest. So what is stored of the original is listed, and
of the derivatives with the same recipe the one counts that was written last, or whose original this process found
later. An original that was found to be missing has a mark among them, and no derivative from before it is served.
"""

import logging
import time
from collections import OrderedDict
from threading import Lock

from msgspec.structs import replace

from .. import conf, trace
from ..catalogue.bucket import Bucket
from ..imaging.recipe import Recipe
from ..storage.errors import Away, StorageError, TooLate
from ..storage.factory import configured
from . import derivative_store, derivatives, originals
from .derivatives import Wanted
from .originals import MissingOriginal, Original

logger = logging.getLogger(__name__)

#: What a bucket raises that is away. Not what says that an original is missing, forbidden, archived or overwritten.
AWAY = (Away, TooLate)
#: The most files of one original, in all versions and recipes; of one that has more, nothing is served. That is what S3
#: lists in one request.
MOST = 1000
#: The name of the mark, in the folder of an original.
GONE = "gone"
#: How many originals are remembered.
REMEMBERED = 4096

_lock = Lock()
#: The originals and overlays that were found last, and when (time.time()), by the bucket's name and the key.
_found: OrderedDict[tuple[str, str], tuple[Original, float]] = OrderedDict()


def remember(wanted: Wanted) -> None:
    """Remember which versions of an original and its overlays there are now."""
    if not conf.serve_stale():
        return
    now = time.time()
    with _lock:
        for original in (wanted.original, *wanted.overlays.values()):
            name = original.bucket.name, original.key
            _found[name] = original, now
            _found.move_to_end(name)
        while len(_found) > REMEMBERED:
            _found.popitem(last=False)


def forget() -> None:
    """Begin again as in a new process. For tests."""
    with _lock:
        _found.clear()


def find(bucket: Bucket, key: str, recipe: Recipe, error: StorageError) -> Wanted | None:
    """What was stored last of that original for a settled recipe, after its bucket has raised `error`. None if nothing
    was, if the original was missing since, or if the error is not the bucket's."""
    if not conf.serve_stale() or bucket.immutable or derivative_store.raised(error):
        return None
    recipe = derivatives.overruled_recipe(bucket, key, recipe)
    try:
        overlays = {path: find_overlay(bucket, path) for path in recipe.overlays}
        with trace.stage("kept"):
            written = files_of(bucket, key)
    except StorageError as trouble:
        logger.warning("stored pictures not looked for", extra={"facts": {"error": str(trouble)}})
        return None
    wanted = Wanted(Original(bucket, key, "", ""), recipe, overlays)
    end = f".{wanted.fingerprint}"
    moments = {name.removesuffix(end): moment for name, moment in written.items() if name.endswith(end)}
    if (known := _found.get((bucket.name, key))) and (version := known[0].version) in moments:
        moments[version] = max(moments[version], known[1])
    newest = max(moments, key=lambda version: moments[version], default="")
    if not newest or moments[newest] <= written.get(GONE, 0.0) or len(written) >= MOST:
        return None
    return replace(wanted, original=Original(bucket, key, newest, ""))


def find_overlay(bucket: Bucket, path: str) -> Original:
    """The overlay at a path; as it was found last if its bucket is away, too. Raises StorageError, and as
    `originals.find_overlay` does."""
    try:
        return originals.find_overlay(bucket, path)
    except AWAY:
        name, _, key = path.partition("/")
        if known := _found.get((name, key)):
            return known[0]
        raise


def mark_gone(bucket: Bucket, key: str, error: MissingOriginal) -> None:
    """Mark an original as missing, if that is what its bucket has just said and something is stored of it."""
    if error.__cause__ is None or not conf.serve_stale():
        return
    try:
        written = files_of(bucket, key)
        since = written.pop(GONE, 0.0)
        if written and max(written.values()) > since:
            derivative_store.write(f"{derivatives.folder(bucket, key)}/{GONE}", b"gone", "text/plain")
    except StorageError as trouble:
        logger.warning("missing original not marked", extra={"facts": {"error": str(trouble)}})


def files_of(bucket: Bucket, key: str) -> dict[str, float]:
    """When what is stored of an original was written, in seconds since 1970, by the names in its folder."""
    folder = f"{derivatives.folder(bucket, key)}/"
    return {
        name.removeprefix(folder): moment for name, moment in configured("derivatives").written(folder, MOST).items()
    }
