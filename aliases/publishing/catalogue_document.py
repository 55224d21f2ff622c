"""Writes the catalogue: whole from the database, or with only those aliases made anew that were published.

Always under the catalogue's lock (`sending.py`). Parts (`rendering/catalogue/parts.py`) are written before the document
that lists them, and removed long after the last document that did.
"""

import logging
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone

from rendering import conf
from rendering.catalogue import catalogue, parts
from rendering.imaging import documents
from rendering.storage.errors import Denied, Missing, StorageError
from rendering.storage.factory import configured

from ..drafts import content
from ..models import Alias, Bucket, CatalogueState
from .writing import serial_in, stored_document

logger = logging.getLogger(__name__)

#: The aliases of a part or of a catalogue without parts, by name, encoded.
Members = dict[str, msgspec.Raw]
#: For how long a part is kept that no catalogue lists any more. A process reads the catalogue again long before.
KEPT = timedelta(hours=1)
#: The most parts that one publication removes. Each takes two requests; a publication of one alias replaces one part.
MOST_REMOVED = 16
#: With more parts than this, each publication lists only a sixteenth of them: S3 lists a thousand in one request.
MANY = 500
#: How many parts are read or written side by side.
SIDE_BY_SIDE = 16


@dataclass(slots=True)
class Draft:
    """A catalogue that is about to be written: either its aliases, or the parts that have them."""

    aliases: Members | None
    entries: list[parts.Entry] = field(default_factory=list)
    #: The parts that are not in the store yet, by their hash.
    new: dict[str, bytes] = field(default_factory=dict)


def replace(state: CatalogueState, changed: Collection[str] | None) -> None:
    """Write the catalogue with the aliases of these names as they are in the database now, or all of them if it is
    None; then set the serial and the replaced parts in `state`. Raises StorageError; Changed when somebody else wrote
    in between."""
    stored, etag = stored_document(catalogue.NAME)
    before = readable(stored)
    # A database restored from a backup knows too low a serial, which the data plane would ignore.
    serial = max(serial_in(stored, catalogue.NAME) if stored else 0, state.serial) + 1
    # Another serial was written by somebody else, or from another database: then all of it may differ.
    partly = changed is not None and before is not None and before.serial == state.serial
    try:
        draft = changed_draft(before, changed) if partly and before and changed is not None else whole_draft()
        write_parts(draft.new)
    except Denied as error:
        logger.error("parts of the catalogue not written, so it is written as one document: %s", error)
        draft = Draft(dict(live_aliases()))
    # A write that timed out may still arrive after the next process has the lock: then the storage refuses it.
    configured("catalogue").write(catalogue.NAME, encode(serial, draft), "application/json", replacing=etag)
    state.serial = serial
    retire(state, [entry.hash for entry in (before.parts or ()) if before.parts] if before else [], draft)


def readable(stored: bytes | None) -> catalogue.Document[Any] | None:
    """The catalogue that is stored; None if there is none, or if it is none."""
    try:
        return catalogue.read_document(stored) if stored else None
    except (ValueError, RecursionError):
        return None


def live_aliases(names: Collection[str] | None = None) -> Iterator[tuple[str, msgspec.Raw]]:
    """The live revisions as the database has them, encoded: of the aliases with these names, or of all."""
    live = Alias.objects.filter(enabled=True, live__isnull=False).order_by("pk")
    for query in [live] if names is None else [live.filter(name__in=some) for some in batches(sorted(names), 500)]:
        rows = query.values_list("name", "live__number", "live__content")
        for name, number, said in rows.iterator(chunk_size=500):
            yield name, msgspec.Raw(documents.encode({"revision": number, **content.public(said)}))


def batches(items: list[str], size: int) -> Iterator[list[str]]:
    return (items[begin : begin + size] for begin in range(0, len(items), size))


def whole_draft() -> Draft:
    return drafted([(group, "") for group in parts.split(dict(live_aliases()))])


def changed_draft(before: catalogue.Document[Any], names: Collection[str]) -> Draft:
    """What is stored, with the aliases of these names as the database has them."""
    fresh = dict(live_aliases(names))
    if not before.parts:
        return drafted([(group, "") for group in parts.split(merged(before.aliases or {}, names, fresh))])
    entries = sorted(before.parts, key=lambda entry: entry.first)
    firsts = [entry.first for entry in entries]
    touched: dict[int, list[str]] = {}
    for name in names:
        touched.setdefault(parts.index_of(firsts, name), []).append(name)
    try:
        stored = dict(zip(touched, side_by_side(stored_part, [entries[index] for index in touched]), strict=True))
    except (StorageError, ValueError, RecursionError) as error:
        logger.error("a part of the stored catalogue cannot be read, so all of it is written again: %s", error)
        return whole_draft()
    groups: list[tuple[Members | parts.Entry, str]] = []
    for index, entry in enumerate(entries):
        if index not in touched:
            groups.append((entry, entry.first))
            continue
        made = parts.split(merged(stored[index].aliases, touched[index], fresh))
        # The first part has the names before its first one, too.
        groups += [(group, min(entry.first, next(iter(group))) if not at else "") for at, group in enumerate(made)]
    return drafted(groups)


def merged(old: Mapping[str, Any], names: Collection[str], fresh: Members) -> Members:
    """The members with those of these names replaced, or left out if they are not live."""
    kept = {name: said for name, said in old.items() if name not in names}
    as_raw = {
        name: said if isinstance(said, msgspec.Raw) else msgspec.Raw(documents.encode(said))
        for name, said in kept.items()
    }
    return as_raw | {name: fresh[name] for name in names if name in fresh}


def drafted(groups: list[tuple[Members | parts.Entry, str]]) -> Draft:
    """A catalogue of these groups of aliases, each with the first name that belongs to it if that is fixed, and of
    parts that are stored already. Only one group stands in the document itself."""
    if len(groups) <= 1:
        [only] = [group for group, _ in groups] or [{}]
        if isinstance(only, parts.Entry):
            only = merged(stored_part(only).aliases, (), {})
        return Draft(only)
    draft = Draft(None)
    for group, first in groups:
        if isinstance(group, parts.Entry):
            draft.entries.append(group)
            continue
        encoded = parts.encode(group)
        entry = parts.Entry(first or next(iter(group)), parts.hash_of(encoded))
        draft.entries.append(entry)
        draft.new[entry.hash] = encoded
    return draft


def stored_part(entry: parts.Entry) -> parts.Part[Any]:
    """A part as it is stored. Raises StorageError, and ValueError if it is not that part."""
    stored = configured("catalogue").read(parts.name_of(entry.hash))
    assert stored is not None  # nothing was said of `unless`
    return parts.read(stored.content, entry.hash)


def write_parts(new: Mapping[str, bytes]) -> None:
    store = configured("catalogue")
    side_by_side(lambda item: store.write(parts.name_of(item[0]), item[1], "application/json"), list(new.items()))


def side_by_side(work: Any, items: list[Any]) -> list[Any]:
    if len(items) == 1:
        return [work(items[0])]
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        return list(pool.map(work, items))


def encode(serial: int, draft: Draft) -> bytes:
    buckets = Bucket.objects.select_related("focus_document").prefetch_related("places", "overlays_from")
    frozen = (bucket.frozen(settings.ENVIRONMENT) for bucket in buckets)
    return msgspec.json.encode(
        catalogue.Document[msgspec.Raw](
            serial=serial,
            purged=conf.purges(),
            buckets={one.name: msgspec.Raw(documents.encode(documents.to_builtins_unnamed(one))) for one in frozen},
            aliases=draft.aliases,
            parts=tuple(draft.entries) or msgspec.UNSET,
        )
    )


def retire(state: CatalogueState, before: Collection[str], draft: Draft) -> None:
    """Note the parts that the catalogue no longer lists, and remove some that it has not listed for long.

    That includes parts that a killed publisher left behind: written but never listed, or replaced but not noted. A
    process may still hold a catalogue with these, so their time begins now.
    """
    now, listed = timezone.now(), {entry.hash for entry in draft.entries}
    unlisted = (*before, *stored_parts(state, len(listed))) if listed or before or state.retired else ()
    noted = {**dict.fromkeys(unlisted, now.isoformat()), **state.retired}
    noted = {part: since for part, since in noted.items() if part not in listed}
    old = [part for part, since in noted.items() if now - datetime.fromisoformat(since) > KEPT]
    for part in old[:MOST_REMOVED]:
        try:
            configured("catalogue").remove(parts.folder_of(part))
        except StorageError as error:
            logger.error("a part that no catalogue lists is not removed: %s", error)
            break
        del noted[part]
    state.retired = noted


def stored_parts(state: CatalogueState, number: int) -> list[str]:
    """The names of stored parts: all of them, or a sixteenth at a time where there are more than MANY."""
    prefix = parts.FOLDER if number <= MANY else f"{parts.FOLDER}{state.serial % 16:x}"
    try:
        page = configured("catalogue").browse(prefix, 1000)
    except Missing:  # there is no such folder yet
        return []
    except StorageError as error:
        logger.warning("parts of killed publishers are not looked for: %s", error)
        return []
    return [folder.removeprefix(parts.FOLDER).removesuffix("/") for folder in page.folders]
