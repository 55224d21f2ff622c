"""Refusals name what is not read, and only what is damaged is called so."""

from struct import pack

import pytest

from rendering.imaging.errors import BrokenPicture, PictureError, UnsupportedFormat

from ..odd import bmp, tiff
from ..pictures import gradient, made, saved

SIZE = (8, 8)
GREY, RGB, CMYK = {262: [1], 277: [1]}, {262: [2], 277: [3]}, {262: [5], 277: [5]}


def jpeg_of(precision, components, marker=0xC1):
    whole = saved(gradient(), "JPEG")
    place = whole.index(b"\xff\xc0")
    head = pack(">BBHBHHB", 0xFF, marker, 8 + 3 * components, precision, 80, 120, components)
    return whole[:place] + head + whole[place + 10 : place + 10 + 3 * components].ljust(3 * components, b"\1")


UNREAD = {
    "TIFF of floats in RGB": (
        tiff(SIZE, {**RGB, 258: [32] * 3, 339: [3] * 3}, [bytes(768)]),
        "32 bits .floating point.*RGB",
    ),
    "TIFF of half floats in RGB": (
        tiff(SIZE, {**RGB, 258: [16] * 3, 339: [3] * 3}, [bytes(384)]),
        "16 bits .floating point",
    ),
    "TIFF of doubles": (tiff(SIZE, {**GREY, 258: [64], 339: [3]}, [bytes(512)]), "64 bits .floating point.*grey"),
    "TIFF of CMYK with alpha": (tiff(SIZE, {**CMYK, 258: [8] * 5, 338: [2]}, [bytes(320)]), "CMYK and alpha"),
    "TIFF of Lab with alpha": (tiff(SIZE, {262: [8], 277: [4], 258: [8] * 4, 338: [2]}, [bytes(256)]), "Lab and alpha"),
    "TIFF of complex numbers": (tiff(SIZE, {**GREY, 258: [64], 339: [6]}, [bytes(512)]), "complex"),
    "TIFF of 10 bits": (tiff(SIZE, {**GREY, 258: [10]}, [bytes(80)]), "10 bits"),
    "TIFF of a sensor": (tiff(SIZE, {262: [32803], 258: [16]}, [bytes(128)]), "of a sensor"),
    "TIFF of grey and alpha in planes": (
        tiff(SIZE, {262: [1], 277: [2], 258: [8] * 2, 284: [2], 338: [2]}, [bytes(64)] * 2),
        "grey and alpha, each in a plane",
    ),
    "TIFF of WebP": (tiff(SIZE, {**RGB, 258: [8] * 3, 259: [50001]}, [bytes(64)]), "packed as WebP"),
    "TIFF of JPEG XL": (tiff(SIZE, {**RGB, 258: [8] * 3, 259: [50002]}, [bytes(64)], order=">"), "packed as JPEG XL"),
    "TIFF of JPEG 2000": (
        tiff(SIZE, {**RGB, 258: [8] * 3, 259: [34712]}, [bytes(64)], big=True),
        "packed as JPEG 2000",
    ),
    "JPEG of 12 bits": (jpeg_of(12, 3), "12 bits a sample"),
    "JPEG of two channels": (jpeg_of(8, 2), "2 channels"),
    "JPEG of several sizes": (jpeg_of(8, 3, 0xC5), "hierarchical"),
    "JPEG-LS": (jpeg_of(8, 3, 0xF7), "JPEG-LS"),
    "BMP of a JPEG": (bmp(SIZE, 24, bytes(192), compression=4), "packed as a JPEG"),
    "BMP of a fax": (bmp(SIZE, 1, bytes(64), header=64, compression=3), "packed as a fax"),
    "BMP of 2 bits": (bmp(SIZE, 2, bytes(64)), "2 bits a pixel"),
}


@pytest.mark.parametrize(("content", "words"), UNREAD.values(), ids=UNREAD)
def test_what_is_not_read_is_named(content, words):
    with pytest.raises(UnsupportedFormat, match=words):
        made(content)


@pytest.mark.parametrize("content", [content for content, _ in UNREAD.values()], ids=UNREAD)
def test_a_file_that_ends_anywhere_is_refused_in_words(content):
    for end in range(4, min(len(content), 300)):
        with pytest.raises(PictureError):
            made(content[:end])


@pytest.mark.parametrize(
    "content",
    [
        saved(gradient(), "TIFF", compression="tiff_lzw")[:-900],
        tiff(SIZE, {**RGB, 258: [8] * 3}, [bytes(100)]),
        saved(gradient(), "JPEG")[:-300],
        saved(gradient(), "JPEG2000")[:400],
        saved(gradient(), "BMP")[:-300],
        # Headers that no program writes.
        jpeg_of(90, 3),
        tiff(SIZE, {**GREY, 258: [65535]}, [bytes(64)]),
        bmp(SIZE, 0, bytes(64)),
    ],
)
def test_what_is_cut_off_is_called_so(content):
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(content)
