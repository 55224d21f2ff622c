"""The originals of the benchmarks: a folder of photographs or, without one, drawn pictures.

Drawn ones cost decoders and encoders about as much as photographs, but have no faces, edges or skies. Ratios come out
alike; bytes and similarity do not.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from tests.drawings import textured

from . import page

#: The folder of photographs beside this checkout.
GIVEN = page.ROOT.parent / "shared" / "speed" / "images"
DRAWN = page.ROOT / "build" / "pictures"


def folder(asked: Path | None) -> Path:
    """The requested folder, else the default one, else the drawn one, which takes half a minute the first time."""
    if asked or GIVEN.is_dir():
        return asked or GIVEN
    print(f"{GIVEN} is not there; pictures drawn into {DRAWN.relative_to(page.ROOT)} stand in for photographs")
    DRAWN.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        if not (DRAWN / name).exists():
            unfinished = DRAWN / f"unfinished-{name}"
            draw(unfinished)
            unfinished.rename(DRAWN / name)
    return DRAWN


def still(width: int, height: int, **options: Any) -> Callable[[Path], None]:
    return lambda path: textured(width, height).save(path, **options)


def cut_out(path: Path) -> None:
    """Something that fades out, on a transparent ground."""
    image = textured(1632, 1224).convert("RGBA")
    image.putalpha(Image.radial_gradient("L").resize(image.size).point(lambda value: max(0, 255 - 3 * value)))
    image.save(path)


def animation(width: int, height: int, frames: int, *, across: int) -> Callable[[Path], None]:
    """A camera that pans over a larger picture or, where `across` is 0, stands while something small moves."""

    def draw(path: Path) -> None:
        ground, spot = textured(width * 2, height), textured(width // 3, height // 3, seed=2)
        shots = []
        for number in range(frames):
            shot = ImageChops.offset(ground, -across * number, 0).crop((0, 0, width, height))
            if not across:
                shot.paste(spot, (number * 2, height // 3))
            shots.append(shot.quantize())
        shots[0].save(path, save_all=True, append_images=shots[1:], duration=90, loop=0)

    return draw


PICTURES = {
    "jpeg2.jpg": still(1734, 1156, quality=90),
    "jpeg12.jpg": still(4000, 3000, quality=90),
    "jpeg12p.jpg": still(4000, 3000, quality=90, progressive=True),
    "jpeg24.jpg": still(6000, 4000, quality=90),
    "png4.png": still(2214, 1808),
    "png2a.png": cut_out,
    "webp4.webp": still(2310, 1732, quality=85),
    "avif2.avif": still(1632, 1226, quality=65, speed=9),
    "anim40.gif": animation(480, 270, 40, across=6),
    "earth44.gif": animation(400, 400, 44, across=0),
}
