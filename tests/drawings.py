"""Pictures that tests draw for themselves, as files."""

import io
from random import Random

from django.http import HttpResponse
from PIL import Image, ImageDraw, ImageFilter


def drawn(width: int = 300, height: int = 200, format: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:  # noqa: A002
    """A picture as a file: four coloured quarters, red, green, blue and yellow from the left upper one on."""
    image = Image.new("RGB", (width, height), "yellow")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), "red")
    draw.rectangle((width // 2, 0, width, height // 2 - 1), "lime")
    draw.rectangle((0, height // 2, width // 2 - 1, height), "blue")
    file = io.BytesIO()
    image.convert(mode).save(file, format, **options)
    return file.getvalue()


def textured(width: int = 240, height: int = 160, contrast: int = 60, seed: int = 1) -> Image.Image:
    """Something that costs an encoder as photographs do: colours that change slowly, under a grain (0 to 255) as coarse
    as leaves. The same every time."""
    grains = [
        Image.frombytes("L", (width, height), Random(f"{seed} {band}").randbytes(width * height)).filter(
            ImageFilter.GaussianBlur(1)
        )
        for band in "RGB"
    ]
    across, down = Image.linear_gradient("L").rotate(90).resize((width, height)), Image.linear_gradient("L")
    slow = Image.merge("RGB", (across, down.resize((width, height)), across))
    return Image.blend(slow, Image.merge("RGB", grains), contrast / 255)


def photograph(width: int = 240, height: int = 160, format: str = "PNG", **texture: int) -> bytes:  # noqa: A002
    file = io.BytesIO()
    textured(width, height, **texture).save(file, format, quality=95)
    return file.getvalue()


def noise(width: int, height: int) -> bytes:
    """A PNG that hardly compresses: about three bytes a pixel."""
    file = io.BytesIO()
    Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3)).save(file, "PNG")
    return file.getvalue()


def opened(response: HttpResponse) -> Image.Image:
    image = Image.open(io.BytesIO(response.content))
    image.load()
    return image
