"""PNGs that are unpacked at once: the same picture, or left to Pillow."""

from io import BytesIO
from struct import pack
from zlib import compress, crc32

import pytest
from PIL import Image

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.headers import png_chunks
from rendering.imaging.reading.unpacking import inflated, unpacked
from tests.drawings import textured

from ..pictures import corners, made, saved, shown


def photo(mode="RGB", **options):
    image = textured(240, 160, contrast=120)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    return saved(image.convert(mode), "PNG", **options)


def with_header(content, **changed):
    """The PNG with other values in its header, and a checksum that fits."""
    header = bytearray(content[12:29])
    for at, value in changed.items():
        header[int(at.removeprefix("at"))] = value
    return content[:12] + bytes(header) + pack(">I", crc32(header)) + content[33:]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_it_is_the_same_picture(mode):
    content = photo(mode)
    larger = unpacked(content)
    assert larger is not None
    assert len(larger) > len(content)
    assert shown(larger).mode == mode
    assert shown(larger).tobytes() == shown(content).tobytes()


def test_what_stands_before_and_behind_the_pixels_stays():
    exif = Image.Exif()
    exif[0x112] = 6
    content = photo(icc_profile=b"no profile", exif=exif)
    names = [name for name, _, _ in png_chunks(unpacked(content) or b"")]
    assert names == [*(name for name, _, _ in png_chunks(content) if name not in (b"IDAT", b"IEND")), b"IDAT", b"IEND"]


def test_it_is_found_in_whatever_pieces_it_comes():
    content = photo()
    (_, start, end), *_ = [one for one in png_chunks(content) if one[0] == b"IDAT"]
    pixels = content[start + 8 : end - 4]
    pieces = [pixels[at : at + 1000] for at in range(0, len(pixels), 1000)]
    chunks = b"".join(pack(">I", len(one)) + b"IDAT" + one + pack(">I", crc32(b"IDAT" + one)) for one in pieces)
    many = unpacked(content[:start] + chunks + content[end:])
    assert many == unpacked(content)


def film():
    file = BytesIO()
    stills = [textured(240, 160, contrast=120, seed=number) for number in range(2)]
    stills[0].save(file, "PNG", save_all=True, append_images=stills[1:])
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        saved(corners(400, 300)),  # packs far better than a photograph
        saved(textured(240, 160, contrast=120).convert("L").convert("I;16")),
        film(),
        with_header(photo(), at16=1),  # says that it is interlaced
        with_header(photo(), at11=200),  # says that it is higher than it is
        with_header(photo(), at11=20),  # lower
        with_header(photo(), at13=7),  # of a colour type that there is not
    ],
    ids=["drawing", "deep", "film", "interlaced", "too high", "too low", "unknown"],
)
def test_what_is_no_photograph_or_not_what_it_says_is_left_to_pillow(content):
    assert unpacked(content) is None


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_what_is_cut_off_or_damaged_is_broken_as_ever(share):
    content = photo()
    at = int(len(content) * share)
    with pytest.raises(BrokenPicture):
        made(content[:at], width=50)
    with pytest.raises(BrokenPicture):
        made(content[:at] + b"\xff" * 40 + content[at + 40 :], width=50)


def test_no_more_is_unpacked_than_the_header_says():
    """A bomb is given up after one byte too many."""
    assert inflated(compress(bytes(50_000_000)), 1000) is None
    assert inflated(compress(bytes(1000)), 1000) == bytes(1000)
    assert inflated(b"nonsense", 1000) is None
