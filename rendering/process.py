"""Process-wide settings (gc, malloc, zlib), and whether they hold. Nothing fails without them; renders are slower.

gc: off while a process starts, since importing modules creates tens of thousands of objects and no garbage; collections
would take an eighth of a cold start. The objects are there to stay, so later collections need not traverse them.

malloc: by default, glibc returns the buffers of every picture to the kernel and gets new ones, page by page, for the
next. That is 40 % of the time that decoding a large JPEG or WebP takes. In processes that render glibc keeps them until
there is nothing to do. In the one that answers it keeps none, since large files only pass through.

zlib: compresses and decompresses PNGs. Pillow's wheels load the system's, unless zlib-ng's `libz.so.1` comes first.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# malloc.h of glibc: parameters of mallopt(3).
TRIM_THRESHOLD, MMAP_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -3, -4, -8
#: No buffer gets a mapping of its own (a threshold would not do: up to glibc 2.34, which Lambda has, it is 32 MB at
#: most); nothing below a gigabyte is returned; all threads share one arena.
MALLOPT = {MMAP_MAX: 0, TRIM_THRESHOLD: 1 << 30, ARENA_MAX: 1}
#: Bytes of a buffer that glibc always maps by default: its threshold adapts, but only up to 32 MB.
LARGE = 64 << 20
#: Bytes from which on buffers have a mapping of their own where memory is returned. Without a number glibc adapts it,
#: up to 32 MB, and each thread's arena then keeps as much.
MAPPED = 1 << 20


@contextmanager
def gc_paused() -> Iterator[None]:
    """Keep gc off while the process starts; what exists then is frozen (gc.freeze)."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def keep_memory() -> None:
    """Make the C library keep freed memory. Call it before threads start, or each gets an arena of its own. Does
    nothing without glibc."""
    if mallopt := getattr(library(), "mallopt", None):
        for parameter, value in MALLOPT.items():
            mallopt(parameter, value)


def return_memory() -> None:
    """Make the C library return large buffers to the kernel as soon as they are freed. Does nothing without glibc."""
    if mallopt := getattr(library(), "mallopt", None):
        mallopt(MMAP_THRESHOLD, MAPPED)


def trim_memory() -> None:
    """Return to the kernel what was kept and is free. Does nothing without glibc."""
    if malloc_trim := getattr(library(), "malloc_trim", None):
        malloc_trim(0)


def keeps_memory() -> bool:
    """Whether freed memory is kept, found out by allocating a large buffer. Also True if that cannot be found out,
    before glibc 2.33 and without glibc."""
    libc = library()
    if libc is None or not hasattr(libc, "mallinfo2"):
        return True
    libc.mallinfo2.restype, libc.malloc.restype, libc.malloc.argtypes = Mallinfo, ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    before = libc.mallinfo2().hblks
    buffer = libc.malloc(LARGE)  # never written to, so it takes no memory
    taken = libc.mallinfo2().hblks
    libc.free(buffer)
    return bool(taken == before)


class Mallinfo(ctypes.Structure):
    """glibc's struct mallinfo2. `hblks` counts buffers with a mapping of their own."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd")),
        *((name, ctypes.c_size_t) for name in ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")),
    ]


def library() -> ctypes.CDLL | None:
    """The C library of this process; None outside Linux."""
    return ctypes.CDLL(None) if sys.platform == "linux" else None


def zlib() -> str:
    """The version of the zlib that Pillow uses: "1.2.13", "1.3.1.zlib-ng"."""
    from PIL import features  # here, because keep_memory runs before anything else is imported of Pillow

    return str(features.version("zlib"))
