"""Jobs on originals: a request is admitted, its original is read, its focus looked for, and a child does the job."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar

from .. import conf
from ..imaging.errors import TooLarge
from ..imaging.reading.limits import size
from ..imaging.recipe import Recipe
from ..workers import admission, pool
from ..workers.jobs import Files, Job
from ..workers.looking import Look, Seen
from . import focus, originals
from .originals import Original, hash_of


class HasSeen(Protocol):
    """The answer of a job that may have found a focus."""

    @property
    def seen(self) -> Seen | None: ...


Answer = TypeVar("Answer", bound=HasSeen)


def do(
    original: Original,
    recipe: Recipe,
    job: Callable[[Look | None], Job[Answer]],
    *,
    files: Files = (),
    overlays: Mapping[str, Original] = MappingProxyType({}),
    always: bool = False,
    signed: bool = True,
    cpu: float | None = None,
) -> tuple[Answer, Files, bool]:
    """Read an original and have a job done on it, which `job` makes of how the focus is come by, if it may be needed.

    `files` go with the job, and then the overlays. `always` says that the job finds a focus also where the crop needs
    none. `signed` is as for admission.admitted, `cpu` as for pool.run. Stores the focus that was found. Returns the
    answer, the files that go with it, and whether a stand-in replaced the detector. Raises Busy, PictureError,
    StorageError, and as `originals.read` does. The overlays' files together may be as large as one original.
    """
    smart = recipe.geometry.smart
    unique = f"{original.bucket.name}/{hash_of(original.bucket, original.key)}"
    with admission.admitted(original.bucket.name, unique, signed=signed), admission.in_memory():
        content = originals.read(original)
        files = [*files, *read_overlays(overlays)]
        search = focus.search(original, content, smart, None if always else recipe) if smart else None
        answer, made = pool.run(job(search.look if search else None), content, *files, cpu=cpu)
        stand_in = bool(search and search.settle(answer.seen))
    return answer, made, stand_in


def read_overlays(overlays: Mapping[str, Original]) -> Iterator[bytes]:
    """Read overlays, by their paths. Raises TooLarge if all files together are larger than one may be, for this process
    holds them all; and as `originals.read` does."""
    read, most = 0, conf.limits().bytes
    for path, overlay in overlays.items():
        content = originals.read_overlay(path, overlay)
        read += len(content)
        if read > most:
            raise TooLarge(
                f"The pictures that are laid over this one have more than {size(most)} together; save them smaller"
            )
        yield content
