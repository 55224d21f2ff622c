"""State that a checkout keeps under `var/` if nothing else is configured: a secret key, a database."""

import fcntl
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

#: Read and written by this user alone.
OWN_ONLY = stat.S_IRUSR | stat.S_IWUSR


class NotKept(Exception):
    """A file cannot be read or written. The message says what to set instead."""


def key(path: Path) -> str:
    """A secret key of this checkout, created at the first start, so that sessions survive restarts.

    Processes that start at the same time get the same key; otherwise one would log out the users of another.
    Raises NotKept if the file can be neither read nor written.
    """
    try:
        return read(path) or create(path)
    except OSError as error:
        raise NotKept(
            f"SECRET_KEY is not set, and a key cannot be stored in {path} ({error.strerror}). "
            "Set SECRET_KEY, or let the service's user read and write that file."
        ) from None


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except FileNotFoundError:
        return ""


def create(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWN_ONLY)
    with os.fdopen(descriptor, "r+", errors="replace") as file:
        # The first process writes the key, the others read it.
        fcntl.flock(file, fcntl.LOCK_EX)
        found = file.read().strip()
        if not found:
            found = secrets.token_urlsafe(50)
            file.seek(0)
            file.truncate()
            file.write(found)
            file.flush()
    return found


def prepare_folder(database: Path, own: Path) -> None:
    """Create the folder of SQLite's file if it is `own`. Raises NotKept if SQLite cannot write the file, or beside
    it.

    The file is made here, so that nobody but this user can read it: it has sessions and hashes of passwords. SQLite
    gives the files beside it the same permissions. One that was made elsewhere is left as its owner made it.
    """
    folder = database.parent
    try:
        if folder == own:
            folder.mkdir(exist_ok=True)
        folder.stat()
    except OSError as error:
        raise NotKept(unwritable(database, f"{folder}: {error.strerror}")) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotKept(unwritable(database, f"this user may not write to {folder}"))
    if database.exists() and not (database.is_file() and os.access(database, os.R_OK | os.W_OK)):
        raise NotKept(unwritable(database, "this user may not read and write it"))
    try:
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWN_ONLY))
        if folder == own:
            close_to_others(database)
    except OSError as error:
        raise NotKept(unwritable(database, str(error.strerror))) from None


def close_to_others(database: Path) -> None:
    """Take from other users what an earlier version let them read: the database, and what SQLite keeps beside it."""
    for path in (database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm", "-journal"))):
        with suppress(FileNotFoundError):
            path.chmod(OWN_ONLY)


def unwritable(path: Path, why: str) -> str:
    return (
        f"The admin's database cannot be stored in {path} ({why}). Set DATABASE_URL to PostgreSQL or to another file, "
        "let the service's user write there, or set PLANE to images, which needs no database."
    )
