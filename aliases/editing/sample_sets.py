"""The sample sets of buckets in a document of aliases: which originals, pinned or why they were found. What their files
say is found anew where they are imported, on the pictures there."""

from collections.abc import Iterable, Iterator
from typing import Any

from rendering.imaging.parameters import excerpt
from rendering.names import wrong_with_key

from ..models import Bucket, Reason
from ..pictures import samples

REASONS = frozenset(Reason)


def export(buckets: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The sets of these buckets, by their names, leaving out buckets without one."""
    sets = {bucket.name: samples.of(bucket) for bucket in Bucket.objects.filter(name__in=buckets)}
    return {
        name: [{"key": one.key, "pinned": one.pinned, "reasons": one.reasons} for one in found]
        for name, found in sets.items()
        if found
    }


def wrong_with(sets: Any) -> Iterator[str]:
    """What is wrong with the “samples” of a document, as sentences."""
    if not isinstance(sets, dict):
        yield "samples: They are an object with one list for each bucket, by its name."
        return
    known = set(
        Bucket.objects.filter(name__in=[name for name in sets if "\0" not in name]).values_list("name", flat=True)
    )
    for name, listed in sets.items():
        where = f"samples of {excerpt(name)}"
        if name not in known:
            yield f"{where}: There is no bucket “{excerpt(name)}” here."
        elif not isinstance(listed, list) or len(listed) > samples.MOST:
            yield f"{where}: A sample set is a list of at most {samples.MOST} originals."
        else:
            for number, one in enumerate(listed, 1):
                if wrong := wrong_with_sample(one):
                    yield f"{where}, number {number}: {wrong}"


def wrong_with_sample(one: Any) -> str:
    """What is wrong with one sample of a document, as a sentence; empty if nothing is."""
    if not isinstance(one, dict) or not isinstance(one.get("key"), str):
        return "A sample is an object with a “key”."
    if wrong := wrong_with_key(one["key"]):
        return f"key: {wrong}."
    if not isinstance(one.get("pinned", False), bool):
        return "pinned: It is neither true nor false."
    reasons = one.get("reasons", [])
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        return "reasons: They are a list of words."
    if unknown := [reason for reason in reasons if reason not in REASONS]:
        return f"reasons: “{excerpt(unknown[0])}” is none of {', '.join(Reason)}."
    return ""


def load(sets: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Make the sets of buckets what a document says, in the caller's transaction. Returns what changed, in words."""
    lines = []
    for name, listed in sets.items():
        bucket = Bucket.objects.get(name=name)
        before = [(one.key, one.pinned, one.reasons) for one in samples.of(bucket)]
        pinned = [one["key"] for one in listed if one.get("pinned")]
        samples.replace(bucket, pinned, {one["key"]: one.get("reasons", []) for one in listed})
        after = [(one.key, one.pinned, one.reasons) for one in samples.of(bucket)]
        changed = sorted(map(repr, before)) != sorted(map(repr, after))
        lines.append(f"samples of {name}: {f'{len(after)}, {len(pinned)} of them pinned' if changed else 'unchanged'}")
    return lines
