"""Our derivatives, made as this service answers `/unsafe/fit-in/400x400/filters:format(webp)/…`."""

from pathlib import Path

import PIL
from PIL import features

from rendering.dialects.thumbor import read
from rendering.imaging.errors import PictureError
from rendering.imaging.pipeline.render import render
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults

from .kinds import Kind


def path(kind: Kind, name: str) -> str:
    """The path after `unsafe/` of a derivative in one of kinds.FORMATS. Thumbor gets the same."""
    return f"fit-in/{kind.box}x{kind.box}/filters:format({name})/{Path(kind.original).name}"


def make(kinds: list[Kind], folder: Path) -> None:
    """A file for each kind and format, or the error message."""
    for kind in kinds:
        content = Path(kind.original).read_bytes()
        for name in kind.formats:
            recipe = read(path(kind, name), Limits()).recipe.settled("any", Defaults())
            made = folder / f"{kind.slug}.{name}"
            try:
                made.write_bytes(render(Opened(content, Limits()), recipe).content)
            except PictureError as error:
                made.with_suffix(f".{name}.error").write_text(str(error))
            except Exception as error:  # noqa: BLE001  # an unforeseen error is a 500, and a row like any other
                made.with_suffix(f".{name}.error").write_text(f"500: {error!r}")


def versions() -> str:
    codecs = {"libjpeg-turbo": "libjpeg_turbo", "libwebp": "webp", "libavif": "avif", "lcms": "littlecms2"}
    versions = ", ".join(f"{name} {features.version(feature)}" for name, feature in codecs.items())
    return f"this service, Pillow {PIL.__version__} ({versions})"
