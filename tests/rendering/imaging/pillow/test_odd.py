"""What Pillow's own readers make of odd files: a test that fails says that ours need not make up for it any more, or
that Pillow now works in another way than they rely on."""

import subprocess
import sys
from random import Random
from struct import pack

import pytest
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.IcoImagePlugin import IcoImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.pillow import jpegs, tiffs
from rendering.imaging.pillow.bmps import Bitmap
from rendering.imaging.pillow.readers import load, open_again, open_picture
from rendering.imaging.pillow.scales import load_jpeg, load_jpeg2000
from rendering.imaging.pillow.tiffs import Tiff

from ..odd import bitmap, bmp, chunk, ico, png, tiff
from ..pictures import corners, gradient, saved

PALETTE = bytes([0, 0, 255, 0, 255, 0, 0, 0]).ljust(1024, b"\0")
EARLY = bmp((8, 8), 8, bytes([8, 1, 0, 0, 0, 1]), compression=1, palette=PALETTE, more=(0, 0, 0, 0, 0))
WITH_ALPHA = bmp((8, 8), 16, bytes(128), header=56, compression=3, masks=(0x7C00, 0x3E0, 0x1F, 0x8000))
ANY_ORDER = bmp((8, 8), 16, bytes(128), header=56, compression=3, masks=(0x1F, 0x3E0, 0x7C00, 0))
APART = tiff((8, 8), {258: [16] * 3, 262: [2], 277: [3], 284: [2]}, [b"\1\2\3\4" * 32] * 3)
SHARED = tiff((8, 8), {258: [8] * 3, 262: [6], 277: [3], 530: [2, 2]}, [bytes([50] * 4 + [128] * 2) * 16])
BIG = tiff((8, 8), {258: [8] * 3, 262: [2], 277: [3]}, [bytes(192)], order=">", big=True)


def pixels(reader, content):
    image = open_again(reader, content)
    load(image)
    return image


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (BmpImageFile, EARLY),
        (BmpImageFile, ANY_ORDER),
        (BmpImageFile, bmp((8, 8), 8, bytes(64), header=16, palette=PALETTE)),
        (TiffImageFile, SHARED),
        (JpegImageFile, saved(corners(), "JPEG")[:-2]),
        (JpegImageFile, b"\xff\xd8\xff\xe0\0\7JFIF\0" + saved(corners(), "JPEG")[2:]),
        (PngImageFile, png((8, 8), 8, 0, [bytes(8)] * 8, chunk(b"iCCP", b"profile\0\7oops"))),
        (PngImageFile, png((8, 8), 8, 0, [bytes(8)] * 8, chunk(b"gAMA", bytes(4))[:-4] + b"oops")),
    ],
)
def test_pillow_refuses(reader, content):
    with pytest.raises(BrokenPicture):
        pixels(reader, content)


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [("BMP", EARLY, Bitmap), ("BMP", ANY_ORDER, Bitmap), ("TIFF", SHARED, Tiff)],
)
def test_ours_is_opened_in_its_place(name, content, reader):
    image = open_picture(content, name)
    assert type(image) is reader
    load(image)


def test_pillow_ignores_the_alpha_of_bmps_of_16_bits():
    assert pixels(BmpImageFile, WITH_ALPHA).mode == "RGB"
    assert open_again(Bitmap, WITH_ALPHA).mode == "RGBA"


@pytest.mark.parametrize("content", [EARLY, ANY_ORDER], ids=["runs", "fields"])
def test_a_bmp_is_read_from_any_file(content, tmp_path):
    (tmp_path / "one.bmp").write_bytes(content)
    with Image.open(tmp_path / "one.bmp") as image:
        assert isinstance(image, Bitmap)
        image.load()
        assert image.tobytes() == pixels(Bitmap, content).tobytes()


def test_pillow_takes_samples_of_16_bits_that_are_apart_for_8():
    wrong, right = pixels(TiffImageFile, APART), pixels(Tiff, APART)
    assert (wrong.getpixel((1, 0)), right.getpixel((1, 0))) == ((2, 2, 2), (4, 4, 4))


def test_pillow_does_not_know_the_layouts_that_it_is_told_of_or_means_another():
    code = "from PIL.TiffImagePlugin import OPEN_INFO; print(repr(list(OPEN_INFO.items())))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    known = dict(eval(printed, {"__builtins__": {}}))  # what the line above prints
    for order, big in ((b"II", ""), (b"MM", "B")):
        for (meaning, form, depths, beside), modes in tiffs.layouts(big).items():
            before = known.get((order, meaning, form, 1, depths, beside))
            if before == modes:
                # Only in these it means another thing by the same modes: they are inverted, or of 12 bits.
                assert meaning == tiffs.WHITE_IS_ZERO or depths == (12,)


def test_pillow_takes_the_shallowest_picture_of_an_ico_and_alpha_that_is_nought():
    size, mask = (8, 8), bytes(32)
    deep = bitmap(size, 32, bytes([0, 0, 255, 255]) * 64, mask)
    shallow = bitmap(size, 8, bytes(64), mask, bytes([255, 0, 0, 0]).ljust(1024, b"\0"))
    image = pixels(IcoImageFile, ico((size, 8, shallow), (size, 32, deep)))
    assert image.getpixel((0, 0)) == (0, 0, 255, 255)
    clear = bitmap(size, 32, bytes([0, 0, 255, 0]) * 64, mask)
    assert pixels(IcoImageFile, ico((size, 32, clear))).getpixel((0, 0))[3] == 0
    # Where the directory says that there is no alpha, it takes the mask.
    assert pixels(IcoImageFile, ico((size, 24, clear))).getpixel((0, 0)) == (255, 0, 0, 255)


def test_pillow_compares_a_transparent_grey_with_samples_of_8_bits():
    image = pixels(PngImageFile, png((8, 8), 4, 0, [b"\x33" * 4] * 8, chunk(b"tRNS", b"\0\3")))
    assert (image.getpixel((0, 0)), image.info["transparency"]) == (0x33, 3)


def test_pillow_drops_the_lower_bytes_of_colours_and_can_drop_the_upper_ones():
    image = open_again(PngImageFile, png((8, 8), 16, 2, [b"\1\2\3\4\5\6" * 8] * 8))
    assert image.tile[0].args == "RGB;16B"
    image.tile = [image.tile[0]._replace(args="RGB;16L")]
    load(image)
    assert image.getpixel((0, 0)) == (2, 4, 6)


def test_pillow_shows_greys_for_indexes_beyond_a_palette():
    image = pixels(PngImageFile, png((8, 8), 8, 3, [b"\x80" * 8] * 8, chunk(b"PLTE", b"\xff\0\0")))
    assert image.convert("RGB").getpixel((0, 0)) != (255, 0, 0)


def test_a_jpeg_is_whole_if_nothing_that_follows_changes_it():
    whole = saved(gradient(), "JPEG")
    assert jpegs.with_end(whole[:-2]) == whole
    assert jpegs.with_end(whole[:-2] + bytes(500)) == whole[:-2] + b"\0" + jpegs.END
    assert jpegs.with_end(whole[:-20]) is None


def test_the_last_byte_of_a_jpeg_may_be_nought():
    random = Random(1)
    for _ in range(30_000):  # one in some two thousand ends so
        whole = saved(Image.frombytes("L", (8, 8), random.randbytes(64)), "JPEG", quality=90)
        if whole[-3] == 0 and whole[-4] != 0xFF:
            assert jpegs.with_end(whole[:-2]) == whole
            return
    raise AssertionError("None of these pictures ends so")


def test_a_jpeg_without_loss_cannot_be_reduced():
    # 8 x 8 greys of 128, which are no difference to what a decoder starts with.
    head = b"\xff\xd8\xff\xc3" + pack(">HBHHBBBB", 11, 8, 8, 8, 1, 1, 0x11, 0)
    table = b"\xff\xc4" + pack(">HB16BB", 20, 0, 1, *[0] * 15, 0)
    content = head + table + b"\xff\xda" + pack(">HBBBBBB", 8, 1, 1, 0, 1, 0, 0) + bytes(8) + b"\xff\xd9"
    image = open_again(JpegImageFile, content)
    with pytest.raises(BrokenPicture):
        load_jpeg(image, 2, grey=False)
    assert pixels(JpegImageFile, content).getpixel((4, 4)) == 128


def test_pillow_does_not_find_the_parts_of_a_jpeg_2000_that_begins_elsewhere():
    content = saved(gradient(128, 128), "JPEG2000", offset=(8, 8), tile_size=(256, 256))
    with pytest.raises(BrokenPicture):
        load_jpeg2000(open_again(Jpeg2KImageFile, content), 4)


def test_pillow_looks_for_the_number_of_a_bigtiff_where_only_one_order_has_it():
    with pytest.raises(BrokenPicture):
        open_again(TiffImageFile, BIG)
