"""Conversions for the fields that a revision does not hold one to one."""

from collections.abc import Mapping
from typing import Any

from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.smart import REKOGNITION
from rendering.imaging.frame.geometry import Box, Halign, Valign
from rendering.imaging.parameters import Rgb

from ..fields.declaration import Published, member
from . import validators
from .calibration import calibration_of
from .choices import Crop, Fit

GEOMETRY = "recipe.geometry"
ADAPTIVE = "adaptive-"
#: A smart crop by its crop rule. Without a detector, the deployment's own looks for faces.
SMART: dict[str, dict[str, str]] = {Crop.SMART: {}, Crop.REKOGNITION: {"detector": REKOGNITION}}

bucket = Published("bucket", freeze=lambda bucket: bucket.name)
background = Published("recipe.encoding.background", freeze=lambda text: Rgb().write(Rgb().read(text)))
filters = Published(
    "recipe.filters", freeze=lambda text: [str(call) for call in FILTERS.read(text)], thaw=lambda calls: ":".join(calls)
)
ratios = Published(
    "dprs",
    freeze=lambda text: list(validators.read_ratios(text)),
    thaw=lambda found: ", ".join(f"{ratio:g}" for ratio in found),
)
widths = Published(
    "widths", freeze=lambda text: list(validators.read_widths(text)), thaw=lambda found: ", ".join(map(str, found))
)


def cuts(fit: str) -> bool:
    """Whether a fit crops at all. If not, the crop rule is not published: it would only give the same picture another
    key."""
    return fit == Fit.COVER


class FitWord(Published):
    """Two members: `adaptive-contain` is the fit `contain`, and adaptive."""

    def freeze(self, value: str, draft: Any) -> dict[str, Any]:
        return {
            f"{GEOMETRY}.fit": value.removeprefix(ADAPTIVE),
            f"{GEOMETRY}.adaptive": value.startswith(ADAPTIVE),
        }

    def thaw(self, content: Mapping[str, Any]) -> str:
        geometry = member(content, GEOMETRY)
        return (ADAPTIVE if geometry["adaptive"] else "") + str(geometry["fit"])


class WhereCut(Published):
    """Published only where the fit cuts something off."""

    def without_effect(self, fields: Mapping[str, Any]) -> str:
        return "" if cuts(fields["fit"]) else f"while the fit is {fields['fit']}"


class CropRule(WhereCut):
    """Three members: two alignments and the smart crop. The rule “focal” is published by `FocalBox`."""

    def freeze(self, value: str, draft: Any) -> dict[str, Any]:
        rule = value if cuts(draft.fit) else Crop.CENTER.value
        words = rule.split("-")
        return {
            f"{GEOMETRY}.halign": next((side.value for side in Halign if side in words), Halign.CENTER.value),
            f"{GEOMETRY}.valign": next((side.value for side in Valign if side in words), Valign.MIDDLE.value),
            f"{GEOMETRY}.smart": SMART.get(rule),
        }

    def thaw(self, content: Mapping[str, Any]) -> str:
        geometry = member(content, GEOMETRY)
        if geometry["focal"]:
            return Crop.FOCAL.value
        if smart := geometry["smart"]:
            return (Crop.REKOGNITION if smart["detector"] == REKOGNITION else Crop.SMART).value
        words = [
            word for word in (geometry["valign"], geometry["halign"]) if word not in (Valign.MIDDLE, Halign.CENTER)
        ]
        return "-".join(words) or Crop.CENTER.value


class FocalBox(WhereCut):
    """Published only where the crop rule uses it, too."""

    def freeze(self, value: str, draft: Any) -> dict[str, Any]:
        looked_at = cuts(draft.fit) and draft.crop == Crop.FOCAL
        return {self.path: [str(Box.read(value))] if looked_at else []}

    def thaw(self, content: Mapping[str, Any]) -> str:
        boxes = member(content, self.path)
        return str(boxes[0]) if boxes else ""


class VisualQuality(Published):
    """Published beside the recipe, with what was measured for it, by `content.of`."""

    def freeze(self, value: float | None, draft: Any) -> dict[str, Any]:
        return {}

    def thaw(self, content: Mapping[str, Any]) -> float | None:
        found = calibration_of(content)
        return found.ssim if found else None


class Quality(Published):
    """A quality that was measured for a visual quality does not go back into the draft."""

    def thaw(self, content: Mapping[str, Any]) -> Any:
        return None if calibration_of(content) else super().thaw(content)


class SharedAge(Published):
    """None means as long as in browsers; a draft has the seconds."""

    def thaw(self, content: Mapping[str, Any]) -> Any:
        found = super().thaw(content)
        return member(content, "caching.max_age") if found is None else found
