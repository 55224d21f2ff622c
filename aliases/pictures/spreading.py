"""Keys that are spread over a bucket, found by a few listings, however many keys it has."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from rendering.storage.interface import Entry, Listing, Store

from .browsing import names_picture

T = TypeVar("T")

#: Listings that are asked for, keys and folders in each, and how many of its folders are looked into; fewer where it is
#: only a part of a folder.
MOST_LISTINGS, PAGE, MOST_FOLDERS, FOLDERS_OF_A_PART = 24, 200, 24, 2
#: After as many leaps of the same width the next ones are wider: numbers have ten digits.
SAME_LEAPS = 10
#: Sorts after every key that begins with the same text.
LAST = "\U0010ffff"


@dataclass(eq=False, slots=True)
class Branch:
    """A folder, or the part of it after a name. `below` are its folders and the part after the page that was listed;
    None before it is listed."""

    folder: str
    after: str = ""
    below: deque["Branch"] | None = None
    #: How many letters of a name the next leap keeps, and how many leaps there have been.
    kept: int = 0
    leaps: int = 0


def spread(store: Store, listings: int = MOST_LISTINGS) -> list[Entry]:
    """Entries that look like pictures, from all over a store. Raises StorageError.

    Each round goes down from the root to a folder with pictures of its own, another way each time. What a folder has
    beyond a page is reached by leaps over names that begin alike.
    """
    root, found = Branch(""), dict[str, Entry]()
    while listings > 0 and root.below != deque():
        path, pictures = [root], list[Entry]()
        while listings > 0 and not pictures:
            if path[-1].below is None:
                listings -= 1
                pictures = look_into(store, path)
            if pictures or not path[-1].below:
                break
            path.append(path[-1].below[0])
            path[-2].below.rotate(-1)  # type: ignore[union-attr]  # it was not empty
        found |= {entry.key: entry for entry in pictures}
        forget_ended(path)
    return list(found.values())


def look_into(store: Store, path: list[Branch]) -> list[Entry]:
    """List the last branch of a path; its entries that look like pictures. What is below a later part of a folder is
    put beside that part, which ends."""
    here = path[-1]
    page = store.browse(here.folder, PAGE, after=here.after)
    below = branches_of(here, page)
    if here.after:
        path.pop()
        beside = path[-1].below
        assert beside is not None
        beside.remove(here)
        beside.extendleft(reversed(below))
    else:
        here.below = deque(below)
    return [entry for entry in page.entries if names_picture(entry.key)]


def forget_ended(path: list[Branch]) -> None:
    """Take the last branches of a path out of those above them where nothing is left below."""
    for above, branch in zip(path[-2::-1], path[:0:-1], strict=True):
        if branch.below != deque():
            break
        assert above.below is not None
        above.below.remove(branch)


def branches_of(branch: Branch, page: Listing) -> list[Branch]:
    """What is below a branch whose first page this is."""
    found = [Branch(folder) for folder in evenly(page.folders, MOST_FOLDERS if not page.more else FOLDERS_OF_A_PART)]
    names = sorted([*page.keys, *page.folders], key=str.encode)
    if page.more and names:
        kept, leaps = branch.kept or alike(names[0], names[-1]), branch.leaps + 1
        if leaps % SAME_LEAPS == 0:
            kept -= 1
        kept = max(kept, len(branch.folder) + 1)
        found.append(Branch(branch.folder, names[-1][:kept] + LAST, kept=kept, leaps=leaps))
    return found


def alike(one: str, other: str) -> int:
    """How many letters two names have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def evenly(items: Sequence[T], most: int) -> list[T]:
    """At most `most` of the items, evenly spread, so that any few of the first are far from each other, too."""
    count = min(len(items), most)
    places = [place * len(items) // count for place in range(count)]
    return [items[place] for _, place in sorted((reversed_bits(number), place) for number, place in enumerate(places))]


def reversed_bits(number: int) -> int:
    return int(f"{number:032b}"[::-1], 2)
