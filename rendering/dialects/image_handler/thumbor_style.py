"""Reads Thumbor-style paths of AWS's Serverless Image Handler into the request that its base64 URLs hold as JSON.

They have neither signature nor `unsafe`. Thumbor's words may come anywhere and in any order: the first `10x20:300x400`,
`300x200`, `fit-in` and `s3:bucket` count, and all `filters:…`; the rest is the key. AWS knows none of Thumbor's other
words (`smart`, `trim`, alignments, a size of one side), so they are part of the key. Filters become edits in
alphabetical order, and mean what they mean to AWS: `rotate` is clockwise, `blur(10)` has a sigma of 5.
"""

import re
from collections.abc import Callable, Iterator, Set
from typing import Any
from urllib.parse import unquote

Edits = dict[str, Any]

#: A section of filters and the / after it. Arguments may hold a /.
SECTION = re.compile(r"filters:((?:[^/(]*\([^)]*\))*[^/]*)(?:/|$)")
FILTER = re.compile(r"(?:^|:)\s*([a-z_]+)\(([^)]*)\)")
CROP = re.compile(r"([0-9]{1,6})x([0-9]{1,6}):([0-9]{1,6})x([0-9]{1,6})")
SIZE = re.compile(r"([0-9]{1,6})x([0-9]{1,6})")


def read(raw: str, buckets: Set[str]) -> dict[str, Any]:
    """The request of a raw path: `bucket` (one of `buckets`, or None), `key`, `edits`, and `skipped`, the names of
    filters that AWS does not have either."""
    words, sections = split(raw.lstrip("/"))
    bucket = next((word[3:] for word in words if word.startswith("s3:") and word[3:] in buckets), None)
    size = next(filter(None, map(SIZE.fullmatch, words)), None)
    crop = next(filter(None, map(CROP.fullmatch, words)), None)
    asked: Edits = {}
    if crop:
        left, top, right, bottom = map(int, crop.groups())
        asked["crop"] = {"left": left, "top": top, "width": right - left, "height": bottom - top}
    if size:
        width, height = (int(side) or None for side in size.groups())
        asked["resize"] = {"width": width, "height": height}
    if "fit-in" in words or (size and not all(asked["resize"].values())):
        asked.setdefault("resize", {})["fit"] = "inside"
    # AWS sorts them. Of a filter that comes twice, the last one in this order counts.
    calls = sorted(FILTER.findall(unquote(":".join(sections))))
    skipped = [name for name, arguments in calls if not add_edit(name, arguments, asked)]
    key = "/".join(word for word in words if part_of(word, bucket) == "key")
    return {"bucket": bucket, "key": unquote(key, errors="surrogateescape"), "edits": asked, "skipped": skipped}


def split(raw: str) -> tuple[list[str], list[str]]:
    """The segments of a path that are not filters, and its sections of filters."""
    words: list[str] = []
    sections: list[str] = []
    piece, section = "", None
    for piece, section in pieces(raw):
        if section:
            sections.append(section[1])
        else:
            words.append(piece.removesuffix("/"))
    if piece.endswith("/") and not section:
        words.append("")  # a key may end with a /
    return words, sections


def pieces(raw: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The pieces of a path as they stand in it, each with the / after it; a section of filters with its match."""
    position = 0
    while position < len(raw):
        section = SECTION.match(raw, position)
        end = section.end() if section else raw.find("/", position) + 1 or len(raw)
        yield raw[position:end], section
        position = end


def parts(raw: str, bucket: str | None) -> list[tuple[str, str]]:
    """The parts of a raw path as they stand in it, each with its name: “size”, “crop”, “fit”, “filters”, “bucket” and
    “key”. Together they are the path. `bucket` is what `read` found."""
    found: list[tuple[str, str]] = []
    for piece, section in pieces(raw):
        name = "filters" if section else part_of(piece.removesuffix("/"), bucket)
        if found and found[-1][0] == name == "key":
            found[-1] = name, found[-1][1] + piece
        else:
            found.append((name, piece))
    return found


def part_of(word: str, bucket: str | None) -> str:
    """The name of the part that a segment without filters is."""
    if SIZE.fullmatch(word):
        return "size"
    if CROP.fullmatch(word):
        return "crop"
    if word == "fit-in":
        return "fit"
    return "bucket" if bucket is not None and word == f"s3:{bucket}" else "key"


def add_edit(name: str, text: str, asked: Edits) -> bool:
    """Add the edits of a filter to `asked`. Returns False if AWS has no such filter, and so ignores it."""
    if name not in EDITS:
        return False
    for where, value in EDITS[name]([argument.strip() for argument in text.split(",")], asked):
        if where == "resize":
            asked.setdefault("resize", {}).update(value)
        else:
            asked[where] = value
    return True


Asked = Iterator[tuple[str, Any]]


def number(texts: list[str], position: int) -> float | None:
    try:
        return float(texts[position])
    except (IndexError, ValueError):
        return None


def blur(texts: list[str], asked: Edits) -> Asked:
    sigma, radius = number(texts, 1), number(texts, 0)
    yield "blur", sigma if sigma is not None else radius / 2 if radius is not None else None


def convolution(texts: list[str], asked: Edits) -> Asked:
    kernel = [number([each], 0) for each in texts[0].split(";")]
    columns = int(number(texts, 1) or 1)
    yield "convolve", {"width": columns, "height": len(kernel) // max(1, columns), "kernel": kernel}


def proportion(texts: list[str], asked: Edits) -> Asked:
    yield "resize", {"ratio": number(texts, 0)}


def sharpen(texts: list[str], asked: Edits) -> Asked:
    amount = number(texts, 1)
    yield "sharpen", 1 + amount / 2 if amount is not None else None


def stretch(texts: list[str], asked: Edits) -> Asked:
    if asked.get("resize", {}).get("fit") != "inside":
        yield "resize", {"fit": "fill"}


def rgb(texts: list[str], asked: Edits) -> Asked:
    shares = {band: number(texts, position) for position, band in enumerate("rgb")}
    yield "tint", {band: 255 * (share or 0) / 100 for band, share in shares.items()}


def watermark(texts: list[str], asked: Edits) -> Asked:
    bucket, key, x, y, alpha, width, height = [*texts, *[""] * 7][:7]
    position = {"left": x, "top": y}
    options = {side: text for side, text in position.items() if re.fullmatch(r"-?[0-9]+p?", text)}
    arguments = {"alpha": alpha, "wRatio": width, "hRatio": height}
    yield "overlayWith", {"bucket": bucket, "key": key, **{k: v for k, v in arguments.items() if v}, "options": options}


def smart_crop(texts: list[str], asked: Edits) -> Asked:
    face, padding = number(texts, 0), number(texts, 1)
    arguments = {"faceIndex": face, "padding": padding}
    yield "smartCrop", {name: value for name, value in arguments.items() if value is not None}


def one(where: str, value: Callable[[list[str]], Any]) -> Callable[[list[str], Edits], Asked]:
    """A filter that becomes a single edit."""
    return lambda texts, asked: iter([(where, value(texts))])


FORMATS = ("jpg", "jpeg", "png", "webp", "avif", "gif", "tiff", "heif", "raw")


def format_(texts: list[str], asked: Edits) -> Asked:
    name = texts[0].lower()
    if name in FORMATS:
        yield "toFormat", "jpeg" if name == "jpg" else name


#: Each filter of AWS's, and the function from its arguments to edits.
EDITS: dict[str, Callable[[list[str], Edits], Asked]] = {
    "animated": one("animated", lambda texts: texts[0].lower() != "false"),
    "autojpg": one("toFormat", lambda texts: "jpeg"),
    "background_color": one("flatten", lambda texts: {"background": texts[0]}),
    "blur": blur,
    "convolution": convolution,
    "equalize": one("normalize", lambda texts: True),
    "fill": one("resize", lambda texts: {"fit": "contain", "background": texts[0]}),
    "format": format_,
    "grayscale": one("grayscale", lambda texts: True),
    "no_upscale": one("resize", lambda texts: {"withoutEnlargement": True}),
    "proportion": proportion,
    "quality": one("quality", lambda texts: number(texts, 0)),
    "rgb": rgb,
    "rotate": one("rotate", lambda texts: number(texts, 0)),
    "sharpen": sharpen,
    "smart_crop": smart_crop,
    "stretch": stretch,
    # AWS drops all metadata, the orientation included. Here pictures stay upright.
    "strip_exif": lambda texts, asked: iter(()),
    "strip_icc": lambda texts, asked: iter(()),
    "upscale": one("resize", lambda texts: {"fit": "inside"}),
    "watermark": watermark,
}
