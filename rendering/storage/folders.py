"""Folders as stores: files are read whole and written atomically, and keys are taken literally."""

import contextlib
import errno
import os
import stat as modes
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from rendering import conf

from ..names import wrong_with_key
from .bulkhead import bounded, bulkhead_of
from .errors import Away, Changed, Denied, Misconfigured, Missing
from .files import etag_of, is_settled, read_file, replace_file
from .interface import Entry, Listing, Probe, Stat, Stored, check_size

#: A file's note is in a file beside it, with this suffix and at most this many bytes.
NOTE, LONGEST_NOTE = ".note", 500


@deconstructible
class FolderStorage(FileSystemStorage):
    """A folder. Files are written by a rename, so that readers see the old file or the new one, and nothing between."""

    def __init__(self, location: str, *, closed: bool = False) -> None:
        """A `closed` folder has nothing that lies elsewhere: links that lead out of it are not followed."""
        super().__init__(location=str(Path(settings.BASE_DIR) / location))
        self._root = os.path.realpath(self.location) if closed else ""
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
    def reach(self, *, writing: bool = False) -> None:
        root = Path(self.location)
        if writing:
            above = next(folder for folder in (root, *root.parents) if folder.exists())
            if above.is_dir() and not os.access(above, os.W_OK | os.X_OK):
                raise Denied(f"{above} cannot be written")
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
            status = os.stat(self._name_inside(key))  # noqa: PTH116 - Path takes four times as long
            if not modes.S_ISREG(status.st_mode):
                raise Missing(f"{key} is not a file")
            return Stat(etag_of(status), status.st_size, settled=is_settled(status))

    @bounded
    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        with self._errors(key):
            # O_NONBLOCK: opening a pipe in the folder must not wait for a writer.
            descriptor = os.open(self._name_inside(key), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
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
            # Somebody may be writing in place, without a rename: then the two times differ. The change time is not
            # compared, because it also changes when another file is renamed into the place of this one.
            overwritten = before.st_mtime_ns != after.st_mtime_ns or len(content) != after.st_size
            if overwritten or etag_of(before) != (version or etag_of(before)):
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
        return sorted(islice(self._walk(str(root), f"{prefix.removesuffix('/')}/" if prefix else ""), most))

    @bounded
    def written(self, prefix: str, most: int) -> dict[str, float]:
        moments = {}
        for key in self.keys(prefix, most):
            with contextlib.suppress(FileNotFoundError):
                moments[key] = self._path(key).stat().st_mtime
        return moments

    def _walk(self, folder: str, before: str) -> Iterator[str]:
        """Keys of a folder and those below it, in no order: files first, which have been found by then. Reads no more
        of a folder than is asked for, since it may hold a million files."""
        folders: list[str] = []
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                key = before + entry.name
                if (
                    entry.name.startswith(".")
                    or not is_usable(key)
                    or (entry.is_symlink() and not self._is_inside(entry.path))
                ):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file():
                    yield key
        for name in sorted(folders):
            yield from self._walk(f"{folder}/{name}", f"{before}{name}/")

    @bounded
    def browse(self, prefix: str, most: int, more: str = "", *, after: str = "") -> Listing:
        parent, _, beginning = prefix.rpartition("/")
        root = self._path(parent) if parent else Path(self.location)
        before = f"{parent}/" if parent else ""
        if not self._is_inside(str(root)):
            raise Missing(f"{prefix} is a link that leads out of the folder")
        with self._errors(prefix), os.scandir(root) as entries:
            names = [
                before + entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name.startswith(beginning)
                and not entry.name.startswith(".")
                and (not entry.is_symlink() or self._is_inside(entry.path))
            ]
        # In the order of their UTF-8 bytes, like S3.
        found = sorted((name for name in names if is_usable(name)), key=str.encode)
        found = [name for name in found if name.encode() > (more or after).encode()]
        page = found[:most]
        return Listing(
            tuple(self._entry(name) for name in page if not name.endswith("/")),
            tuple(name for name in page if name.endswith("/")),
            page[-1] if len(found) > most else "",
        )

    def _entry(self, key: str) -> Entry:
        try:
            status = self._path(key).stat()
        except OSError:  # gone in between, or a link to nothing
            return Entry(key)
        return Entry(key, status.st_size, status.st_mtime)

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

    def _name_inside(self, key: str) -> str:
        """The name of a key's file. Raises Missing if a link leads out of a closed folder."""
        name = self._name(key)
        if not self._is_inside(name):
            raise Missing(f"{key} is a link that leads out of the folder")
        return name

    def _is_inside(self, name: str) -> bool:
        return not self._root or is_below(os.path.realpath(name), self._root)

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


def wrong_with_root(folder: str) -> str:
    """Why this deployment does not allow a folder as a bucket's, as a sentence; empty if it does."""
    roots = conf.folder_roots()
    if any(is_below(os.path.realpath(folder), os.path.realpath(root)) for root in roots):
        return ""
    allowed = ", ".join(roots) or "none"
    return f"This deployment does not allow the folder {folder}; FOLDER_ROOTS says below which it does: {allowed}."


def is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root.rstrip('/')}/")


def is_usable(key: str) -> bool:
    """Whether a file's name can be a key, which is valid UTF-8, for one."""
    return "\\" not in key and not wrong_with_key(key)


def reraise(error: OSError) -> None:
    """Raise an error that os.walk would ignore."""
    raise error
