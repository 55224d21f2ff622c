"""From an alias's draft to what a revision holds, and back.

A revision holds an alias as the catalogue says it, so that publishing hands it on unread. `thawed` reads it back into
the draft's fields: for comparing, for telling differences in words, for copying an old revision into the draft.

A draft that asks for a visual quality gets the qualities that were measured for it, and its content says beside the
recipe, under "calibration", what was asked for and what was found. The data plane needs none of that.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from rendering.catalogue import catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.smart import REKOGNITION, Smart
from rendering.imaging.frame import geometry
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.parameters import Rgb, shown
from rendering.imaging.quality.calibration import lossy_formats
from rendering.imaging.recipe import Recipe

from . import validators
from .calibration import Calibration

if TYPE_CHECKING:
    from ..models import Alias

#: The draft's fields that are published, in the order in which they are told.
FIELDS = (
    "bucket", "prefix", "width", "height", "fit", "crop", "focal_box", "format", "ssim", "jpeg_quality", "webp_quality",
    "avif_quality", "background", "filters", "max_age", "shared_max_age", "stale_while_revalidate", "dprs", "fallback",
)  # fmt: skip
#: The fit that cuts something off, so that a crop rule and a focal box have an effect.
CUTTING = geometry.Fit.COVER.value
#: Those that choose among words of their own.
CHOSEN = ("fit", "crop", "format")
QUALITIES = ("jpeg_quality", "webp_quality", "avif_quality")
#: Those that say only how long answers are kept.
AGES = frozenset({"max_age", "shared_max_age", "stale_while_revalidate"})
#: Those that decide what quality a picture takes.
DECISIVE = tuple(name for name in FIELDS if name not in {*AGES, *QUALITIES, "dprs", "fallback"})


def frozen(alias: "Alias", number: int) -> catalogue.Alias:
    found = measured(alias)
    return unmeasured(alias, number) if found is None else with_qualities(unmeasured(alias, number), found.qualities)


def with_qualities(alias: catalogue.Alias, qualities: Mapping[str, int]) -> catalogue.Alias:
    """The same with these qualities, by the words of formats."""
    changes: dict[str, Any] = {f"{name}_quality": quality for name, quality in qualities.items()}
    return replace(alias, recipe=replace(alias.recipe, encoding=replace(alias.recipe.encoding, **changes)))


def unmeasured(alias: "Alias", number: int) -> catalogue.Alias:
    """The draft with the qualities that it names itself."""
    return catalogue.Alias(
        name=alias.name,
        revision=number,
        bucket=alias.bucket.name,
        recipe=recipe(alias),
        prefix=alias.prefix,
        caching=catalogue.Caching(alias.max_age, alias.shared_max_age, alias.stale_while_revalidate),
        dprs=validators.read_ratios(alias.dprs),
        fallback=alias.fallback,
    )


def recipe(alias: "Alias") -> Recipe:
    require_known(alias)
    fit = alias.fit.removeprefix("adaptive-")
    # Where nothing is cut off no rule for cutting counts; written down, it would only make other keys for the same
    # picture.
    crop = alias.crop if fit == geometry.Fit.COVER else "center"
    words = crop.split("-")
    return Recipe(
        Geometry(
            width=alias.width,
            height=alias.height,
            fit=geometry.Fit(fit),
            adaptive=alias.fit.startswith("adaptive-"),
            halign=next((side for side in geometry.Halign if side in words), geometry.Halign.CENTER),
            valign=next((side for side in geometry.Valign if side in words), geometry.Valign.MIDDLE),
            smart={"smart": Smart(), "rekognition": Smart(REKOGNITION)}.get(crop),
            focal=(geometry.Box.read(alias.focal_box),) if crop == "focal" else (),
        ),
        Encoding(
            format=alias.format,
            jpeg_quality=alias.jpeg_quality,
            webp_quality=alias.webp_quality,
            avif_quality=alias.avif_quality,
            background=Rgb().read(alias.background),
        ),
        FILTERS.read(alias.filters),
    )


def require_known(alias: "Alias") -> None:
    """Raise BadRecipe for a choice that a draft has from another version of the service."""
    for name in CHOSEN:
        field: Any = alias._meta.get_field(name)
        chosen = getattr(alias, name)
        if chosen not in dict(field.flatchoices):
            raise BadRecipe(
                f"This version of the service does not know the {field.verbose_name} “{shown(str(chosen))}”: choose "
                "another in the form"
            )


def of(alias: "Alias") -> dict[str, Any]:
    content = frozen(alias, 0).to_json()
    del content["revision"]
    if alias.ssim is not None:
        found = measured(alias)
        content["calibration"] = found.to_json() if found else {"ssim": alias.ssim}
    return content


def public(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the catalogue says of a revision: no keys of pictures that were measured, which can name people."""
    return {name: value for name, value in content.items() if name != "calibration"}


def measured(alias: "Alias") -> Calibration | None:
    """What was measured for the draft: last, or for the live revision. None where it asks for no visual quality, or has
    changed since in what decides the qualities."""
    if alias.ssim is None:
        return None
    own = noted(alias)
    if own and own.complete:
        return own
    live = alias.live.content if alias.live else {}
    found = calibration(live)
    try:
        same = found is not None and decisive(thawed(live)) == decisive(drafted(alias))
    except BadRecipe:
        return None
    return found if same else None


def calibration(content: Mapping[str, Any]) -> Calibration | None:
    """What a revision says of what was measured; None where it asks for no visual quality, or what it says cannot be
    read."""
    try:
        return Calibration.from_json(content["calibration"]) if "calibration" in content else None
    except BadRecipe:
        return None


def noted(alias: "Alias") -> Calibration | None:
    """The measuring that was begun for the draft as it is, be it complete or not."""
    if alias.calibration is None or alias.calibration["of"] != basis(alias):
        return None
    return Calibration.from_json(alias.calibration)


def note(alias: "Alias", calibration: Calibration) -> dict[str, Any]:
    """What the draft's field for it holds."""
    return {"of": basis(alias), **calibration.to_json()}


def basis(alias: "Alias") -> str:
    """A short text that differs when the draft does in what decides the qualities, or in its sample."""
    return hashed([decisive(drafted(alias)), alias.sample])


def drafted(alias: "Alias") -> dict[str, Any]:
    """The draft's fields in canonical spelling."""
    return {**thawed(unmeasured(alias, 0).to_json()), "ssim": alias.ssim}


def decisive(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in DECISIVE}


def served(name: str, content: Mapping[str, Any]) -> catalogue.Alias:
    """A revision as the data plane reads it. Raises BadRecipe for what this version does not know."""
    with reading():
        return catalogue.Alias.from_json(name, {"revision": 0, **content})


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
        read = served("", {**content, "recipe": {**recipe, "filters": []}}).to_json()
        return {**content, **read, "recipe": {**read["recipe"], "filters": recipe["filters"]}}


def thawed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields, in canonical spelling; the bucket by its name. Raises BadRecipe as `filled` does."""
    with reading():
        return fields_of(filled(content))


def fields_of(content: Mapping[str, Any]) -> dict[str, Any]:
    frame, encoding = content["recipe"]["geometry"], content["recipe"]["encoding"]
    caching, found = content["caching"], calibration(content)
    target = found.ssim if found else None
    return {
        "bucket": content["bucket"],
        "prefix": content["prefix"],
        "width": frame["width"],
        "height": frame["height"],
        "fit": ("adaptive-" if frame["adaptive"] else "") + frame["fit"],
        "crop": crop_rule(frame),
        "focal_box": frame["focal"][0] if frame["focal"] else "",
        "format": encoding["format"],
        "ssim": target,
        # What was measured is no field of the draft.
        **{name: encoding[name] if target is None else None for name in QUALITIES},
        "background": encoding["background"],
        "filters": ":".join(content["recipe"]["filters"]),
        **caching,
        # None is as long as by browsers, which a draft says itself.
        "shared_max_age": caching["max_age"] if caching["shared_max_age"] is None else caching["shared_max_age"],
        "dprs": ", ".join(f"{ratio:g}" for ratio in content["dprs"]),
        "fallback": content["fallback"],
    }


def crop_rule(frame: Mapping[str, Any]) -> str:
    if frame["focal"]:
        return "focal"
    if frame["smart"]:
        return "rekognition" if Smart.from_json(frame["smart"]).detector == REKOGNITION else "smart"
    return "-".join(word for word in (frame["valign"], frame["halign"]) if word not in ("middle", "center")) or "center"


def fingerprint(content: Mapping[str, Any]) -> str:
    """A short text that differs when contents do: what a page showed, for when its form comes back."""
    return hashed(comparable(content))


def hashed(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def comparable(content: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields, and in place of qualities that are measured what was found, in words."""
    fields, encoding = thawed(content), filled(content)["recipe"]["encoding"]
    if fields["ssim"] is None:
        return fields
    if (found := calibration(content)) and found.samples:
        return {**fields, **{name: f"{encoding[name]}, measured" for name in QUALITIES if encoding[name] is not None}}
    with reading():
        formats = lossy_formats(Encoding.from_json(encoding))
    return {**fields, **{f"{name}_quality": "to be measured" for name in formats}}


def differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    try:
        return comparable(old) != comparable(new)
    except BadRecipe:  # what cannot be read can only be the very same
        return old != new


def ages_shorter(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether some answer may be kept for less long than before; also where that cannot be read."""
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
    return all(before[name] == after[name] for name in FIELDS if name not in AGES)
