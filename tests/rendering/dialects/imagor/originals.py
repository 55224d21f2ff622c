"""Originals as large as those of imagor's own tests, drawn."""

import io

from PIL import Image, ImageDraw

from tests.drawings import drawn


def originals() -> dict[str, bytes]:
    """The content of each, by its key."""
    tags = Image.Exif()
    tags[0x0112] = 6
    return {
        "tall.png": drawn(1634, 2224, "PNG", "RGBA"),
        "turned.png": drawn(2224, 1634, "PNG", "RGBA", exif=tags),
        "tagged.png": drawn(1634, 2224, "PNG", "RGBA", exif=tags),
        "small.png": drawn(202, 259, "PNG", "RGBA"),
        "small.avif": drawn(202, 259, "AVIF", "RGBA"),
        "paper.tiff": drawn(200, 100, "TIFF", "RGBA"),
        "moving.gif": moving(121, 128, 8, "GIF"),
        "wide.gif": moving(500, 198, 12, "GIF"),
        "moving.webp": moving(70, 87, 8, "WEBP"),
        "square.jpg": drawn(200, 200),
        "square.bmp": drawn(200, 200, "BMP"),
        "grey.bmp": drawn(512, 512, "BMP", "L"),
        "grey.png": drawn(293, 115, "PNG", "LA"),
        "photo.jpg": drawn(100, 68),
        "profile.jpg": drawn(1900, 1263),
        "bordered.png": bordered(),
        "clear.png": clear(),
    }


def moving(width: int, height: int, frames: int, format_: str) -> bytes:
    """An animation: each frame has a square of its own."""
    pictures = []
    for number in range(frames):
        picture = Image.new("RGB", (width, height), "white")
        ImageDraw.Draw(picture).rectangle((0, 0, width - 1, height - 1), None, "gold")
        picture.putpixel((0, 0), (255, 255, 255))  # so that trimming cuts nothing off
        left = number * width // frames
        ImageDraw.Draw(picture).rectangle((left, 20, left + 9, 29), "navy")
        pictures.append(picture)
    file = io.BytesIO()
    pictures[0].save(file, format_, save_all=True, append_images=pictures[1:], duration=100, loop=0)
    return file.getvalue()


def bordered() -> bytes:
    """512 x 320 pixels: to the left 32 columns of one colour, to the right 80 of another."""
    picture = Image.new("RGB", (512, 320), "white")
    picture.paste(Image.radial_gradient("L").resize((400, 320)).point(lambda level: 40 + level // 2), (32, 0))
    picture.paste((200, 30, 30), (432, 0, 512, 320))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def clear() -> bytes:
    """150 x 148 pixels, of which 136 x 142 are not transparent."""
    picture = Image.new("RGBA", (150, 148), (0, 0, 0, 0))
    picture.paste((20, 120, 80, 255), (9, 2, 145, 144))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
