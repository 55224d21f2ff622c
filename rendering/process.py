"""Process-wide settings (malloc, zlib), and whether they hold. Nothing fails without them; renders are slower.

Large buffers: with its defaults, glibc hands every buffer of a picture back to the kernel and faults it in anew for the
next one, which is 40 % of what decoding a large JPEG or WebP takes. Told to keep them, it has them ready.

zlib: what unpacks and packs PNGs. Pillow's wheels take the machine's own, unless `libz.so.1` of zlib-ng is found first.
"""

import ctypes
import sys

# malloc.h of glibc: parameters of mallopt(3).
TRIM_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -4, -8
#: What is told. No buffer is taken from the kernel by itself (a threshold for that may be 32 MB at most up to glibc
#: 2.34, which Lambda has, and a higher one is ignored); nothing is handed back below a gigabyte; threads share.
TOLD = {MMAP_MAX: 0, TRIM_THRESHOLD: 1 << 30, ARENA_MAX: 1}
#: A buffer that glibc would hand back by itself whatever it has learned before: its threshold grows to 32 MB at most.
LARGE = 64 << 20


def keep_memory() -> None:
    """Have the C library keep what it took. Before threads start: each would get an arena of its own, which keeps
    memory for itself. Does nothing where the C library is not glibc."""
    if mallopt := getattr(library(), "mallopt", None):
        for parameter, value in TOLD.items():
            mallopt(parameter, value)


def keeps_memory() -> bool:
    """Whether a large buffer comes from what the process keeps, found out by taking one. True also where that cannot be
    asked: glibc tells since 2.33."""
    libc = library()
    if libc is None or not hasattr(libc, "mallinfo2"):
        return True
    libc.mallinfo2.restype, libc.malloc.restype, libc.malloc.argtypes = Mallinfo, ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    before = libc.mallinfo2().hblks
    buffer = libc.malloc(LARGE)  # not touched, so it takes no memory
    taken = libc.mallinfo2().hblks
    libc.free(buffer)
    return bool(taken == before)


class Mallinfo(ctypes.Structure):
    """glibc's struct mallinfo2, of which `hblks` counts the buffers that the kernel gave one by one."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd")),
        *((name, ctypes.c_size_t) for name in ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")),
    ]


def library() -> ctypes.CDLL | None:
    """The C library of this process, a handle of our own."""
    return ctypes.CDLL(None) if sys.platform == "linux" else None


def zlib() -> str:
    """The zlib that Pillow uses, as it names itself: "1.2.13", "1.3.1.zlib-ng"."""
    from PIL import features  # not above: whoever only keeps memory needs none of Pillow

    return str(features.version("zlib"))
