"""Files that say in which colours they are: PNGs by chunks, JPEGs and BMPs by profiles, AVIFs and HEICs by `nclx`."""

import zlib
from struct import pack

from PIL import Image

from benchmarks.fidelity.spaces import chunk
from rendering.imaging.reading.colour import codes, icc

from .pictures import saved, shown

#: What the bars of `bars` have.
BARS = ((200, 100, 50), (50, 100, 200), (90, 160, 90), (17, 17, 17), (128, 128, 128))
#: The side of a bar.
SIDE = 32

#: The same in Display P3 and in Adobe RGB, as Chromium shows them: all that this asks of lcms is to be as good.
FROM_P3 = ((215, 93, 31), (26, 101, 207), (61, 162, 81), (17, 17, 17), (128, 128, 128))
FROM_ADOBE = ((227, 100, 42), (0, 100, 204), (0, 161, 85), (9, 9, 9), (129, 129, 129))

DISPLAY_P3 = icc.profile_of(codes.PRIMARIES[12])


def bars(mode="RGB", colours=BARS):
    """A row of squares."""
    image = Image.new("RGB", (SIDE * len(colours), SIDE))
    for number, colour in enumerate(colours):
        image.paste(colour, (number * SIDE, 0, (number + 1) * SIDE, SIDE))
    return image.convert(mode)


def seen(derivative):
    """The colours in the middle of each bar of a derivative, which may be reduced."""
    image = shown(derivative)
    count = round(image.width / image.height)
    side = image.width / count
    return [image.convert("RGB").getpixel((int((number + 0.5) * side), image.height // 2)) for number in range(count)]


def apart(colours, others):
    """How far colours are from others: the mean over all channels, of 255."""
    differences = [
        abs(one - other)
        for ours, theirs in zip(colours, others, strict=True)
        for one, other in zip(ours, theirs, strict=True)
    ]
    return sum(differences) / len(differences)


def chrm(primaries):
    """The chunk of primaries as in codes.PRIMARIES: it begins with the white."""
    return chunk(b"cHRM", pack(">8I", *(round(value * 100_000) for value in (*primaries[6:], *primaries[:6]))))


def iccp(profile, method=0):
    return chunk(b"iCCP", b"name\0" + bytes([method]) + zlib.compress(profile))


def png(*chunks, image=None):
    """A PNG of the bars, or of another picture, with chunks before its palette and pixels."""
    content = saved(image or bars())
    return content[:33] + b"".join(chunks) + content[33:]


def with_tag(profile, name, content):
    """An ICC file with one more tag."""
    count = int.from_bytes(profile[128:132], "big")
    entries = [bytearray(profile[132 + 12 * number : 144 + 12 * number]) for number in range(count)]
    for entry in entries:
        entry[4:8] = pack(">I", int.from_bytes(entry[4:8], "big") + 12)
    table = b"".join(map(bytes, entries)) + name + pack(">II", len(profile) + 12, len(content))
    body = profile[132 + 12 * count :] + content
    return pack(">I", len(profile) + 12 + len(content)) + profile[4:128] + pack(">I", count + 1) + table + body


def piece(data, number, count):
    """A segment of a JPEG with a piece of a profile."""
    return b"\xff\xe2" + pack(">H", 16 + len(data)) + b"ICC_PROFILE\0" + bytes([number, count]) + data


def jpeg(before=(), after=(), image=None):
    """A JPEG of the bars with segments before and after the one that says how large it is."""
    content = saved(image or bars(), "JPEG", quality=98, subsampling=0)
    size = content.index(b"\xff\xc0")
    end = size + 2 + int.from_bytes(content[size + 2 : size + 4], "big")
    return content[:2] + b"".join(before) + content[2:end] + b"".join(after) + content[end:]


def bmp(profile, kind=b"DEBM"):
    """A BMP of the bars, of the fifth version, with a profile behind its pixels."""
    image = bars()
    rows = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGR")
    header = pack("<IiiHHIIiiII", 124, *image.size, 1, 24, 0, len(rows), 2835, 2835, 0, 0) + bytes(16) + kind
    header += bytes(36 + 12) + pack("<IIII", 4, 124 + len(rows), len(profile), 0)
    return b"BM" + pack("<IHHI", 138 + len(rows) + len(profile), 0, 0, 138) + header + rows + profile
