"""PNGs that Pillow shows in other colours than browsers, or refuses though every pixel is there."""

import zlib
from struct import pack

import pytest
from PIL import Image

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.files.png import with_all_pixels

from ..odd import chunk, png, shows
from ..pictures import corners, difference, gradient, made, saved, shown

SIDE = 16


def bits(values, depth):
    """A row of samples, each `SIDE` pixels wide."""
    number, total = 0, 0
    for value in values:
        for _ in range(SIDE):
            number, total = number << depth | value, total + depth
    return number.to_bytes(total // 8, "big")


@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize("value", [0, 1])
def test_the_transparent_grey_is_as_deep_as_the_samples(depth, value):
    row = bits([0, 1], depth)
    content = png((2 * SIDE, SIDE), depth, 0, [row] * SIDE, chunk(b"tRNS", pack(">H", value)))
    step = 255 // ((1 << depth) - 1)
    colours = [(0, 0, 0), (step, step, step)]
    colours[value] = (*colours[value], 0)
    assert not shows(content, colours)


def test_a_transparent_grey_of_16_bits_is_not_one_that_differs_in_the_lower_byte():
    row = b"".join(pack(">H", value) * SIDE for value in (0x8000, 0x8001, 0x1000))
    content = png((3 * SIDE, SIDE), 16, 0, [row] * SIDE, chunk(b"tRNS", pack(">H", 0x8001)))
    assert not shows(content, [(128, 128, 128), (128, 128, 128, 0), (16, 16, 16)])


def test_a_transparent_colour_of_16_bits_is_not_one_that_differs_in_a_lower_byte():
    colours = [(0xFF00, 0x8000, 0x0000), (0xFF00, 0x8001, 0x0000), (0x0000, 0x8001, 0xFF00)]
    row = b"".join(pack(">HHH", *colour) * SIDE for colour in colours)
    content = png((3 * SIDE, SIDE), 16, 2, [row] * SIDE, chunk(b"tRNS", pack(">HHH", *colours[1])))
    assert not shows(content, [(255, 128, 0), (255, 128, 0, 0), (0, 128, 255)])


TRANSPARENT = chunk(b"tRNS", pack(">H", 0))


@pytest.mark.parametrize("beside", [
    [chunk(b"tRNS", b"")], [chunk(b"tRNS", b"\0")], [chunk(b"pHYs", b"\0\0")], [chunk(b"acTL", b"\0\0\0\1")],
    [chunk(b"tRNS", pack(">H", 7)), TRANSPARENT],
])  # fmt: skip
def test_side_chunks_that_say_nothing_are_passed_over(beside):
    assert not shows(
        png((2 * SIDE, SIDE), 8, 0, [b"\0" * SIDE + b"\x80" * SIDE] * SIDE, *beside), [(0,) * 3, (128,) * 3]
    )


def test_a_transparent_colour_after_the_pixels_is_passed_over():
    whole = png((SIDE, SIDE), 8, 0, [bytes(SIDE)] * SIDE)
    assert not shows(whole[:-12] + TRANSPARENT + whole[-12:], [(0, 0, 0)])
    assert not shows(png((SIDE, SIDE), 8, 0, [bytes(SIDE)] * SIDE, TRANSPARENT), [(0, 0, 0, 0)])


def test_alpha_of_a_palette_before_it_is_passed_over():
    palette, alpha = chunk(b"PLTE", bytes([255, 0, 0])), chunk(b"tRNS", b"\0")
    assert not shows(png((SIDE, SIDE), 8, 3, [bytes(SIDE)] * SIDE, alpha, palette), [(255, 0, 0)])
    assert not shows(png((SIDE, SIDE), 8, 3, [bytes(SIDE)] * SIDE, palette, alpha), [(255, 0, 0, 0)])


@pytest.mark.parametrize("alpha", [b"", b"\x80\xff\x00"])
def test_an_index_beyond_the_palette_has_its_last_colour(alpha):
    palette = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255])
    row = bytes(value for value in (0, 1, 200) for _ in range(SIDE))
    beside = [chunk(b"tRNS", alpha)] if alpha else []
    content = png((3 * SIDE, SIDE), 8, 3, [row] * SIDE, chunk(b"PLTE", palette), *beside)
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    assert not shows(content, [(*colour, see) for colour, see in zip(colours, alpha or b"\xff" * 3, strict=True)])


BROKEN = {
    "profile": chunk(b"iCCP", b"profile\0\7packed in a way that nobody knows"),
    "XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\7\0\0packed in a way that nobody knows"),
    "EXIF": chunk(b"zTXt", b"Raw profile type exif\0\7packed in a way that nobody knows"),
    "checksum of a profile": chunk(b"iCCP", b"profile\0\0" + zlib.compress(b"x"))[:-4] + b"oops",
    "checksum of a gamma": chunk(b"gAMA", pack(">I", 45455))[:-4] + b"oops",
    "checksum of a text": chunk(b"tEXt", b"exif\0oops")[:-4] + b"oops",
    "checksum of EXIF": chunk(b"eXIf", b"II*\0oops")[:-4] + b"oops",
}


@pytest.mark.parametrize("one", BROKEN.values(), ids=BROKEN)
def test_a_broken_side_chunk_is_dropped(one):
    plain = saved(corners())
    place = plain.index(b"IDAT") - 4
    assert difference(shown(made(plain[:place] + one + plain[place:])), corners()) == 0


def test_a_broken_chunk_of_the_picture_itself_is_not():
    rows = [bytes(SIDE)] * SIDE
    palette = chunk(b"PLTE", bytes(768))[:-4] + b"oops"
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(png((SIDE, SIDE), 8, 3, rows, palette))


def with_packed(image, change):
    """The PNG of a picture, with its packed pixels changed."""
    raw = b"".join(b"\0" + image.crop((0, row, image.width, row + 1)).tobytes() for row in range(image.height))
    return png(image.size, 8, 2, (), packed=change(zlib.compress(raw)))


@pytest.mark.parametrize("width", [None, 30])
@pytest.mark.parametrize("change", [lambda packed: packed[:-4] + b"oops", lambda packed: packed[:-4]])
def test_pixels_are_shown_without_the_right_checksum_after_them(change, width):
    content, whole = with_packed(corners(), change), made(corners(), width=width)
    assert difference(shown(made(content, width=width)), shown(whole)) == 0


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "RGBA", "I;16"])
def test_pixels_are_packed_anew_whatever_they_are(mode, interlaced):
    image = gradient(37, 23).convert("L" if mode == "I;16" else mode).convert(mode)
    content = saved(image)
    assert not interlaced or with_all_pixels(content)  # Pillow writes none
    again = with_all_pixels(content)
    assert again
    assert shown(again).tobytes() == image.tobytes()


@pytest.mark.parametrize("lost", [12, 20, 60])
def test_pixels_that_are_cut_off_are_not_made_up(lost):
    content = with_packed(gradient(), lambda packed: packed[:-lost])
    assert len(content) > lost
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(content)


def test_pixels_in_a_chunk_with_a_wrong_checksum_are_damaged():
    content = with_packed(gradient(), lambda packed: packed[:-4] + b"oops")
    place = content.index(b"IEND") - 8
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(content[:place] + b"oops" + content[place + 4 :])


def test_files_that_end_anywhere_are_no_fault_of_ours():
    content = with_packed(Image.new("RGB", (9, 9)), lambda packed: packed[:-4] + b"oops")
    for end in range(8, len(content) - 20):
        with pytest.raises(BrokenPicture):
            made(content[:end])
