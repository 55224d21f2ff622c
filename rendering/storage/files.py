"""Files: read in one call, replaced atomically, versioned by their time and size."""

import os
import tempfile
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


def etag_of(status: os.stat_result) -> str:
    """A file's version: its modification time and its size."""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"
