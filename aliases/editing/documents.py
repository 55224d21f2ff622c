"""Aliases as a document to carry to another environment, with the sample sets of their buckets: buckets by their public
names, no numbers, no history.

Of a visual quality it says what is asked for. What that takes is measured where it is published, on the pictures there.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet

from rendering.imaging.errors import BadRecipe
from rendering.imaging.parameters import excerpt
from rendering.names import wrong_with_alias_name, wrong_with_bucket_name

from ..drafts import content, words
from ..drafts.field_lists import FIELDS, NOTES, PUBLISHED
from ..models import Alias, Bucket
from . import sample_sets
from .forms import AliasForm

VERSION = 1
#: The most digits a number may have.
MOST_READ = 4000


class BadImport(Exception):
    """The document cannot be imported; the message gives every reason."""


@dataclass(frozen=True, slots=True)
class ImportedAlias:
    """What importing did to one alias."""

    alias: Alias
    new: bool
    #: In words: ["width: 90 → 120"].
    differences: list[str]

    def __str__(self) -> str:
        if self.new:
            return f"{self.alias}: new; {'; '.join(self.differences)}"
        return f"{self.alias}: {'; '.join(self.differences) or 'unchanged'}"


def read(text: str) -> Any:
    """Parse a document's JSON strictly. Raises BadImport; its message completes “cannot be imported: …”."""
    try:
        return json.loads(text, object_pairs_hook=members, parse_int=integer, parse_constant=refuse_constant)
    except RecursionError:
        raise BadImport("it is nested too deep: it holds an object of aliases, each an object of fields") from None
    except ValueError as error:
        raise BadImport(f"it is not JSON: {error}") from None


def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadImport(f"“{excerpt(twice)}” occurs twice in it, and only one can be meant")
    return found


def integer(text: str) -> int:
    if len(text) > MOST_READ:  # Python itself reads 4,300 at most; shorter ones are for their fields to refuse
        raise BadImport(f"{excerpt(text)} is far too large a number")
    return int(text)


def refuse_constant(text: str) -> Any:
    raise BadImport(f"{text} is no number in JSON")


def export(aliases: QuerySet[Alias] | None = None, *, live: bool = False) -> tuple[dict[str, Any], list[str]]:
    """The drafts of all aliases, or of these, or, with `live`, their live revisions; and, as sentences, why some are
    left out: a revision that another version published may not be readable here."""
    exported, unreadable = {}, []
    for alias in (Alias.objects.all() if aliases is None else aliases).select_related("bucket", "live"):
        try:
            if live and alias.live:
                said = content.thawed(alias.live.content)
            elif not live:
                said = fields(alias)
            else:
                continue
        except BadRecipe as error:
            unreadable.append(f"“{alias}”: {error}.")
            continue
        exported[alias.name] = {**{name: getattr(alias, name) for name in NOTES}, **said}
    sets = sample_sets.export({said["bucket"] for said in exported.values()})
    document = {"document": "aliases", "version": VERSION, "aliases": exported}
    return {**document, **({"samples": sets} if sets else {})}, unreadable


def fields(alias: Alias) -> dict[str, Any]:
    return {**{name: getattr(alias, name) for name in PUBLISHED}, "bucket": alias.bucket.name}


def load(document: Any) -> list[ImportedAlias]:
    """Create and change drafts as the document says, in the caller's transaction. Raises BadImport."""
    if not isinstance(document, dict) or document.get("document") != "aliases":
        raise BadImport("This is not a document of aliases; write one with: manage.py export_aliases")
    if document.get("version") != VERSION:
        raise BadImport(
            f"The document's version is {quoted(document.get('version'))}; this service reads {VERSION}. "
            "Export it again from a service of this version."
        )
    if not isinstance(document.get("aliases"), dict):
        raise BadImport("The document has no “aliases”: an object with one member for each, by its name.")
    changes, wrong = [], list(sample_sets.wrong_with(document.get("samples", {})))
    for name, given in document["aliases"].items():
        problems = list(wrong_with(name, given))
        if not problems:
            try:
                changes.append(apply(name, given))
            except ValidationError as error:
                problems = words.refusals(error)
        wrong += [f"{excerpt(name)}: {problem}" for problem in problems]
    if wrong:
        raise BadImport("\n".join(wrong))
    return changes


def load_samples(document: Any) -> list[str]:
    """Change the sample sets of buckets as a document says that `load` accepted, in the caller's transaction. Returns
    what changed, in words."""
    return sample_sets.load(document.get("samples", {}))


def quoted(value: Any) -> str:
    """A document's value, shortened for a message."""
    return excerpt(json.dumps(value)) if isinstance(value, str | int | float | bool | None) else "an object or a list"


def wrong_with(name: str, said: Any) -> Iterator[str]:
    """What is wrong with one alias of a document before its form is tried, as sentences."""
    if wrong := wrong_with_alias_name(name):
        yield f"name: {wrong}."
        return
    if not isinstance(said, dict):
        yield "An alias is an object of fields."
        return
    fields = {field: FIELDS[field] for field in (*NOTES, *PUBLISHED)}
    for field, value in said.items():
        if field not in fields:
            yield f"There is no field “{excerpt(field)}”; the fields are {', '.join(sorted(fields))}."
        elif wrong := wrong_with_type(fields[field], value):
            yield f"{field}: {wrong}"
    bucket = said.get("bucket")
    if isinstance(bucket, str) and (wrong_with_bucket_name(bucket) or not Bucket.objects.filter(name=bucket).exists()):
        yield (
            f"There is no bucket “{excerpt(bucket)}” here. Make it in the admin, or with: manage.py add_bucket "
            f"{'NAME' if wrong_with_bucket_name(bucket) else bucket} s3://name/prefix (or a folder's path)"
        )


def wrong_with_type(field: Any, value: Any) -> str:
    """What is wrong with the JSON type of a field's value, as a sentence; empty if nothing is. Forms know only text."""
    if isinstance(field, models.BooleanField):
        return "" if isinstance(value, bool) else f"{quoted(value)} is neither true nor false."
    if isinstance(field, models.IntegerField | models.FloatField):
        number = isinstance(value, int | float | str | None) and not isinstance(value, bool)
        return "" if number else f"{quoted(value)} is not a number."
    return "" if isinstance(value, str) else f"{quoted(value)} is not a text."


def apply(name: str, said: Mapping[str, Any]) -> ImportedAlias:
    """Apply a document to one alias through its form. Raises ValidationError."""
    alias = Alias.objects.select_related("bucket").filter(name=name).first() or Alias(name=name)
    new = alias.pk is None
    before, fields_before = None if new else content_if_readable(alias), values_of(alias)
    form = AliasForm(form_data(alias, said), instance=alias)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    changes = differences(before, alias.content(), fields_before, values_of(alias))
    if new or changes:
        alias.save()
    return ImportedAlias(alias, new, changes)


def form_data(alias: Alias, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser would post after the document's values were typed into the alias's form."""
    draft = {name: field.value_from_object(alias) for name, field in FIELDS.items()}
    if "bucket" in said:
        draft["bucket"] = Bucket.objects.get(name=said["bucket"]).pk
    typed = {**draft, **{field: value for field, value in said.items() if field != "bucket"}}
    return {field: value if isinstance(value, bool) else as_typed(value) for field, value in typed.items()}


def as_typed(value: Any) -> str:
    return "" if value is None else str(value)


def values_of(alias: Alias) -> dict[str, Any]:
    return {name: getattr(alias, name) for name in (*NOTES, *PUBLISHED) if name != "bucket"}


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[str]:
    """What importing changed, in words: first what changes responses, then notes and what has no effect."""
    lines = words.differences(before, after)
    served = {line.partition(":")[0] for line in lines}
    for name in (*NOTES, *PUBLISHED):
        if name == "bucket" or old[name] == new[name] or (before is None and name not in NOTES):
            continue
        field = FIELDS[name]
        line = f"{field.label}: {field.shown(old[name])} → {field.shown(new[name])}"
        if name in NOTES:
            lines.append(line)
        elif field.label not in served:
            reason = field.without_effect(new)
            lines.append(f"{line} ({f'without effect {reason}' if reason else 'only spelled otherwise'})")
    return lines


def content_if_readable(alias: Alias) -> Mapping[str, Any] | None:
    """A draft's content; None if it needs something this version no longer has."""
    try:
        return alias.content()
    except BadRecipe:
        return None
