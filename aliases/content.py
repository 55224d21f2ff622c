"""From an alias's draft to what a revision holds, and back.

A revision holds an alias as the catalogue says it, so that publishing hands it on unread. `thawed` reads it back into
the draft's fields: for comparing, for telling differences in words, for copying an old revision into the draft.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from rendering import catalogue
from rendering.imaging import geometry
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.smart import REKOGNITION, Smart
from rendering.imaging.geometry import Geometry
from rendering.imaging.parameters import Rgb
from rendering.imaging.recipe import Recipe

from . import validators

if TYPE_CHECKING:
    from .models import Alias

#: The draft's fields that are published, in the order in which they are told.
FIELDS = (
    "bucket", "prefix", "width", "height", "fit", "crop", "focal_box", "format", "jpeg_quality", "webp_quality",
    "avif_quality", "background", "filters", "max_age", "shared_max_age", "stale_while_revalidate", "dprs", "fallback",
)  # fmt: skip
#: Those that say only how long answers are kept.
AGES = frozenset({"max_age", "shared_max_age", "stale_while_revalidate"})


def frozen(alias: "Alias", number: int) -> catalogue.Alias:
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


def of(alias: "Alias") -> dict[str, Any]:
    content = frozen(alias, 0).to_json()
    del content["revision"]
    return content


def thawed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The draft's fields, in canonical spelling; the bucket by its name. Recipes are not read: a filter may be gone."""
    frame, encoding = content["recipe"]["geometry"], content["recipe"]["encoding"]
    return {
        "bucket": content["bucket"],
        "prefix": content["prefix"],
        "width": frame["width"],
        "height": frame["height"],
        "fit": ("adaptive-" if frame["adaptive"] else "") + frame["fit"],
        "crop": crop_rule(frame),
        "focal_box": frame["focal"][0] if frame["focal"] else "",
        **{name: encoding[name] for name in ("format", "jpeg_quality", "webp_quality", "avif_quality", "background")},
        "filters": ":".join(content["recipe"]["filters"]),
        **content["caching"],
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
    return sha256(json.dumps(thawed(content), sort_keys=True).encode()).hexdigest()[:16]


def differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return thawed(old) != thawed(new)


def only_ages_differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    before, after = thawed(old), thawed(new)
    return all(before[name] == after[name] for name in FIELDS if name not in AGES)
