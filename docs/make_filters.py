"""Writes filters.md, a picture of what each filter does, and their number in README.md: `python -m docs.make_filters`.

It is not part of the core, which reads no files, nor of the service, which does not need it. The text comes from the
filters themselves. `tests/rendering/imaging/filters/test_filter_docs.py` fails when the text or a picture is not
what this would write.
"""

import re
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS, Filter
from rendering.imaging.filters.grammar.examples import EXAMPLES
from rendering.imaging.filters.grammar.lifetime import Lifetime
from rendering.imaging.filters.grammar.registry import Argument
from rendering.imaging.focus import yunet
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.pipeline.render import render
from rendering.imaging.pipeline.sight import detect, wants_focus
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe

DOCS = Path(__file__).parent
#: Where the admin shows them, too.
PICTURES = DOCS.parent / "aliases" / "static" / "aliases" / "filters"
README = DOCS.parent / "README.md"
SAMPLES = DOCS.parent / "samples"

#: Width and height, in pixels.
SIZE = (240, 160)
#: The mean difference of a channel, in levels of 255, from which two pictures count as different.
MEAN_DIFFERENCE = 0.25

INTRODUCTION = """\
# Filters

<!-- Written by `make docs` (docs/make_filters.py) from the filters themselves. Do not edit. -->

A filter is one named step, `name(arguments)`. Several are separated by `:`, as in `saturation(0.5):blur(3)`.

**Order.** Filters of pixels run in the order given, after the picture has been cropped and resized. All others may
stand anywhere. On an animation, a filter is applied to every frame. Filters of colours leave transparency unchanged.

**Errors.** In an alias, an unknown filter and any argument that is not as below is an error in the form. A Thumbor URL
is read [as Thumbor reads it](urls.md#filters-in-thumbor-urls): a number out of range is clamped, and a filter that is
unknown or cannot take its arguments is left out and named.

**Arguments** in square brackets are optional. A colour is a name (`white`) or three or six hexadecimal digits (`f80`,
`ff8800`), with or without a `#` before them; in a URL, write the # as `%23` or leave it out. Text may be quoted. The
path of another picture is its bucket, a `/` and its key.
"""

STAGES = {
    Image.Image: "Pixels",
    Geometry: "Crop and size",
    Encoding: "Format and file",
    Lifetime: "Caching",
}

#: The filters whose effect a small picture does not show.
UNSEEN = {"dpr", "no_upscale", "upscale", *(name for name, one in FILTERS.items() if one.stage in (Encoding, Lifetime))}

#: Filters that Thumbor does not have.
BEYOND = {
    "sepia", "tint", "duotone", "pixelate", "padding", "orientation", "dpr", "outline", "face", "hue", "crop",
    "image", "text", "keep_animation", "keep_copyright",
}  # fmt: skip

#: Originals and sizes for filters that the default ones would not show.
PORTRAIT, COFFEE, LOGO = "people/astronaut.jpg", "food/coffee.jpg", "brand/logo.png"
ORIGINALS = {
    "fill": PORTRAIT,
    "focal": PORTRAIT,
    "face": PORTRAIT,
    "sharpen": PORTRAIT,
    "pixelate": PORTRAIT,
    "background_color": LOGO,
}
FRAMES = {
    "fill": Geometry(*SIZE, fit=Fit.CONTAIN),
    "background_color": Geometry(*SIZE, fit=Fit.CONTAIN),
    "stretch": Geometry(SIZE[0], SIZE[1] // 2),
    "focal": Geometry(*SIZE),
    "face": Geometry(*SIZE),
    "rotate": Geometry(160, 107),
}


def text() -> str:
    """All of filters.md."""
    parts = [INTRODUCTION, f"Without any filter:\n\n{picture_link('none')}\n"]
    for stage, title in STAGES.items():
        parts.append(f"## {title}\n")
        parts += [section(declared) for declared in FILTERS.values() if declared.stage is stage]
    return "\n".join(parts)


def section(declared: Filter) -> str:
    """The section of one filter. Raises LookupError where there is no example of it."""
    if declared.name not in EXAMPLES:
        raise LookupError(
            f"There is no example of {declared.name}: add one to rendering/imaging/filters/grammar/examples.py."
        )
    parts = [f"### {declared.name}", f"`{declared.usage}`", declared.help]
    if declared.name in BEYOND:
        parts.append("Thumbor does not have this filter.")
    if declared.arguments:
        parts.append("\n".join(f"- {explained(argument)}" for argument in declared.arguments))
    parts.append(f"For example: `{EXAMPLES[declared.name]}`")
    if declared.name not in UNSEEN:
        parts.append(picture_link(declared.name))
    return "\n\n".join(parts) + "\n"


def explained(argument: Argument) -> str:
    said = f"`{argument.name}`: {argument.parameter.explain()}"
    return said if argument.required else f"{said}; without it, {argument.parameter.write(argument.default)}"


def picture_link(name: str) -> str:
    return f"![{name}](../aliases/static/aliases/filters/{name}.webp)"


def picture(name: str, filters: str) -> bytes:
    """A small picture after some filters."""
    original = SAMPLES / ORIGINALS.get(name, COFFEE)
    geometry = FRAMES.get(name, Geometry(*SIZE))
    recipe = Recipe(geometry, Encoding("webp", webp_quality=75), FILTERS.read(filters))
    opened, settled = Opened(original.read_bytes(), Limits()), recipe.settled("any", Defaults())
    focus = detect(opened, yunet.NAME) if wants_focus(opened, settled) else None
    return render(opened, settled, overlay, focus).content


def overlay(path: str) -> bytes:
    """The sample with that name."""
    return (SAMPLES / path).read_bytes()


def pictures() -> dict[str, bytes]:
    """The pictures of the page, by the name of their filter."""
    return {"none": picture("none", "")} | {
        name: picture(name, example) for name, example in EXAMPLES.items() if name not in UNSEEN
    }


def same(stored: bytes, drawn: bytes) -> bool:
    """Whether two pictures look the same. Their bytes may differ if another CPU encoded them."""
    one, other = (Image.open(BytesIO(content)).convert("RGBA") for content in (stored, drawn))
    return one.size == other.size and max(ImageStat.Stat(ImageChops.difference(one, other)).mean) < MEAN_DIFFERENCE


def main() -> None:
    """Write only what differs, so that nothing changes unless a filter did."""
    (DOCS / "filters.md").write_text(text())
    README.write_text(re.sub(r"\[\d+ filters\]", f"[{len(FILTERS)} filters]", README.read_text()))
    PICTURES.mkdir(exist_ok=True)
    for name, drawn in pictures().items():
        path = PICTURES / f"{name}.webp"
        if not (path.exists() and same(path.read_bytes(), drawn)):
            path.write_bytes(drawn)


if __name__ == "__main__":
    main()
