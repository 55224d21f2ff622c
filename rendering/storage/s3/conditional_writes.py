"""Conditional writes to S3, also to stores that do not support them."""

from collections.abc import Callable

from ..errors import Changed, Missing, StorageError
from ..interface import Store
from .errors import errors, is_about_condition
from .versions import is_conditional, opaque_tag


def put_on_condition(store: Store, key: str, put: Callable[..., object], replacing: str) -> bool:
    """Call `put` on condition that the object's version is `replacing` or, if that is empty, that it does not exist.

    Returns whether it was called. If the store does not support the condition, or rejects its own ETag, the version is
    compared here instead; the caller then writes unconditionally. Raises Changed.
    """
    try:
        if not replacing or is_conditional(replacing, strong=True):
            with errors(key):
                put(**({"IfMatch": replacing} if replacing else {"IfNoneMatch": "*"}))
            return True
    except StorageError as error:
        if not is_about_condition(error):
            raise
    try:
        found = store.stat(key).etag
    except Missing:
        found = ""
    if opaque_tag(found) != opaque_tag(replacing):
        raise Changed(f"{key} was written by someone else")
    return False
