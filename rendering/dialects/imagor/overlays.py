"""imagor's filters that lay pictures and text over another one."""

import re
from collections.abc import Iterator

from rendering.imaging.errors import BadArgument
from rendering.imaging.filters import FILTERS, Call
from rendering.imaging.filters.grammar.lines import Line
from rendering.imaging.parameters import PathText

from .slots import decode, read_slots

#: What a nested picture may say of itself.
NESTED = frozenset({"fit", "stretch", "size"})
#: Pixels of text whose font names no size.
TEXT_SIZE = 20
ALIGNMENTS = {"centre": "center", "center": "center", "high": "right", "right": "right"}


def call(name: str, *texts: str) -> Call:
    """The filter with these arguments; numbers out of range are clamped. Raises BadArgument."""
    return FILTERS[name].read_leniently(list(texts))


def number(texts: list[str], position: int) -> float:
    """The number at a position. Raises BadArgument."""
    text = decode(texts[position]) if position < len(texts) else ""
    if not re.fullmatch(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})", text):
        raise BadArgument("A number is missing, or is none")
    return float(text)


def argument(texts: list[str], position: int, default: str = "") -> str:
    """The text at a position, decoded. Bytes that are not UTF-8 become the sign that stands for none."""
    if position >= len(texts) or not texts[position]:
        return default
    return decode(texts[position]).encode(errors="surrogateescape").decode(errors="replace")


def place(text: str) -> str:
    """A position. A fraction of the side, such as 0.1 or -0.15, is a percentage here."""
    if re.fullmatch(r"-?0?\.[0-9]{1,9}", text):
        return f"{'-' if text.startswith('-') else ''}{abs(float(text)) * 100:.0f}p"
    return text


def watermark(texts: list[str]) -> Iterator[Call]:
    x, y, transparency = place(argument(texts, 1, "0")), place(argument(texts, 2, "0")), argument(texts, 3, "0")
    yield call("watermark", PathText().write(argument(texts, 0)), x, y, transparency, *texts[4:6])


def image(texts: list[str]) -> Iterator[Call]:
    """A picture that is itself an imagor URL. Only its size and how it is met are known here: one that is worked upon
    in other ways would not be the same."""
    found, rest = read_slots(decode(argument(texts, 0)))
    others = [name for name in found if name not in NESTED]
    size = found.get("size", "x").removesuffix("/")
    fit = found.get("fit", "")
    if others or size.startswith("-") or "x-" in size or fit not in ("", "fit-in/"):
        raise BadArgument("image: of a nested picture only fit-in, stretch and a size are applied")
    if argument(texts, 4, "normal") != "normal":
        raise BadArgument("image: pictures are laid over another as they are, in no other way of blending")
    width, height = (side(text) for text in size.split("x"))
    how = "contain" if fit else "stretch" if "stretch" in found else "cover"
    x, y, transparency = place(argument(texts, 1, "0")), place(argument(texts, 2, "0")), argument(texts, 3, "0")
    yield call("image", PathText().write(rest), x, y, transparency, width, height, how)


def side(text: str) -> str:
    """A side of a nested picture: pixels, or `f-20`, which is 20 less than the picture's."""
    if text.startswith("f"):
        less = text.partition("-")[2]
        return f"-{less}" if less else "100p"
    return text or "0"


def label(texts: list[str]) -> Iterator[Call]:
    """`text,x,y,size,color,alpha,font`. There is one font."""
    size = argument(texts, 3, str(TEXT_SIZE))
    yield written(texts, size, argument(texts, 4, "black"), argument(texts, 5, "0"))


def text(texts: list[str]) -> Iterator[Call]:
    """`text,x,y,font,color,alpha,blend,width,align,justify,wrap,spacing,dpi`, of which the font's size counts."""
    if argument(texts, 6, "normal") != "normal":
        raise BadArgument("text: it is laid over the picture as it is, in no other way of blending")
    size = re.search(r"([0-9]{1,4})$", argument(texts, 3))
    width = argument(texts, 7, "0")
    fraction = re.fullmatch(r"0?\.[0-9]{1,9}", width)
    width = f"{float(width) * 100:.0f}p" if fraction else side(width)
    yield written(
        texts,
        size[1] if size else str(TEXT_SIZE),
        argument(texts, 4, "black"),
        argument(texts, 5, "0"),
        width,
        ALIGNMENTS.get(argument(texts, 8).lower(), "left"),
    )


def written(texts: list[str], *others: str) -> Call:
    return call(
        "text",
        Line().write(argument(texts, 0)),
        *map(place, (argument(texts, 1, "0"), argument(texts, 2, "0"))),
        *others,
    )
