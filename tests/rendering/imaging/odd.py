"""Files of odd kinds, written by hand, byte by byte; and whether they are shown as they should be."""

import zlib
from struct import pack

from PIL import Image

from .pictures import made, shown

#: What each format may be off by, at a pixel: those that lose something are looked at in the middle of flat parts.
FORMATS = {"png": 1, "webp": 14, "avif": 14, "jpeg": 14}


def chunk(name, data):
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def png(size, depth, colour, rows, *chunks, packed=None):
    """A PNG of rows of bytes, with chunks before its pixels."""
    raw = b"".join(b"\0" + row for row in rows)
    data = zlib.compress(raw) if packed is None else packed
    head = pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join([chunk(b"IHDR", head), *chunks, chunk(b"IDAT", data), chunk(b"IEND", b"")])


def tiff(size, tags, strips, *, order="<", big=False):
    """A TIFF of these tags, each a list of numbers (of 16 bits, or of more if they are larger), and strips."""
    tags = {256: [size[0]], 257: [size[1]], 259: [1], 277: [1], 278: [size[1]], **tags}
    tags[279] = [len(strip) for strip in strips]
    head = 16 if big else 8
    length = 20 if big else 12
    entries = sorted({*tags, 273})
    place = head + (8 if big else 2) + length * len(entries) + (8 if big else 4)
    offsets, beyond = [], b""
    for strip in strips:
        offsets.append(place + len(beyond))
        beyond += strip + b"\0" * (len(strip) & 1)
    tags[273] = offsets
    directory = b""
    for tag in entries:
        kind, width = ((16, "Q") if big else (4, "I")) if tag in (273, 279) else (3, "H")
        data = b"".join(pack(order + width, value) for value in tags[tag])
        room = 8 if big else 4
        if len(data) > room:
            at, beyond = place + len(beyond), beyond + data + b"\0" * (len(data) & 1)
            data = pack(order + ("Q" if big else "I"), at)
        directory += pack(order + ("HHQ" if big else "HHI"), tag, kind, len(tags[tag])) + data.ljust(room, b"\0")
    start = (b"II" if order == "<" else b"MM") + pack(order + "H", 43 if big else 42)
    start += pack(order + "HHQ", 8, 0, 16) if big else pack(order + "I", 8)
    return start + pack(order + ("Q" if big else "H"), len(entries)) + directory + bytes(8 if big else 4) + beyond


def bmp(size, bits, pixels, *, header=40, compression=0, masks=(), palette=b"", more=()):
    """A BMP; `more` are the fields of its header after the compression, of four bytes each."""
    width, height = size
    fields = pack("<IiiHHI", header, width, height, 1, bits, compression) + b"".join(pack("<I", one) for one in more)
    fields = fields[:header].ljust(header, b"\0")
    beside = b"".join(pack("<I", mask) for mask in masks)
    if header > 40:
        fields, beside = fields[:40] + beside.ljust(header - 40, b"\0"), b""
    start = 14 + header + len(beside) + len(palette)
    return b"BM" + pack("<IHHI", start + len(pixels), 0, 0, start) + fields + beside + palette + pixels


def ico(*pictures):
    """An ICO of pictures: width and height, the depth that the directory says, and the bytes of each."""
    place, directory, beyond = 6 + 16 * len(pictures), b"", b""
    for (width, height), depth, content in pictures:
        directory += pack("<BBBBHHII", width % 256, height % 256, 0, 0, 1, depth, len(content), place + len(beyond))
        beyond += content
    return pack("<HHH", 0, 1, len(pictures)) + directory + beyond


def bitmap(size, bits, pixels, mask, palette=b""):
    """A bitmap in an ICO, twice as high as its picture."""
    width, height = size
    head = pack("<IiiHHIIIIII", 40, width, 2 * height, 1, bits, 0, 0, 0, 0, len(palette) // 4, 0)
    return head + palette + pixels + mask


def cells(colours, side=16):
    """Flat squares beside each other, as Pillow draws them."""
    mode = {3: "RGB", 4: "RGBA"}[len(colours[0])]
    image = Image.new(mode, (len(colours) * side, side))
    for number, colour in enumerate(colours):
        image.paste(colour, (number * side, 0, (number + 1) * side, side))
    return image


def shows(content, colours):
    """What is wrong with how a picture is shown whose squares beside each other have these colours (red, green, blue
    and, where they are not opaque, alpha), in each format, at its own size and at half of it; nothing if all is right.
    """
    wrong = []
    for to, tolerance in FORMATS.items():
        for part in (1, 2):
            width = made(content).width // part
            image = shown(made(content, to=to, width=width)).convert("RGBA")
            side = image.width / len(colours)
            for number, colour in enumerate(colours):
                pixel = image.getpixel((int((number + 0.5) * side), image.height // 2))
                wanted = (*colour, 255)[:4]
                if to == "jpeg":
                    wanted = (*(round(one * wanted[3] / 255 + 255 - wanted[3]) for one in wanted[:3]), 255)
                seen = pixel if wanted[3] else (*wanted[:3], pixel[3])
                if max(abs(one - other) for one, other in zip(seen, wanted, strict=True)) > tolerance:
                    wrong.append((to, part, number, pixel, wanted))
    return wrong
