"""The search for a bucket's sample set: keys from all over it are looked at, and the most different originals chosen.

It goes step by step, and each step is stored, so that a page can show how far it has got, no request waits for all of
it, and any process can go on where another was killed. It reads MOST_PROBED originals and MOST_BYTES at most.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rendering import conf
from rendering.imaging import documents
from rendering.imaging.focus import yunet
from rendering.imaging.focus.smart import Smart
from rendering.pictures import focus, originals
from rendering.pictures.originals import Original
from rendering.storage.errors import StorageError
from rendering.storage.factory import at
from rendering.storage.interface import Entry
from rendering.workers.errors import Busy, NoSeat
from rendering.workers.facts import Colours

from ..models import Bucket, OriginalFacts, Reason, Sample, SampleSearch
from . import preview, samples
from .browsing import probe_bucket
from .spreading import evenly, spread

logger = logging.getLogger(__name__)

#: Originals that are looked at, and bytes that are read of all of them.
MOST_PROBED, MOST_BYTES = 48, 256 * 1024 * 1024
#: Of the keys with the same ending, and of the largest and the smallest files, how many are among them.
OF_EACH = 4
#: A process that works on a search has it for this long. Longer than a step takes, whatever hangs.
CLAIM = timedelta(minutes=2)
#: A set is found anew after this time.
AGAIN = timedelta(days=7)


def ask(bucket: Bucket) -> SampleSearch:
    """Begin a search, to be worked on by `step`. One that is under way goes on instead."""
    with transaction.atomic():
        search, new = SampleSearch.objects.select_for_update().get_or_create(
            bucket=bucket, defaults={"asked_at": timezone.now()}
        )
        if not new and search.finished_at:
            search.asked_at, search.finished_at, search.keys, search.found = timezone.now(), None, None, {}
            search.bytes, search.trouble, search.claimed_until = 0, "", None
            search.save()
    return search


def step(search: SampleSearch, seconds: float) -> SampleSearch:
    """Work on a search for some seconds, unless another process does. Returns it as it is then."""
    now = timezone.now()
    free = SampleSearch.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), finished_at=None)
    if not free.filter(pk=search.pk).update(claimed_until=now + CLAIM):
        return SampleSearch.objects.get(pk=search.pk)
    search = SampleSearch.objects.select_related("bucket").get(pk=search.pk)
    try:
        work_on(search, time.monotonic() + seconds)
    finally:
        SampleSearch.objects.filter(pk=search.pk, asked_at=search.asked_at).update(claimed_until=None)
    search.claimed_until = None
    return search


def work_some(seconds: float) -> list[SampleSearch]:
    """Go on with the searches that are under way, then begin those that are due, until `seconds` have passed: of
    buckets without a set, and of sets that are old. Returns those that ended."""
    end, ended = time.monotonic() + seconds, []
    for search in due():
        if (left := end - time.monotonic()) <= 0:
            break
        search = step(search, left)
        if search.finished_at:
            ended.append(search)
    return ended


def due() -> Iterator[SampleSearch]:
    yield from SampleSearch.objects.filter(finished_at=None).order_by("asked_at")
    old = Q(sample_search=None) | Q(sample_search__finished_at__lt=timezone.now() - AGAIN)
    for bucket in Bucket.objects.filter(old).order_by("sample_search__finished_at", "pk"):
        yield ask(bucket)


def work_on(search: SampleSearch, end: float) -> None:
    """Do what is left of a search that this process has claimed, until `end` (time.monotonic())."""
    place = search.bucket.place_here()
    if search.keys is None:
        try:
            entries = spread(at(place.frozen())) if place else []
        except StorageError:
            entries = []
        search.keys = choose_keys(search.bucket, entries)
        if not search.keys:
            finish(search)
            return
        store(search, "keys")
    for key in search.keys:
        if key in search.found:
            continue
        if time.monotonic() > end:
            return
        try:
            look_at(search, key)
        except NoSeat:  # others render; the next step tries it again
            return
        store(search, "found", "bytes")
    finish(search)


def store(search: SampleSearch, *fields: str) -> None:
    """Save what was found, unless the search was begun anew."""
    values = {name: getattr(search, name) for name in fields}
    SampleSearch.objects.filter(pk=search.pk, asked_at=search.asked_at).update(**values)


def choose_keys(bucket: Bucket, entries: Sequence[Entry]) -> list[str]:
    """The keys to look at: those of the set, the largest and the smallest files, some of each ending, and the rest
    evenly spread."""
    most = conf.limits().bytes
    usable = [entry for entry in entries if entry.size is None or 0 < entry.size <= most]
    by_size = sorted(usable, key=lambda entry: entry.size or 0)
    chosen = [sample.key for sample in samples.of(bucket)]
    chosen += [entry.key for entry in (*by_size[:OF_EACH], *by_size[: -OF_EACH - 1 : -1])]
    endings: dict[str, list[str]] = {}
    for entry in usable:
        endings.setdefault(entry.key.rpartition(".")[2].lower(), []).append(entry.key)
    for keys in endings.values():
        chosen += evenly(keys, OF_EACH)
    chosen += [entry.key for entry in evenly(usable, MOST_PROBED)]
    return list(dict.fromkeys(chosen))[:MOST_PROBED]


def look_at(search: SampleSearch, key: str) -> None:
    """Look at one more original of a search. Raises NoSeat."""
    if search.bytes > MOST_BYTES:
        search.found[key] = None
        return
    try:
        facts = probe(search.bucket, key)
    except preview.NoPicture as error:
        if isinstance(error.__cause__, NoSeat):
            raise error.__cause__ from None
        search.found[key] = None
        Sample.objects.filter(bucket=search.bucket, key=key).update(trouble=str(error), found=None)
        return
    search.found[key] = documents.to_builtins(facts)
    search.bytes += facts.bytes


def probe(bucket: Bucket, key: str) -> OriginalFacts:
    """What the file of an original says of it, and how many faces are found. Raises NoPicture."""
    frozen, key = preview.locate(bucket, "", key)
    with preview.raising_no_picture(key):
        original = originals.find(frozen, key)
        content = originals.read(original)
        facts = preview.identify(content)
        faces = count_faces(original, content)
    return OriginalFacts(
        type=facts.picture.type,
        width=facts.picture.width,
        height=facts.picture.height,
        bytes=facts.length,
        frames=facts.picture.frames,
        alpha=facts.picture.alpha,
        colours=facts.colours.value,
        turned=facts.orientation != 1,
        faces=faces,
    )


def count_faces(original: Original, content: bytes) -> int | None:
    """How many faces this process's detector finds; None without one, and where there is no time for it: the rest is
    known all the same. Raises PictureError."""
    detector = conf.local_detector()
    if detector != yunet.NAME:
        return None
    try:
        return len(focus.of(original, content, Smart(detector)).focus.faces)
    except Busy:
        return None


def finish(search: SampleSearch) -> None:
    """End a search: its finds become the set. Where it found nothing, the set stays as it is."""
    found = {key: documents.read(said, OriginalFacts) for key, said in search.found.items() if said}
    search.finished_at, search.trouble = timezone.now(), "" if found else nothing_found(search)
    ended = SampleSearch.objects.filter(pk=search.pk, asked_at=search.asked_at)
    with transaction.atomic():
        if not ended.update(finished_at=search.finished_at, trouble=search.trouble) or not found:
            return
        pinned = [sample.key for sample in samples.of(search.bucket) if sample.pinned]
        samples.replace(search.bucket, pinned, choose(found, samples.MOST))
        for key, facts in found.items():
            known = {"found": documents.to_builtins(facts), "trouble": ""}
            Sample.objects.filter(bucket=search.bucket, key=key).update(**known)


def nothing_found(search: SampleSearch) -> str:
    """Why a search found nothing, as a sentence."""
    probed = probe_bucket(search.bucket)
    if not probed.ok:
        return f"{probed.sentence}."
    if not search.keys:
        return "No key ends like that of a picture, such as “.jpg”. Pin the pictures that you want to see."
    return f"None of the {len(search.keys)} originals that were looked at could be read as a picture."


#: What makes an original the one to choose for a reason: the greatest number; None where the reason does not apply.
MEASURES: dict[Reason, Callable[[OriginalFacts], float | None]] = {
    Reason.WIDEST: lambda facts: facts.width / facts.height,
    Reason.TALLEST: lambda facts: facts.height / facts.width,
    Reason.LARGEST: lambda facts: facts.width * facts.height,
    Reason.SMALLEST: lambda facts: -facts.width * facts.height,
    Reason.TRANSPARENT: lambda facts: 1 if facts.alpha else None,
    Reason.ANIMATED: lambda facts: 1 if facts.frames > 1 else None,
    Reason.CMYK: lambda facts: 1 if facts.colours == Colours.CMYK else None,
    Reason.WIDE_GAMUT: lambda facts: 1 if facts.colours == Colours.WIDE_GAMUT else None,
    Reason.TURNED: lambda facts: 1 if facts.turned else None,
    Reason.ONE_FACE: lambda facts: 1 if facts.faces == 1 else None,
    Reason.MANY_FACES: lambda facts: facts.faces if facts.faces and facts.faces > 1 else None,
    Reason.NO_FACE: lambda facts: 1 if facts.faces == 0 else None,
}
#: Reasons that compare: where all originals are alike, none of them is special.
EXTREMES = (Reason.WIDEST, Reason.TALLEST, Reason.LARGEST, Reason.SMALLEST)


def choose(found: Mapping[str, OriginalFacts], most: int) -> dict[str, list[str]]:
    """The most different of these originals, by key, each with the reasons for it; among equals, one that has no reason
    yet. With fewer than samples.LEAST, ordinary ones are added."""
    chosen: dict[str, list[str]] = {}
    for reason, measure in MEASURES.items():
        measured = {key: value for key, facts in found.items() if (value := measure(facts)) is not None}
        if measured and (reason not in EXTREMES or len(set(measured.values())) > 1):
            best = max(measured, key=lambda key: (measured[key], key not in chosen))
            chosen.setdefault(best, []).append(reason.value)
    rest = [key for key in found if key not in chosen]
    for key in evenly(rest, max(0, samples.LEAST - len(chosen))):
        chosen[key] = [Reason.ORDINARY.value]
    return dict(list(chosen.items())[:most])
