"""Validators of single fields. Where the data plane reads the value, its message is used."""

import re
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError

from rendering import conf, names
from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.lifetime import Lifetime
from rendering.imaging.frame.geometry import Box
from rendering.imaging.parameters import Integer, Number, Rgb
from rendering.imaging.reading.limits import megapixels
from rendering.imaging.recipe import Recipe

T = TypeVar("T")

#: The device-pixel ratios of screens. Below 1 nobody asks for them, above 5 nobody sees a difference.
RATIO = Number(1.01, 5)
MOST_RATIOS = 5
#: As many as Next.js has in its `srcset`s by default, the framework with the most.
MOST_WIDTHS = 16


def refuse(sentence: str) -> None:
    if sentence:
        raise ValidationError(sentence)


def read_or_refuse(read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except BadRecipe as error:
        raise ValidationError(str(error)) from None


def alias_name(value: str) -> None:
    refuse(names.wrong_with_alias_name(value))


def bucket_name(value: str) -> None:
    refuse(names.wrong_with_bucket_name(value))


def key(value: str) -> None:
    refuse(names.wrong_with_key(value))


def box(value: str) -> None:
    refuse(wrong_with_box(read_or_refuse(Box.read, value)))


def wrong_with_box(box: Box) -> str:
    """What looks like a slip in a box, as a sentence; empty if nothing does. 0x0:1x1 is one pixel, but surely the
    entire picture is meant."""
    if not box.fractions and box.right <= 1 and box.bottom <= 1:
        return (
            f"{box} is one pixel of the original. Write 0.0x0.0:1.0x1.0 for all of it: with a decimal point, "
            "the numbers are fractions of the sides."
        )
    return ""


def box_in_parts(value: str) -> None:
    if not read_or_refuse(Box.read, value).fractions:
        raise ValidationError(
            "Write the box in fractions of the sides, from 0 to 1 with a decimal point: 0.2x0.1:0.6x0.5"
        )


def colour(value: str) -> None:
    read_or_refuse(Rgb().read, value)


def filters(value: str) -> None:
    for call in read_or_refuse(FILTERS.read, value):
        if call.filter.stage is Lifetime:
            raise ValidationError(
                f"{call.filter.name} is for URLs that spell their recipe out; an alias says under “Delivery” for how "
                "long its answers are kept"
            )
        for argument in call.values:
            if isinstance(argument, Box) and (wrong := wrong_with_box(argument)):
                raise ValidationError(f"{call.filter.name}: {wrong}")


def wrong_with_overlays(filters: str, bucket: str, others: list[str]) -> str:
    """What is wrong with the pictures that filters lay over this one, as a sentence; empty if nothing is."""
    try:
        paths = Recipe(filters=FILTERS.read(filters)).overlays
    except BadRecipe:
        return ""  # the field's own validator says so
    for path in paths:
        name, _, key = path.partition("/")
        if name not in (bucket, *others):
            return (
                f"“{path}” begins with a bucket that “{bucket}” takes no overlays from. Write {bucket}/… for one of "
                f"its own pictures, or tick the other bucket in the page of “{bucket}”, under “overlays from”."
            )
        if wrong := names.wrong_with_key(key):
            return f"An overlay's path is a bucket's name, a / and a key. {wrong}."
    return ""


def ratios(value: str) -> None:
    read_or_refuse(read_ratios, value)


def read_ratios(text: str) -> tuple[float, ...]:
    """Read `2, 3` as (2.0, 3.0), sorted and without duplicates. Raises BadRecipe."""
    found = sorted({round(RATIO.read(word.removesuffix("x").removeprefix("@")), 2) for word in words(text)})
    if len(found) > MOST_RATIOS:
        raise BadRecipe(
            f"{len(found)} ratios are too many; each is a picture to render and keep: at most {MOST_RATIOS}"
        )
    return tuple(found)


def words(text: str) -> list[str]:
    """The words of a list, which may be separated by commas or by spaces."""
    return [word for word in re.split(r"[,\s]+", text) if word]


def widths(value: str) -> None:
    read_or_refuse(read_widths, value)


def read_widths(text: str) -> tuple[int, ...]:
    """Read `320, 640` as (320, 640), sorted and without duplicates. Raises BadRecipe."""
    side = Integer(1, settings.MAX_WIDTH)
    found = sorted({side.read(word.removesuffix("w").removeprefix("@")) for word in words(text)})
    if len(found) > MOST_WIDTHS:
        raise BadRecipe(
            f"{len(found)} widths are too many; each is a picture to render and keep: at most {MOST_WIDTHS}"
        )
    return tuple(found)


def width(value: int) -> None:
    if not 1 <= value <= settings.MAX_WIDTH:
        raise ValidationError(f"This service makes pictures from 1 to {settings.MAX_WIDTH} pixels wide, not {value}.")


def height(value: int) -> None:
    if not 1 <= value <= settings.MAX_HEIGHT:
        raise ValidationError(f"This service makes pictures from 1 to {settings.MAX_HEIGHT} pixels high, not {value}.")


def quality(value: int) -> None:
    if not 1 <= value <= 100:
        raise ValidationError(
            f"{value} is not a quality; write 1 (smallest file) to 100 (best picture), or leave it empty."
        )


def likeness(value: float) -> None:
    if not 0.8 <= value <= 0.995:
        raise ValidationError(
            f"{value:g} is not a visual quality; write 0.8 (blocks can be seen) to 0.995 (hardly any difference), or "
            "leave it empty."
        )


def enlargement(value: float) -> None:
    if not 1 <= value <= 100:
        raise ValidationError(f"{value:g} is no enlargement; write 1 (not at all) to 100, or leave it empty.")


def kilobytes(value: int) -> None:
    if not 1 <= value <= 100_000:
        raise ValidationError(f"{value} is not a size; write kB from 1 to 100000, such as 35, or leave it empty.")


def age(value: int) -> None:
    if not 0 <= value <= 31_536_000:
        raise ValidationError(f"{value} is not an age; write seconds from 0 to 31536000, which is a year.")


def too_large(width: int | None, height: int | None, descriptor: Descriptor = OWN) -> str:
    """What is wrong with a size in pixels at a ratio or a width, as a sentence; empty if nothing is."""
    limits = conf.limits()
    ratio = descriptor.width / width if width and descriptor.width else descriptor.ratio
    at = f"At {descriptor.suffix} the picture" if descriptor.suffix else "The picture"
    for name, side, most in (("wide", width, limits.width), ("high", height, limits.height)):
        if side and side * ratio > most:
            leave = f", or leave {descriptor.suffix} out" if descriptor.suffix else ""
            return (
                f"{at} would be {side * ratio:.0f} pixels {name}; this service makes at most {most}. "
                f"Ask for at most {int(most / ratio)}{leave}."
            )
    if width and height and width * height * ratio**2 > limits.output_pixels:
        count, allowed = megapixels(width * height * ratio**2, limits.output_pixels)
        return f"{at} would have {count} megapixels; this service makes at most {allowed}."
    return ""
