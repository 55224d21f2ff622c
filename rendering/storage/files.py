"""Files: read in one call, replaced atomically, versioned by everything that changes with them."""

import contextlib
import os
import tempfile
import time
from pathlib import Path


def read_file(descriptor: int, size: int) -> bytes:
    """Up to `size` bytes of an open file, in a single system call if possible. A file object makes five, and around
    each another thread may take the GIL."""
    content = os.read(descriptor, size)
    while len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a file atomically: to a temporary file, which is then renamed. Folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            # A crash of the machine must not leave an empty file under the final name.
            file.flush()
            os.fsync(descriptor)
        Path(temporary).chmod(0o644)  # mkstemp's 0600 would hide it from a web server
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


#: Seconds after which a temporary file has been left behind, by a process that was killed. Writing one takes less.
LEFT_BEHIND = 60.0


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder. Called before a file is written: the folder is
    written again, since a picture that was not stored is asked for once more."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if (
                entry.name.startswith(".")
                and entry.name.endswith(".tmp")
                and time.time() - entry.stat(follow_symlinks=False).st_mtime > LEFT_BEHIND
            ):
                Path(entry.path).unlink(missing_ok=True)


#: Seconds for which a file that was changed may still be being written.
UNSETTLED = 2.0


def etag_of(status: os.stat_result) -> str:
    """A file's version: its modification time, its size, its inode and the time when any of these was changed.

    The first two alone do not change where a copy keeps the time (`cp -p`, `rsync -t`).
    """
    return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}-{status.st_ctime_ns:x}"


def is_settled(status: os.stat_result) -> bool:
    """Whether a file is not just being written, perhaps in place, and by a machine whose clock is a little ahead."""
    return abs(time.time() - status.st_mtime) >= UNSETTLED
