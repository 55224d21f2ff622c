"""Folders as stores: whole files or none, keys exactly as they are."""

import contextlib
import errno
import os
import stat as modes
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from ..names import wrong_with_key
from .errors import Away, Changed, Denied, Misconfigured, Missing
from .interface import Listing, Probe, Stat, Stored, check_size

#: A file's note lies beside it.
NOTE, LONGEST_NOTE = ".note", 500


@deconstructible
class FolderStorage(FileSystemStorage):
    """A folder. Files appear complete, by a rename; an overwritten one is replaced, never truncated."""

    def __init__(self, location: str) -> None:
        super().__init__(location=str(Path(settings.BASE_DIR) / location))

    # --- Django's storage interface

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # a derivative's name says all of it: the same name is the same picture

    def _save(self, name: str, content: "File[bytes]") -> str:
        self._replace(Path(self.path(name)), content.read())
        return name

    # --- Store

    def prepare(self) -> None:
        """Nothing: a folder is opened by who reads it."""

    def reach(self) -> None:
        root = Path(self.location)
        with self._errors(str(root)):
            if not modes.S_ISDIR(root.stat().st_mode):
                raise Misconfigured(f"{root} is not a folder")
        if not os.access(root, os.R_OK | os.X_OK):
            raise Denied(f"{root} cannot be read")

    def sample(self) -> None:
        """Nothing: a file is of the folder's kind, and to look for one takes long among a million."""

    def stat(self, key: str) -> Stat:
        with self._errors(key):
            status = os.stat(self._name(key))  # noqa: PTH116 - a Path costs four times what asking the kernel does
            if not modes.S_ISREG(status.st_mode):
                raise Missing(f"{key} is not a file")
            return Stat(etag_of(status), status.st_size)

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        with self._errors(key):
            # O_NONBLOCK: opening a pipe that someone left in the folder must not wait for a writer.
            descriptor = os.open(self._name(key), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                before = os.fstat(descriptor)
                if not modes.S_ISREG(before.st_mode):
                    raise Missing(f"{key} is not a file")
                if unless and etag_of(before) == unless:
                    return None
                check_size(before.st_size, most)
                content = whole(descriptor, before.st_size)
                after = os.fstat(descriptor)
            finally:
                os.close(descriptor)
            # Who writes in place, without a rename, may have been half-way: then the second look differs.
            if len({etag_of(before), etag_of(after), version or etag_of(before)}) > 1 or len(content) != after.st_size:
                raise Changed(f"{key} was written while it was read")
            return Stored(content, etag_of(before), self._note(key))

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
            if note:  # first, lest the bytes be read without it
                self._replace(self._path(key + NOTE), note.encode("ascii"))
            self._replace(self._path(key), content)

    def _note(self, key: str) -> str:
        try:
            descriptor = os.open(self._name(key + NOTE), os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.read(descriptor, LONGEST_NOTE).decode("ascii")
            finally:
                os.close(descriptor)
        except (OSError, UnicodeDecodeError):
            return ""

    def remove(self, prefix: str) -> int:
        removed = 0
        with contextlib.suppress(Missing), self._errors(prefix):
            for folder, _, files in os.walk(self._path(prefix.removesuffix("/")), topdown=False, onerror=tell):
                for name in files:
                    # Also unfinished ones: whoever is writing there writes what is to be gone.
                    (Path(folder) / name).unlink(missing_ok=True)
                    removed += 1
                with contextlib.suppress(OSError):  # somebody keeps something new there
                    Path(folder).rmdir()
        return removed

    def _etag(self, key: str) -> str:
        try:
            return self.stat(key).etag
        except Missing:
            return ""

    def keys(self, prefix: str, most: int) -> list[str]:
        root = self._path(prefix.removesuffix("/")) if prefix else Path(self.location)
        found: list[str] = []
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted(files):
                key = (Path(folder) / name).relative_to(self.location).as_posix()
                if not name.startswith(".") and askable(key):
                    found.append(key)
                if len(found) == most:
                    return found
        return found

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
        # In the order of their bytes, as S3 has it.
        found = sorted((name for name in names if askable(name)), key=str.encode)
        found = [name for name in found if name.encode() > more.encode()]
        page = found[:most]
        return Listing(
            tuple(name for name in page if not name.endswith("/")),
            tuple(name for name in page if name.endswith("/")),
            page[-1] if len(found) > most else "",
        )

    def probe(self) -> Probe:
        path = Path(self.location)
        # Of os, not of Path, which raises for names that no file system has.
        if not os.path.exists(path):  # noqa: PTH110
            return Probe(False, f"There is no folder {path} on this machine; make it, or correct the path")
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
        # Segments that a file system would fold into another key's file; "." and ".." were refused with the URL.
        if "\\" in key or any(segment in ("", ".", "..") for segment in key.split("/")):
            raise Missing(f"{key} cannot be in a folder")
        # UTF-8 whatever the locale says: the same key is the same file on every machine.
        return f"{self.location}/{os.fsdecode(key.encode())}"

    @staticmethod
    def _replace(path: Path, content: bytes) -> None:
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

    @staticmethod
    @contextlib.contextmanager
    def _errors(key: str) -> Iterator[None]:
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


def askable(key: str) -> bool:
    """Whether a file's name can be asked for: not bytes that are no UTF-8, nor whatever else no key may be."""
    return "\\" not in key and not wrong_with_key(key)


def tell(error: OSError) -> None:
    """Raise what os.walk otherwise passes over."""
    raise error


def whole(descriptor: int, size: int) -> bytes:
    """Up to so many bytes of an open file, in one call of the kernel where it can be: a file object makes five, and in
    each of them another thread may take Python's lock."""
    content = os.read(descriptor, size)
    while len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content


def etag_of(status: os.stat_result) -> str:
    """A file's version: what changes when it is written again."""
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"
