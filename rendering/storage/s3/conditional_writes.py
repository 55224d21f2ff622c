"""Writing to S3 on condition that the object still is what it was, also where the store cannot be told so."""

from collections.abc import Callable

from ..errors import Changed, Missing, StorageError
from ..interface import Store
from .errors import about_condition, errors
from .versions import alike, conditional


def put_on_condition(store: Store, key: str, put: Callable[..., object], replacing: str) -> bool:
    """Write if the object's version is still `replacing`, or there is none when that is empty. False where the store
    has no such conditions or refuses its own ETag, and a look found that it is so; then the write goes without. Raises
    Changed."""
    try:
        if not replacing or conditional(replacing, strong=True):
            with errors(key):
                put(**({"IfMatch": replacing} if replacing else {"IfNoneMatch": "*"}))
            return True
    except StorageError as error:
        if not about_condition(error):
            raise
    try:
        found = store.stat(key).etag
    except Missing:
        found = ""
    if alike(found) != alike(replacing):
        raise Changed(f"{key} was written by someone else")
    return False
