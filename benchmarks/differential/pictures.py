"""The originals: drawn, so that each run and each machine has the same ones."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

PHOTOGRAPH = Path(__file__).resolve().parents[2] / "samples" / "food" / "coffee.jpg"
WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (255, 0, 0)


@cache
def photograph() -> Image.Image:
    with Image.open(PHOTOGRAPH) as image:
        image.draft("RGB", (800, 600))
        return image.convert("RGB")


def scene(width: int, height: int) -> Image.Image:
    """A photograph, the middle of it, with a red disc that tells its sides apart."""
    image = ImageOps.fit(photograph(), (width, height), Image.Resampling.LANCZOS)
    side = min(width, height) // 5
    ImageDraw.Draw(image).ellipse((side, side // 2, 2 * side, side // 2 + side), RED)
    return image


def logo(hidden: tuple[int, int, int]) -> Image.Image:
    """An opaque ellipse on a transparent ground that hides a colour."""
    image = Image.new("RGBA", (200, 100), (*hidden, 0))
    ImageDraw.Draw(image).ellipse((50, 20, 149, 79), (200, 40, 60, 255))
    return image


def soft() -> Image.Image:
    """A scene that fades out to the right."""
    image = scene(240, 160).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").rotate(90).resize((240, 160)))
    return image


def bordered() -> Image.Image:
    image = Image.new("RGB", (300, 220), WHITE)
    image.paste(scene(200, 140), (30, 50))
    return image


def red_on_white() -> Image.Image:
    image = Image.new("RGB", (160, 120), WHITE)
    ImageDraw.Draw(image).rectangle((40, 30, 110, 80), RED)
    return image


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x112] = 6
    return exif


#: What is drawn for each name, and how it is saved.
PICTURES: dict[str, Callable[[Path], None]] = {
    "photo.jpg": lambda path: scene(600, 400).save(path, quality=92),
    "tall.jpg": lambda path: scene(300, 500).save(path, quality=92),
    "square.jpg": lambda path: scene(350, 350).save(path, quality=92),
    "dark.jpg": lambda path: scene(320, 240).point(lambda level: level // 5).save(path, quality=92),
    "grey.jpg": lambda path: scene(400, 300).convert("L").save(path, quality=92),
    "turned.jpg": lambda path: scene(480, 320).save(path, quality=92, exif=turned()),
    "small.png": lambda path: scene(120, 80).save(path),
    "bordered.png": lambda path: bordered().save(path),
    "logo.png": lambda path: logo(BLACK).save(path),
    "white-matte.png": lambda path: logo(WHITE).save(path),
    "soft.png": lambda path: soft().save(path),
    "grey-alpha.png": lambda path: logo(WHITE).convert("LA").save(path),
    "flat.png": lambda path: Image.new("RGB", (100, 60), (40, 120, 200)).save(path),
    "red-on-white.png": lambda path: red_on_white().save(path),
    "palette.png": lambda path: scene(200, 150).quantize(64).save(path),
    "palette-clear.png": lambda path: red_on_white().quantize(4).save(path, transparency=0),
    "photo.webp": lambda path: scene(320, 240).save(path, quality=92),
    "soft.webp": lambda path: soft().save(path, lossless=True),
    "photo.avif": lambda path: scene(320, 240).save(path, quality=92),
    "still.gif": lambda path: scene(160, 120).quantize(64).save(path),
    "photo.tif": lambda path: scene(240, 180).save(path),
    "photo.bmp": lambda path: scene(180, 240).save(path),
}


def draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, save in PICTURES.items():
        save(folder / name)
