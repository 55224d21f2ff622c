"""Folders as stores: files are read whole and written atomically, and keys are taken literally."""

import contextlib
import errno
import os
import stat as modes
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from ..names import wrong_with_key
from .bulkhead import bounded, bulkhead_of
from .errors import Away, Changed, Denied, Misconfigured, Missing
from .files import etag_of, read_file, replace_file
from .interface import Listing, Probe, Stat, Stored, check_size

#: A file's note is in a file beside it, with this suffix and at most this many bytes.
NOTE, LONGEST_NOTE = ".note", 500


@deconstructible
class FolderStorage(FileSystemStorage):
    """A folder. Files are written by a rename, so that readers see the old file or the new one, and nothing between."""

    def __init__(self, location: str) -> None:
        super().__init__(location=str(Path(settings.BASE_DIR) / location))
        # A folder may be a network's, which can hang.
        self.bulkhead = bulkhead_of(str(self.location))

    # --- Django's storage interface

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # derivatives of the same name are the same

    def _save(self, name: str, content: "File[bytes]") -> str:
        replace_file(Path(self.path(name)), content.read())
        return name

    # --- Store

    def prepare(self) -> None:
        """Nothing: a folder has no connection to prepare."""

    @bounded
    def reach(self) -> None:
        root = Path(self.location)
        with self._errors(str(root)):
            if not modes.S_ISDIR(root.stat().st_mode):
                raise Misconfigured(f"{root} is not a folder")
        if not os.access(root, os.R_OK | os.X_OK):
            raise Denied(f"{root} cannot be read")

    def sample(self) -> None:
        """Nothing: files fail with their folder, and finding one among a million takes long."""

    @bounded
    def stat(self, key: str) -> Stat:
        with self._errors(key):
            status = os.stat(self._name(key))  # noqa: PTH116 - Path takes four times as long
            if not modes.S_ISREG(status.st_mode):
                raise Missing(f"{key} is not a file")
            return Stat(etag_of(status), status.st_size)

    @bounded
    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        with self._errors(key):
            # O_NONBLOCK: opening a pipe in the folder must not wait for a writer.
            descriptor = os.open(self._name(key), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                before = os.fstat(descriptor)
                if not modes.S_ISREG(before.st_mode):
                    raise Missing(f"{key} is not a file")
                if unless and etag_of(before) == unless:
                    return None
                check_size(before.st_size, most)
                content = read_file(descriptor, before.st_size)
                after = os.fstat(descriptor)
            finally:
                os.close(descriptor)
            # Somebody may be writing in place, without a rename: then the two versions differ.
            if len({etag_of(before), etag_of(after), version or etag_of(before)}) > 1 or len(content) != after.st_size:
                raise Changed(f"{key} was overwritten while it was read")
            return Stored(content, etag_of(before), self._note(key))

    @bounded
    def write(
        self,
        key: str,
        content: bytes,
        content_type: str,
        *,
        cache_control: str = "",
        tag: str = "",
        note: str = "",
        replacing: str | None = None,
    ) -> None:
        with self._errors(key):
            if replacing is not None and replacing != self._etag(key):
                raise Changed(f"{key} was written by someone else")
            if note:  # first, so that nobody reads the file without it
                replace_file(self._path(key + NOTE), note.encode("ascii"))
            replace_file(self._path(key), content)

    def _note(self, key: str) -> str:
        try:
            descriptor = os.open(self._name(key + NOTE), os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.read(descriptor, LONGEST_NOTE).decode("ascii")
            finally:
                os.close(descriptor)
        except (OSError, UnicodeDecodeError):
            return ""

    @bounded
    def remove(self, prefix: str) -> int:
        removed = 0
        with contextlib.suppress(Missing), self._errors(prefix):
            for folder, _, files in os.walk(self._path(prefix.removesuffix("/")), topdown=False, onerror=reraise):
                for name in files:
                    # Temporary ones, too: what is being written there is to be removed as well.
                    (Path(folder) / name).unlink(missing_ok=True)
                    removed += 1
                with contextlib.suppress(OSError):  # a new file was written there meanwhile
                    Path(folder).rmdir()
        return removed

    def _etag(self, key: str) -> str:
        try:
            return self.stat(key).etag
        except Missing:
            return ""

    @bounded
    def keys(self, prefix: str, most: int) -> list[str]:
        root = self._path(prefix.removesuffix("/")) if prefix else Path(self.location)
        found: list[str] = []
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                key = (Path(folder) / name).relative_to(self.location).as_posix()
                if not name.startswith(".") and is_usable(key):
                    found.append(key)
                if len(found) == most:
                    return found
        return found

    @bounded
    def browse(self, prefix: str, most: int, more: str = "") -> Listing:
        parent, _, beginning = prefix.rpartition("/")
        root = self._path(parent) if parent else Path(self.location)
        before = f"{parent}/" if parent else ""
        with self._errors(prefix), os.scandir(root) as entries:
            names = [
                before + entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name.startswith(beginning) and not entry.name.startswith(".")
            ]
        # In the order of their UTF-8 bytes, like S3.
        found = sorted((name for name in names if is_usable(name)), key=str.encode)
        found = [name for name in found if name.encode() > more.encode()]
        page = found[:most]
        return Listing(
            tuple(name for name in page if not name.endswith("/")),
            tuple(name for name in page if name.endswith("/")),
            page[-1] if len(found) > most else "",
        )

    def probe(self) -> Probe:
        path = Path(self.location)
        # os.path, because Path raises for names that no file system has.
        if not os.path.exists(path):  # noqa: PTH110
            return Probe(False, f"There is no folder {path} on this machine; create it, or correct the path")
        if not os.path.isdir(path):  # noqa: PTH112
            return Probe(False, f"{path} is a file; name the folder that holds the originals")
        if not os.access(path, os.R_OK | os.X_OK):
            return Probe(
                False, f"The folder {path} cannot be read by the service's user; allow it to read and enter it"
            )
        keys = tuple(self.keys("", 12))
        if not keys:
            return Probe(True, f"The folder {path} can be read but is empty; put an original into it")
        return Probe(True, f"The folder {path} can be read", keys)

    def _path(self, key: str) -> Path:
        return Path(self._name(key))

    def _name(self, key: str) -> str:
        # With these segments, a file system would find the file of another key. "." and ".." were refused with the URL.
        if "\\" in key or any(segment in ("", ".", "..") for segment in key.split("/")):
            raise Missing(f"{key} cannot be in a folder")
        # UTF-8, whatever the locale, so that a key is the same file on every machine.
        return f"{self.location}/{os.fsdecode(key.encode())}"

    @staticmethod
    @contextlib.contextmanager
    def _errors(key: str) -> Iterator[None]:
        """Turn what the operating system raises into StorageError."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise Missing(f"{key}: {error}") from error
        except PermissionError as error:
            raise Denied(f"{key}: {error}") from error
        except OSError as error:
            if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ELOOP):
                raise Missing(f"{key}: {error}") from error
            raise Away(f"{key}: {error}") from error


def is_usable(key: str) -> bool:
    """Whether a file's name can be a key, which is valid UTF-8, for one."""
    return "\\" not in key and not wrong_with_key(key)


def reraise(error: OSError) -> None:
    """Raise an error that os.walk would ignore."""
    raise error
