"""What a checkout keeps for itself under `var/`, where nothing else was configured: its key, its database."""

import fcntl
import os
import secrets
import stat
from pathlib import Path


class NotKept(Exception):
    """It cannot be kept. The message is a sentence that names what to set instead."""


def key(path: Path) -> str:
    """A key of this checkout's own, made at the first start, so that sessions outlive a restart.

    All processes have the same one, also when several start at once: never one each, or a page would log out whom the
    other let in. Raises NotKept where it can be neither read nor written.
    """
    try:
        return read(path) or made(path)
    except OSError as error:
        raise NotKept(
            f"SECRET_KEY is not set, and the key that stands in for it cannot be kept in {path} ({error.strerror}). "
            "Set SECRET_KEY, or let the service's user read and write that file."
        ) from None


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except FileNotFoundError:
        return ""


def made(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(descriptor, "r+", errors="replace") as file:
        # Who comes first writes, the others read what it wrote.
        fcntl.flock(file, fcntl.LOCK_EX)
        found = file.read().strip()
        if not found:
            found = secrets.token_urlsafe(50)
            file.seek(0)
            file.truncate()
            file.write(found)
            file.flush()
    return found


def folder_of(database: Path, own: Path) -> None:
    """Make the folder of SQLite's file, where it is our `own`. Raises NotKept where SQLite could not write: it does so
    beside its file, too."""
    folder = database.parent
    try:
        if folder == own:
            folder.mkdir(exist_ok=True)
        folder.stat()
    except OSError as error:
        raise NotKept(unwritable(database, f"{folder}: {error.strerror}")) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotKept(unwritable(database, f"this user may not write in {folder}"))
    if database.exists() and not (database.is_file() and os.access(database, os.R_OK | os.W_OK)):
        raise NotKept(unwritable(database, "this user may not read and write it"))


def unwritable(path: Path, why: str) -> str:
    return (
        f"The admin's database cannot be kept in {path} ({why}). Set DATABASE_URL to a PostgreSQL or to a file "
        "elsewhere, let the service's user write there, or set PLANE to images, which needs no database."
    )
