"""What a process does without while it starts."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep gc off during start-up; what exists then is frozen (gc.freeze).

    Loading modules makes objects by the ten thousand, of which none is garbage, and looking takes an eighth of a cold
    start. What is there in the end stays, so it is not looked through later either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
