"""Aliases as a document to carry to another environment: buckets by their public names, no numbers, no history.

Of a visual quality it says what is asked for. What that takes is measured where it is published, on the pictures there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from rendering.imaging.errors import BadRecipe

from . import content, words
from .models import Alias, Bucket

VERSION = 1
#: What a document says of an alias beside what is published.
NOTES = ("label", "notes", "sample")


class BadDocument(Exception):
    """The document cannot be imported; the message tells every reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """What importing did to one alias."""

    alias: Alias
    new: bool
    told: list[str]

    def __str__(self) -> str:
        if self.new:
            return f"{self.alias}: new; {'; '.join(self.told)}"
        return f"{self.alias}: {'; '.join(self.told) or 'unchanged'}"


def export(*, live: bool = False) -> dict[str, Any]:
    """The drafts of all aliases; or, of those that have one, the live revisions."""
    aliases = Alias.objects.select_related("bucket", "live")
    return {
        "document": "aliases",
        "version": VERSION,
        "aliases": {
            alias.name: {
                **{name: getattr(alias, name) for name in NOTES},
                **(content.thawed(alias.live.content) if live and alias.live else fields(alias)),
            }
            for alias in aliases
            if alias.live or not live
        },
    }


def fields(alias: Alias) -> dict[str, Any]:
    return {**{name: getattr(alias, name) for name in content.FIELDS}, "bucket": alias.bucket.name}


def load(document: Any) -> list[Change]:
    """Make and change drafts as the document says, within the caller's transaction. Raises BadDocument."""
    if not isinstance(document, dict) or document.get("document") != "aliases":
        raise BadDocument("This is not a document of aliases; write one with: manage.py export_aliases")
    if document.get("version") != VERSION:
        raise BadDocument(
            f"The document's version is {document.get('version')!r}; this service reads {VERSION}. "
            "Export it again from a service of this version."
        )
    if not isinstance(document.get("aliases"), dict):
        raise BadDocument("The document has no “aliases”: an object with one member for each, by its name.")
    changes, wrong = [], []
    for name, said in document["aliases"].items():
        problems = list(wrong_with(said))
        if not problems:
            try:
                changes.append(apply(name, said))
            except ValidationError as error:
                problems = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
        wrong += [f"{name}: {problem}" for problem in problems]
    if wrong:
        raise BadDocument("\n".join(wrong))
    return changes


def wrong_with(said: Any) -> Iterator[str]:
    """Why one alias of a document cannot even be tried, as sentences."""
    if not isinstance(said, dict):
        yield "An alias is an object of fields."
        return
    known = {*NOTES, *content.FIELDS}
    for field, value in said.items():
        if field not in known:
            yield f"There is no field “{field}”; the fields are {', '.join(sorted(known))}."
        elif field == "ssim" and isinstance(value, float):
            continue
        elif isinstance(value, bool) or not isinstance(value, str | int | None):
            yield f"{field}: {value!r} is neither a text nor a whole number."
    bucket = said.get("bucket")
    if isinstance(bucket, str) and not Bucket.objects.filter(name=bucket).exists():
        yield (
            f"There is no bucket “{bucket}” here. Make it in the admin, or with: manage.py add_bucket {bucket} "
            "s3://name/prefix (or a folder's path)"
        )


def apply(name: str, said: Mapping[str, Any]) -> Change:
    alias = Alias.objects.select_related("bucket").filter(name=name).first() or Alias(name=name)
    new = alias.pk is None
    before = None if new else readable(alias)
    notes = {field: getattr(alias, field) for field in NOTES}
    for field, value in said.items():
        setattr(alias, field, Bucket.objects.filter(name=value).first() if field == "bucket" else value)
    alias.full_clean()
    told = [
        f"{words.label(field)}: {words.shown(field, notes[field])} → {words.shown(field, getattr(alias, field))}"
        for field in NOTES
        if notes[field] != getattr(alias, field)
    ]
    told = words.differences(before, alias.content()) + told
    if new or told:
        alias.save()
    return Change(alias, new, told)


def readable(alias: Alias) -> Mapping[str, Any] | None:
    """A draft's content; None when it asks for what this version does not know any more."""
    try:
        return alias.content()
    except BadRecipe:
        return None
