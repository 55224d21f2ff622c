"""Stills of odd kinds, which many readers show wrong or refuse: written byte by byte where no library writes them."""

import zlib
from collections.abc import Callable
from io import BytesIO
from struct import pack

from PIL import Image, ImageOps

from . import deep
from .drawn import Drawn, saved
from .scene import scene, small, sticker
from .spaces import chunk
from .stills import GOOD, grey, palette

#: A side of an icon, and what its bitmaps start with: the bytes of their header.
ICON, HEADER = 64, 40

#: How far a JPEG 2000 begins from where its parts are counted from.
OFFSET = (13, 7)


def odd(content: bytes, suffix: str, shown: Image.Image) -> Drawn:
    """Readers differ in what they make of the file, so what is shown is told."""
    return Drawn(content, suffix, (shown,), exact=True)


def seen() -> Image.Image:
    """Where the sticker is seen: 255; 0 elsewhere."""
    return sticker().getchannel("A").point([0] * 128 + [255] * 128)


def png(image: Image.Image, depth: int, colour: int, packed: bytes, *chunks: bytes) -> bytes:
    """A PNG of packed rows of that size."""
    length = len(packed) // image.height
    rows = b"".join(b"\0" + packed[start : start + length] for start in range(0, len(packed), length))
    header = chunk(b"IHDR", pack(">IIBBBBB", *image.size, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shallow_key() -> Drawn:
    """A PNG of 4 bits whose grey 5 is transparent."""
    levels = grey().point([6 if value >> 4 == 5 else value >> 4 for value in range(256)])
    levels.paste(5, mask=ImageOps.invert(seen()))
    raw = levels.tobytes()
    packed = bytes(left << 4 | right for left, right in zip(raw[::2], raw[1::2], strict=True))
    shown = Image.merge("LA", (levels.point([min(15, level) * 17 for level in range(256)]), seen()))
    return odd(png(levels, 4, 0, packed, chunk(b"tRNS", pack(">H", 5))), "png", shown)


def deep_key() -> Drawn:
    """A PNG of 16 bits whose transparent colour shares its upper bytes with colours that are seen."""
    image = scene().copy()
    image.paste((200, 30, 90), mask=ImageOps.invert(seen()))
    image.paste((200, 30, 90), (300, 250, 340, 290))
    raw = bytearray(deep.samples(image, "big"))
    clear = pack(">HHH", *(value * 256 for value in (200, 30, 90)))  # in deep.samples lower bytes are not 0
    for place, alpha in enumerate(seen().tobytes()):
        if not alpha:
            raw[place * 6 : place * 6 + 6] = clear
    shown = deep.intended(image).convert("RGBA")
    shown.putalpha(seen())
    return odd(png(image, 16, 2, bytes(raw), chunk(b"tRNS", clear)), "png", shown)


def short_palette() -> Drawn:
    """A PNG with indexes beyond its palette, which browsers show in its last colour."""
    image = palette(False)
    colours = (image.getpalette() or [])[: 3 * 64]
    content = png(image, 8, 3, image.tobytes(), chunk(b"PLTE", bytes(colours)))
    image.putpalette(colours + colours[-3:] * (256 - len(colours) // 3))
    return odd(content, "png", image.convert("RGB"))


def wrong_checksum() -> Drawn:
    """A PNG with a comment whose checksum is wrong."""
    content = saved(scene(), "PNG")
    return odd(content[:33] + chunk(b"tEXt", b"Title\0A fox")[:-1] + b"\0" + content[33:], "png", scene())


def endless() -> Drawn:
    """A JPEG that lacks the marker of its end, and only that."""
    content = saved(scene(), "JPEG", **GOOD)
    assert content.endswith(b"\xff\xd9")
    return odd(content[:-2], "jpg", scene())


def lossless_jpeg() -> Drawn:
    import imagecodecs
    import numpy

    return odd(imagecodecs.ljpeg_encode(numpy.asarray(grey())), "jpg", grey())


def tiff(image: Image.Image, wide: bool, **options: object) -> bytes:
    """A TIFF as tifffile, of the benchmark's environment, writes it: of 16 bits a sample, or of 32 if `wide`."""
    import numpy
    import tifffile

    samples = numpy.frombuffer(deep.samples(image, "little"), "<u2").reshape(image.height, image.width, -1).squeeze()
    if options.get("planarconfig") == "separate":
        samples = numpy.moveaxis(samples, 2, 0)
    file = BytesIO()
    tifffile.imwrite(file, samples.astype("u4") << 16 if wide else samples, metadata=None, **options)
    return file.getvalue()


def shallow_2000() -> Drawn:
    """A JPEG 2000 of 4 bits."""
    import imagecodecs
    import numpy

    levels = grey().point([value >> 4 for value in range(256)])
    content = imagecodecs.jpeg2k_encode(numpy.asarray(levels), level=0, codecformat="jp2", bitspersample=4)
    return odd(content, "jp2", levels.point([min(level, 15) * 17 for level in range(256)]))


def icon(*bitmaps: tuple[int, bytes]) -> bytes:
    """An ICO of bitmaps of one size, with the depth and content of each."""
    place, directory = 6 + 16 * len(bitmaps), b""
    for depth, content in bitmaps:
        directory += pack("<BBBBHHII", ICON, ICON, 0, 0, 1, depth, len(content), place)
        place += len(content)
    return pack("<HHH", 0, 1, len(bitmaps)) + directory + b"".join(content for _, content in bitmaps)


def bitmap(depth: int, pixels: bytes, mask: bytes, colours: bytes = b"") -> bytes:
    head = pack("<IiiHHIIIIII", HEADER, ICON, 2 * ICON, 1, depth, 0, 0, 0, 0, len(colours) // 4, 0)
    return head + colours + pixels + mask


def masked_icon() -> Drawn:
    """An ICO of 32 bits whose alpha is 0 everywhere, so that its mask counts."""
    image = small(ICON)
    alpha = image.getchannel("A").point([0] * 128 + [255] * 128)
    upside = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    upside.putalpha(0)
    mask = ImageOps.invert(alpha).transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("1").tobytes()
    image.putalpha(alpha)
    return odd(icon((32, bitmap(32, upside.tobytes("raw", "BGRA"), mask))), "ico", image)


def two_depths() -> Drawn:
    """An ICO of one size in 1 and in 32 bits: the deeper one is shown."""
    upside = small(ICON).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    clear = bytes(ICON * ICON // 8)
    plain = bitmap(1, clear, clear, bytes(8))
    return odd(icon((1, plain), (32, bitmap(32, upside.tobytes("raw", "BGRA"), clear))), "ico", small(ICON))


def bmp(
    size: tuple[int, int], bits: int, compression: int, beside: bytes, pixels: bytes, header: int = HEADER
) -> bytes:
    fields = pack("<IiiHHIIiiII", header, *size, 1, bits, compression, len(pixels), 0, 0, 0, 0)
    start = 14 + len(fields) + len(beside)
    return b"BM" + pack("<IHHI", start + len(pixels), 0, 0, start) + fields + beside + pixels


def bmp_1555() -> Drawn:
    """A BMP of 16 bits with masks, of which one bit is alpha."""
    shown = scene().point([(value >> 3) * 255 // 31 for value in range(256)] * 3).convert("RGBA")
    shown.putalpha(seen())
    upside = Image.merge("RGBA", (*scene().split(), seen())).transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()
    pixels = b"".join(
        pack("<H", upside[at] >> 3 << 10 | upside[at + 1] >> 3 << 5 | upside[at + 2] >> 3 | upside[at + 3] >> 7 << 15)
        for at in range(0, len(upside), 4)
    )
    masks = pack("<IIII", 0x7C00, 0x3E0, 0x1F, 0x8000).ljust(124 - HEADER, b"\0")
    return odd(bmp(scene().size, 16, 3, masks, pixels, 124), "bmp", shown)


def bmp_ended() -> Drawn:
    """A BMP in runs that ends after half of its rows. Those above are black."""
    image = palette(False)
    colours = image.getpalette() or []
    width, height = image.size
    table = b"".join(bytes([*reversed(colours[at : at + 3]), 0]) for at in range(0, 768, 3)).ljust(1024, b"\0")
    rows = b""
    for row in range(height - 1, height // 2 - 1, -1):
        line = image.crop((0, row, width, row + 1)).tobytes()
        rows += b"".join(bytes([0, 200]) + line[at : at + 200] for at in range(0, width, 200)) + b"\0\0"
    shown = image.convert("RGB")
    shown.paste(0, (0, 0, width, height // 2))
    return odd(bmp(image.size, 8, 1, table, rows + b"\0\1"), "bmp", shown)


def aperture() -> Drawn:
    """An AVIF of which only the upper left is to be shown."""
    wide, high = 600, 400
    content = saved(scene(), "AVIF", quality=90)
    start = content.index(b"meta") - 4
    meta = content[start : start + int.from_bytes(content[start : start + 4], "big")]
    # The middle of what is shown lies to the upper left of the picture's.
    right = pack(">IIIIiIiI", wide, 1, high, 1, wide - scene().width, 2, high - scene().height, 2)
    count = meta.count(b"ispe") + meta.count(b"pixi") + meta.count(b"av1C") + meta.count(b"colr")
    meta = longer(meta, (b"ipco", b"iprp", b"meta"), meta.index(b"ipma") - 4, pack(">I", 40) + b"clap" + right)
    told = meta.index(b"ipma") + 4 + 4 + 4 + 2  # of one item: its associations, after their number
    meta = meta[:told] + bytes([meta[told] + 1]) + meta[told + 1 :]
    meta = longer(meta, (b"ipma", b"iprp", b"meta"), told + 1, bytes([0x80 | count + 1]))
    # At the end of the file, so that all else stays where it is.
    changed = content[: start + 4] + b"free" + content[start + 8 :] + meta
    return odd(changed, "avif", scene().crop((0, 0, wide, high)))


def longer(meta: bytes, kinds: tuple[bytes, ...], at: int, more: bytes) -> bytes:
    """Boxes with more at that place, which is in those of these kinds."""
    changed = bytearray(meta)
    for kind in kinds:
        place = meta.index(kind) - 4
        changed[place : place + 4] = pack(">I", int.from_bytes(meta[place : place + 4], "big") + len(more))
    return bytes(changed[:at]) + more + bytes(changed[at:])


#: By name, as STILLS.
ODD: dict[str, Callable[[], Drawn]] = {
    "JPEG, without the marker of its end": endless,
    "JPEG, without loss": lossless_jpeg,
    "PNG, 4 bit grey, one transparent": shallow_key,
    "PNG, 16 bit RGB, one transparent": deep_key,
    "PNG, indexes beyond its palette": short_palette,
    "PNG, wrong checksum of a comment": wrong_checksum,
    "AVIF, clap": aperture,
    "TIFF, 16 bit grey, white is 0": lambda: odd(
        tiff(ImageOps.invert(grey()), wide=False, photometric="miniswhite"), "tif", deep.intended(grey())
    ),
    "TIFF, 16 bit, planes apart": lambda: odd(
        tiff(scene(), wide=False, photometric="rgb", planarconfig="separate"), "tif", deep.intended(scene())
    ),
    "TIFF, 32 bit grey": lambda: odd(tiff(grey(), wide=True, photometric="minisblack"), "tif", deep.intended(grey())),
    "TIFF, big, from the other end": lambda: odd(
        tiff(scene(), wide=False, photometric="rgb", bigtiff=True, byteorder=">"), "tif", deep.intended(scene())
    ),
    "BMP, 1555 with alpha": bmp_1555,
    "BMP, runs that end early": bmp_ended,
    "ICO, alpha of 0 and a mask": masked_icon,
    "ICO, one size in two depths": two_depths,
    "JPEG 2000, 4 bit grey": shallow_2000,
    "JPEG 2000, from an offset": lambda: odd(
        saved(scene(), "JPEG2000", offset=OFFSET, tile_size=(1024, 1024)), "jp2", scene()
    ),
}
