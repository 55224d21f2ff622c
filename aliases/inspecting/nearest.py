"""What is nearest to something that is not there: keys in a bucket, aliases, buckets, filters."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from difflib import SequenceMatcher, get_close_matches
from urllib.parse import unquote

from rendering.catalogue import catalogue
from rendering.names import wrong_with_alias_name, wrong_with_key
from rendering.storage.errors import Missing, StorageError
from rendering.storage.factory import at

from ..models import Alias, Bucket

#: How alike two names must be, from 0 to 1.
ALIKE = 0.6
#: Keys and folders that are looked at in one folder.
LISTED = 200
#: Folders that are looked into for words.
FOLDERS = 20
#: Keys that are offered.
MOST = 3
#: The most names of aliases that are compared.
MOST_NAMES = 5000


def keys(bucket: catalogue.Bucket, key: str) -> list[str]:
    """Keys that there are, nearest first; none where the bucket cannot be asked or listed."""
    if bucket.place is None:
        return []
    found = [one for one in spellings(key) if exists(bucket, one)]
    with suppress(StorageError):  # missing, or not to be listed
        found += alike_in_folder(bucket, key)
    return list(dict.fromkeys(found))[:MOST]


def spellings(key: str) -> Iterator[str]:
    """How the key may have been meant: escaped twice, with blanks around it, composed in another way, in other
    letters."""
    stem, dot, ending = key.rpartition(".")
    for one in (
        unquote(key, errors="replace"),
        key.strip(),
        key.lstrip("/"),
        key.replace("+", " "),
        unicodedata.normalize("NFC", key),
        unicodedata.normalize("NFD", key),
        stem + dot + ending.lower(),
        stem + dot + ending.upper(),
        key.lower(),
    ):
        if one != key and not wrong_with_key(one):
            yield one


def exists(bucket: catalogue.Bucket, key: str) -> bool:
    """Whether the bucket has the key. Its place is asked, also of an immutable bucket."""
    assert bucket.place is not None
    try:
        at(bucket.place).stat(key)
    except StorageError:
        return False
    return True


def alike_in_folder(bucket: catalogue.Bucket, key: str) -> list[str]:
    """The keys of the key's folder, or of the one nearest to it, that are most alike. Raises StorageError."""
    folder = ""
    *folders, name = key.split("/")
    for one in folders:
        there = listing(bucket, folder, one)[1]
        wanted = f"{folder}{one}/"
        nearest = wanted if wanted in there else best(wanted, there)
        if nearest is None:
            return []
        folder = nearest
    return most_alike(f"{folder}{name}", listing(bucket, folder, name)[0])


def listing(bucket: catalogue.Bucket, folder: str, name: str) -> tuple[list[str], list[str]]:
    """Keys and folders in a folder: those that begin as the name does, then any, LISTED each."""
    assert bucket.place is not None
    found: tuple[list[str], list[str]] = ([], [])
    for begin in dict.fromkeys((name[:4], name[:1], "")):
        try:
            page = at(bucket.place).browse(f"{folder}{begin}", LISTED)
        except Missing:
            continue
        found[0].extend(page.keys)
        found[1].extend(page.folders)
    return list(dict.fromkeys(found[0])), list(dict.fromkeys(found[1]))


def some_keys(bucket: Bucket, prefix: str) -> list[str]:
    """Some keys that begin with a prefix, from the bucket and its first folders; none where it cannot be listed."""
    place = bucket.place_here()
    if place is None:
        return []
    store = at(place.frozen())
    try:
        page = store.browse(prefix, LISTED)
        inside = [key for folder in page.folders[:FOLDERS] for key in store.browse(folder, LISTED).keys]
    except StorageError:
        return []
    return [*page.keys, *inside]


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def most_alike(wanted: str, there: Iterable[str]) -> list[str]:
    """Those that are alike in their last part, nearest first."""
    last = wanted.rstrip("/").rpartition("/")[2]
    rated = [(likeness(last, one.rstrip("/").rpartition("/")[2]), one) for one in there]
    return [one for rate, one in sorted(rated, key=lambda pair: (-pair[0], pair[1])) if rate >= ALIKE]


def best(wanted: str, there: Iterable[str]) -> str | None:
    return next(iter(most_alike(wanted, there)), None)


def alias_names(path: str) -> list[str]:
    """Names of live aliases that are nearest to how a decoded path begins."""
    segments = path.split("/")
    names = Alias.objects.filter(enabled=True, live__isnull=False).values_list("name", flat=True)[:MOST_NAMES]
    rated = []
    for name in names:
        begin = "/".join(segments[: name.count("/") + 1]).partition("@")[0][:200]
        rated.append((likeness(begin, name), name))
    return [name for rate, name in sorted(rated, key=lambda pair: (-pair[0], pair[1])) if rate >= ALIKE][:MOST]


def silent_alias(path: str) -> Alias | None:
    """The alias that would answer a decoded path if it were live: the one with the longest name."""
    segments = [one.partition("@")[0] for one in path.split("/")][:50]
    starts = ["/".join(segments[:length]) for length in range(1, len(segments) + 1)]
    possible = [name for name in starts if not wrong_with_alias_name(name)]
    silent = [alias for alias in Alias.objects.filter(name__in=possible) if not alias.served]
    return max(silent, key=lambda alias: len(alias.name), default=None)


def names_like(name: str, there: Iterable[str]) -> list[str]:
    """The one name that is most alike, if any is."""
    return get_close_matches(name[:100].lower(), list(there), 1, ALIKE)
