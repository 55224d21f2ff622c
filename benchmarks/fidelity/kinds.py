"""What every engine has to make: each kind of original in each format, fitted into a box."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

#: The formats by their names in URLs, and which of them can hold an animation.
FORMATS = ("jpeg", "png", "webp", "avif", "gif")
MOVING = ("png", "webp", "avif", "gif")

#: For what is only read in an odd way: one format without loss, and one as others are written.
PAIR = ("png", "webp")

#: The box that pictures must fit, in pixels a side; smaller for animations.
BOX, ANIMATION_BOX = 400, 160

#: The endings of files that count as pictures.
SUFFIXES = ("jpg", "jpeg", "png", "webp", "avif", "gif", "tif", "tiff", "bmp", "ico", "heic", "heif", "jp2", "mpo")

#: Real pictures, used if they are beside this checkout, and their names here.
REAL = {
    "thumbor/images/conf/exif/o6.webp": "Real: WebP, orientation 6",
    "thumbor/images/conf/exif/o6.png": "Real: PNG, orientation 6",
    "thumbor/images/conf/color/p3.png": "Real: PNG, Display P3",
    "thumbor/images/conf/color/cmyk.jpg": "Real: JPEG, CMYK",
    "thumbor/images/conf/palette/p-trns-index.png": "Real: PNG, palette with tRNS",
    "thumbor/images/conf/alpha/logo.png": "Real: PNG, a logo",
    "thumbor/images/conf/alpha/gray-alpha.png": "Real: PNG, grey and alpha",
    "thumbor/images/conf/deep/gray16.png": "Real: PNG, 16 bit grey",
    "thumbor/images/conf/deep/rgba16.png": "Real: PNG, 16 bit RGBA",
    "thumbor/images/conf/avif/alpha.avif": "Real: AVIF, alpha",
    "thumbor/images/conf/other/icon.ico": "Real: ICO",
    "thumbor/images/conf/gif/anim-transparent.gif": "Real: animated GIF, transparent",
    "thumbor/images/conf/png/apng.png": "Real: APNG",
    "thumbor/images/conf/webp/anim.webp": "Real: animated WebP",
    "speed/images/jpeg12_o6.jpg": "Real: a camera's JPEG, 12 MP, orientation 6",
    "speed/images/jpeg24.jpg": "Real: JPEG, 24 MP",
    "speed/images/cmyk4.jpg": "Real: JPEG, CMYK with a press's profile",
    "speed/images/png2a.png": "Real: PNG, RGBA",
    "speed/images/rgb16.png": "Real: PNG, 16 bit RGB",
    "speed/images/webp4.webp": "Real: WebP",
    "speed/images/avif2.avif": "Real: AVIF",
    "speed/images/earth44.gif": "Real: animated GIF, 44 frames",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of original: its name in the table, its file, and the box that derivatives must fit."""

    name: str
    original: str
    box: int = BOX
    #: One format is enough for a kind that tests a single thing.
    formats: tuple[str, ...] = FORMATS

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def is_drawn(self) -> bool:
        """Whether this benchmark drew the original, from a picture in `samples/`."""
        return self.name not in REAL.values()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "slug": self.slug}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(data["name"], data["original"], data["box"], tuple(data["formats"]))


def real(folder: Path) -> Iterator[Kind]:
    """The pictures of REAL that are in the folder."""
    for end, name in REAL.items():
        if (folder / end).exists():
            yield Kind(name, str(folder / end))


def pictures(folder: Path) -> Iterator[Kind]:
    """Every picture in a folder."""
    for path in sorted(folder.rglob("*")):
        if path.suffix[1:].lower() in SUFFIXES:
            yield Kind(f"{folder.name}/{path.relative_to(folder).as_posix()}", str(path))


def written(kinds: list[Kind], path: Path) -> None:
    path.write_text(json.dumps([kind.to_json() for kind in kinds], indent=1))


def read(path: Path) -> list[Kind]:
    return [Kind.from_json(data) for data in json.loads(path.read_text())]
