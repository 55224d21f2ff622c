"""The content of the pictures that the benchmark draws: a photograph, patches, ramps, text and fine lines.

Nothing in them is symmetric, so a rotated or mirrored picture differs from an upright one.
"""

import colorsys
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PHOTOGRAPH = Path(__file__).resolve().parents[2] / "samples" / "food" / "coffee.jpg"

#: Width and height, in pixels. Fitted into 400 x 400, both sides are whole numbers.
SIZE = (800, 600)

#: Skin, foliage, sky, primaries and greys: the colours that matter most to eyes and printers.
PATCHES = (
    *("734f3b", "c29682", "627a9d", "576c43", "8580b1", "67bdaa", "d67e2c", "505ba6"),
    *("c15a63", "5e3c6c", "9dbc40", "e0a32e", "383d96", "469449", "af363c", "e7c71f"),
    *("bb5695", "0885a1", "ffffff", "c8c8c8", "7a7a7a", "343434", "ff0000", "0000ff"),
)

#: A colour that must never be visible: it fills fully transparent pixels.
HIDDEN = (0, 255, 0)


@cache
def scene() -> Image.Image:
    """Mode RGB, in sRGB."""
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    with Image.open(PHOTOGRAPH) as photograph:
        image.paste(photograph.convert("RGB").resize((600, 400), Image.Resampling.LANCZOS))
    for number, colour in enumerate(PATCHES):
        left, top = 600 + number % 3 * 67, number // 3 * 50
        draw.rectangle((left, top, left + 66, top + 49), f"#{colour}")
    for across in range(400):
        grey = across * 255 // 399
        draw.line((across, 400, across, 449), (grey, grey, grey))
        red, green, blue = colorsys.hsv_to_rgb(across / 400, 0.8, 0.9)
        draw.line((across, 450, across, 499), (round(red * 255), round(green * 255), round(blue * 255)))
    for across in range(400, 800, 6):
        draw.line((across, 400, across + (across - 400) // 8, 499), "black", width=2)
    for top, size in ((505, 40), (552, 22), (580, 14)):
        draw.text((12, top), "A fox is quick, 0123456789", fill="#1b3a6b", font=ImageFont.load_default(size))
    draw.ellipse((620, 510, 700, 590), fill="#d22630")
    draw.rectangle((720, 520, 790, 590), outline="#0a5c36", width=5)
    return image


@cache
def sticker() -> Image.Image:
    """Mode RGBA: the scene seen through a soft ring and letters; where nothing is seen, HIDDEN stands."""
    mask = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(mask)
    for inset in range(120):
        # From transparent to opaque in 120 steps: edges of every softness.
        draw.ellipse((inset, inset, 599 - inset, 599 - inset), inset * 255 // 119)
    draw.text((610, 60), "Ab", fill=255, font=ImageFont.load_default(150))
    draw.rectangle((620, 400, 780, 560), fill=128)
    image = scene().copy()
    image.paste(HIDDEN, mask=mask.point([255] + [0] * 255))
    image.putalpha(mask)
    return image


@cache
def small(side: int) -> Image.Image:
    """The sticker as an icon, square."""
    return sticker().crop((0, 0, 600, 600)).resize((side, side), Image.Resampling.LANCZOS)


@cache
def ink() -> Image.Image:
    """Mode CMYK: the scene with half of its grey in the black, which gives the scene when it is converted naively."""
    red, green, blue = (band.tobytes() for band in scene().split())
    bands: list[bytearray] = [bytearray(len(red)) for _ in range(4)]
    for number, light in enumerate(zip(red, green, blue, strict=True)):
        black = (255 - max(light)) // 2
        for band, value in zip(bands, light, strict=False):
            band[number] = 255 - round(value * 255 / (255 - black))
        bands[3][number] = black
    return Image.merge("CMYK", [Image.frombytes("L", SIZE, bytes(band)) for band in bands])


def animation(size: tuple[int, int] = (320, 240), count: int = 6) -> list[Image.Image]:
    """Frames, mode RGB, of 16 colours that every format can hold exactly: a dot that crosses a corner of a house."""
    frames = []
    for number in range(count):
        image = Image.new("RGB", size, "#f0e6d2")
        draw = ImageDraw.Draw(image)
        draw.rectangle((20, 20, 120, 90), fill="#2a6f97")
        draw.polygon(((20, 20), (70, 0), (120, 20)), fill="#a4161a")
        draw.rectangle((size[0] - 60, size[1] - 40, size[0] - 1, size[1] - 1), fill="#40916c")
        left = 30 + number * 36
        draw.ellipse((left, 100, left + 60, 160), fill="#e9c46a")
        draw.rectangle((left + 20, 120, left + 40, 140), fill="#1d3557")
        frames.append(image)
    return frames
