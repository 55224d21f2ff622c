"""Differences that are intended, or that are Thumbor's faults: data, each with its row of the docs."""

import re
from dataclasses import dataclass

#: Originals with transparent parts, and filters that make some.
CLEAR = r"(logo|white-matte|soft|grey-alpha|palette-clear)\.(png|webp)"
MADE_CLEAR = r"(round_corner\([^)]*(true|1)\)|\((transparent|f008|ff000080))"
CROPPED = r"(^|/)(trim[^/]*|\d+x\d+:\d+x\d+)/"
ONE_SIDE = r"(.*/)?-?(\d+x-?|x-?\d+)/"
ANYTHING = ("status", "type", "size", "alpha", "pixels")
PICTURE = ("alpha", "pixels")


@dataclass(frozen=True)
class Excuse:
    #: The first cell of a row in docs/urls.md, under “Where Thumbor URLs deviate”.
    row: str
    #: What may differ, in the words of compare.py.
    differs: tuple[str, ...]
    #: What the path must match somewhere.
    path: str = ""
    #: Thumbor's status and ours, if they differ.
    statuses: tuple[tuple[int, int], ...] = ()
    #: Our media type, if it matters.
    type: str = ""
    #: The decision in docs/decisions.md.
    decision: str = "D17"

    def fits(self, path: str, differs: list[str], statuses: tuple[int, int], kind: str) -> bool:
        return (
            set(differs) <= set(self.differs)
            and bool(re.search(self.path, path))
            and ("status" not in differs or statuses in self.statuses)
            and kind.startswith(self.type)
        )


#: The first that fits counts, so the narrower ones come first.
EXCUSES = [
    Excuse("what makes Thumbor fail", ("status",), statuses=((500, 200), (0, 200))),
    Excuse("filters on GIFs", ANYTHING, r"filters:.*\.gif$"),
    Excuse("`MAX_WIDTH` and `MAX_HEIGHT`", ("size",), ONE_SIDE),
    Excuse("cuts of less than a pixel", ("empty",), CROPPED, decision="D55"),
    Excuse("a size with one side", ("pixels",), CROPPED + ONE_SIDE, decision="D55"),
    Excuse("`trim` of a transparent border", ("size", *PICTURE), rf"(^|/)trim[^/]*/.*{CLEAR}$"),
    Excuse("`no_upscale` with a crop or `trim`", ("size", *PICTURE), rf"{CROPPED}.*no_upscale\(\)"),
    Excuse("`upscale` among other filters", ("size", *PICTURE), r"\):.*upscale\(\)"),
    Excuse(
        "`no_upscale` and `upscale`", ("size", *PICTURE), r"no_upscale\(\).*[:(]upscale\(\)|[:(]upscale\(\).*no_upscale"
    ),
    Excuse(
        "formats that are not written",
        ("type", *PICTURE),
        r"format\([^)]*\).*:format\((?!png|jpe?g|webp|WEBP|gif|avif)",
    ),
    Excuse("transparency in a JPEG", ("pixels",), rf"{CLEAR}|{MADE_CLEAR}", type="image/jpeg"),
    Excuse("transparency, and a format without it", ("type", *PICTURE), MADE_CLEAR, type="image/png"),
    Excuse("`noise`", ("pixels",), r"noise\("),
    Excuse("`equalize`", ("empty", "pixels"), r"equalize\(\)"),
    Excuse("`max_bytes`", ("pixels",), r"max_bytes\("),
    Excuse("`round_corner`", PICTURE, r"round_corner\("),
    Excuse(
        "`blur`, `convolution` and `sharpen` of transparent parts", PICTURE, rf"(blur|convolution|sharpen).*{CLEAR}$"
    ),
    Excuse("the mean colour, `auto`, of transparent parts", PICTURE, rf"\(auto.*{CLEAR}$"),
    Excuse("numbers out of range", ("empty", *PICTURE), r"[(,](1000|90\.0)[,)]", decision="D18"),
    Excuse("palettes", PICTURE, r"palette(-clear)?\.png$|format\(gif\)"),
    Excuse("AVIF", ("pixels",), r"quality\([1-5]\d\).*avif|avif.*quality\([1-5]\d\)", decision="D57"),
    Excuse("colours with a #", PICTURE, "%23"),
]
