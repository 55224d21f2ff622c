"""From a draft to the content of a revision, and back.

A revision's content is the alias as the catalogue has it, so publishing copies it unread. `thawed` turns it back into
the draft's fields: to compare revisions, to describe differences, to copy an old revision into the draft.

A draft that asks for a visual quality gets the qualities that were measured for it. Its content then has a member
“calibration”, with what was asked for and what was measured, which the data plane ignores.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from rendering.catalogue import catalogue
from rendering.catalogue.alias import read_alias
from rendering.imaging import documents
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.parameters import excerpt
from rendering.imaging.quality.calibration import lossy_formats

from ..fields.declaration import nested
from .calibration import Calibration, calibration_of, read_calibration
from .draft import Draft
from .field_lists import AGES, DECISIVE, PUBLISHED, QUALITIES


def frozen(draft: Draft, number: int, found: Calibration | None) -> catalogue.Alias:
    """The draft as a revision with that number, with the qualities that were found for it. Raises BadRecipe for a draft
    that was never validated."""
    alias = unmeasured(draft, number)
    return with_qualities(alias, found.qualities) if found else alias


def with_qualities(alias: catalogue.Alias, qualities: Mapping[str, int]) -> catalogue.Alias:
    """The alias with these qualities, by format."""
    changes: dict[str, Any] = {f"{name}_quality": quality for name, quality in qualities.items()}
    return replace(alias, recipe=replace(alias.recipe, encoding=replace(alias.recipe.encoding, **changes)))


def unmeasured(draft: Draft, number: int) -> catalogue.Alias:
    """The draft with its own qualities, not those measured. Raises BadRecipe."""
    require_known(draft)
    members: dict[str, Any] = {}
    for name, field in PUBLISHED.items():
        assert field.published
        members |= field.published.freeze(getattr(draft, name), draft)
    return read_alias(draft.name, {**nested(members), "revision": number})


def require_known(draft: Draft) -> None:
    """Raise BadRecipe if the draft has a choice that only another version of the service knows."""
    for name, field in PUBLISHED.items():
        chosen = getattr(draft, name) if field.choices else None
        if field.choices and chosen not in dict(field.flatchoices):
            raise BadRecipe(
                f"This version of the service does not know the {field.label} “{excerpt(str(chosen))}”: choose another "
                "in the form"
            )


def of(draft: Draft, found: Calibration | None) -> dict[str, Any]:
    """The content of a revision of the draft. Raises BadRecipe as `frozen` does."""
    content = documents.to_builtins_unnamed(frozen(draft, 0, found))
    del content["revision"]
    if draft.ssim is not None:
        content["calibration"] = documents.to_builtins(found) if found else {"ssim": draft.ssim}
    return content


def public(content: Mapping[str, Any]) -> dict[str, Any]:
    """A revision's content for the catalogue, without the keys of measured pictures: keys can contain names."""
    return {name: value for name, value in content.items() if name != "calibration"}


def measured(draft: Draft, live: Mapping[str, Any] | None) -> Calibration | None:
    """What was measured for the draft: last, or for the live revision. None where it asks for no visual quality, or has
    changed since in what decides the qualities."""
    if draft.ssim is None:
        return None
    own = noted(draft)
    if own and own.complete:
        return own
    found = calibration_of(live) if live else None
    try:
        same = live and found is not None and decisive(thawed(live)) == decisive(drafted(draft))
    except BadRecipe:
        return None
    return found if same else None


def noted(draft: Draft) -> Calibration | None:
    """The measuring that was begun for the draft as it is, be it complete or not."""
    if draft.calibration is None or draft.calibration["of"] != basis(draft):
        return None
    return read_calibration(draft.calibration)


def note(draft: Draft, calibration: Calibration) -> dict[str, Any]:
    """The value of the draft's `calibration` for what was measured."""
    return {"of": basis(draft), **documents.to_builtins(calibration)}


def basis(draft: Draft) -> str:
    """A short text that differs when the draft does in what decides the qualities, or in its sample."""
    return hashed([decisive(drafted(draft)), draft.sample])


def drafted(draft: Draft) -> dict[str, Any]:
    """The draft's fields in canonical spelling."""
    return {**thawed(documents.to_builtins_unnamed(unmeasured(draft, 0))), "ssim": draft.ssim}


def decisive(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in DECISIVE}


def served(name: str, content: Mapping[str, Any]) -> catalogue.Alias:
    """A revision as the data plane reads it. Raises BadRecipe for what this version does not know."""
    with reading():
        return read_alias(name, {"revision": 0, **content})


@contextmanager
def reading() -> Iterator[None]:
    """Read a revision that any version may have written: what comes out is BadRecipe, or nothing is wrong."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadRecipe(
            "The revision says something that this version of the service does not know, so it cannot be read"
        ) from error


def filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """A revision with the data plane's default in place of whatever an older version did not write yet. Its filters are
    not read, since one may be gone. Raises BadRecipe for what this version does not know otherwise."""
    with reading():
        recipe = {"filters": [], **content.get("recipe", {})}
        read = documents.to_builtins_unnamed(served("", {**content, "recipe": {**recipe, "filters": []}}))
        return {**content, **read, "recipe": {**read["recipe"], "filters": recipe["filters"]}}


def thawed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields, in canonical spelling; the bucket by its name. Raises BadRecipe as `filled` does."""
    with reading():
        full = filled(content)
        return {name: field.published.thaw(full) for name, field in PUBLISHED.items() if field.published}


def fingerprint(content: Mapping[str, Any]) -> str:
    """A short hash of a content: says in a form what its page showed."""
    return hashed(comparable(content))


def hashed(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def comparable(content: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields; qualities that are measured are replaced by what was found, in words."""
    fields, encoding = thawed(content), filled(content)["recipe"]["encoding"]
    if fields["ssim"] is None:
        return fields
    if (found := calibration_of(content)) and found.samples:
        return {**fields, **{name: f"{encoding[name]}, measured" for name in QUALITIES if encoding[name] is not None}}
    with reading():
        formats = lossy_formats(documents.read(encoding, Encoding))
    return {**fields, **{f"{name}_quality": "to be measured" for name in formats}}


def differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if old == new:  # which is quicker to see, for lists of hundreds
        return False
    try:
        return comparable(old) != comparable(new)
    except BadRecipe:  # unreadable contents are compared as they are
        return old != new


def ages_shorter(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether any age became shorter; True if that cannot be read."""
    try:
        before, after = thawed(old), thawed(new)
    except BadRecipe:
        return True
    return any(after[name] < before[name] for name in AGES)


def only_ages_differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    try:
        before, after = comparable(old), comparable(new)
    except BadRecipe:
        return False
    return all(before[name] == after[name] for name in PUBLISHED if name not in AGES)
