"""TIFFs of samples that Pillow does not read, or takes for others."""

from struct import pack

import pytest
from PIL import Image

from rendering.imaging.errors import PictureError, TooLarge
from rendering.imaging.reading.checks import bytes_per_pixel
from rendering.imaging.reading.files.tiff import without_big_numbers
from rendering.imaging.reading.limits import BYTES_PER_PIXEL, Limits
from rendering.imaging.reading.opened import Opened

from ..odd import shows, tiff
from ..pictures import RED, difference, gradient, made, saved, shown

SIDE = 16
ORDERS = pytest.mark.parametrize("order", ["<", ">"])
#: The levels of three squares.
LEVELS = (0, 128, 255)
GREYS = [(level, level, level) for level in LEVELS]
INVERTED = [(255 - level,) * 3 for level in LEVELS]
SIZE = (3 * SIDE, SIDE)


def rows(*values):
    """The bytes of squares beside each other, by the bytes of a pixel of each."""
    return b"".join(value * SIDE for value in values) * SIDE


@ORDERS
@pytest.mark.parametrize("meaning", [0, 1])
def test_greys_of_16_bits_are_inverted_where_nought_is_white(order, meaning):
    pixels = rows(*(pack(order + "H", level * 257) for level in LEVELS))
    content = tiff(SIZE, {258: [16], 262: [meaning]}, [pixels], order=order)
    assert not shows(content, GREYS if meaning else INVERTED)


@ORDERS
@pytest.mark.parametrize("meaning", [0, 1])
def test_greys_of_12_bits_are_as_bright_as_of_others(order, meaning):
    numbers = [round(level * 4095 / 255) for level in LEVELS for _ in range(SIDE)]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    row = b"".join((one << 12 | other).to_bytes(3, "big") for one, other in pairs)
    content = tiff(SIZE, {258: [12], 262: [meaning]}, [row * SIDE], order=order)
    assert not shows(content, GREYS if meaning else INVERTED)


@ORDERS
@pytest.mark.parametrize("meaning", [0, 1])
def test_greys_of_32_bits_have_no_sign(order, meaning):
    pixels = rows(*(pack(order + "I", level * 0x01010101) for level in LEVELS))
    content = tiff(SIZE, {258: [32], 262: [meaning]}, [pixels], order=order)
    assert not shows(content, GREYS if meaning else INVERTED)


@ORDERS
def test_small_greys_of_32_bits_are_taken_as_16(order):
    pixels = rows(*(pack(order + "I", level * 257) for level in LEVELS))
    assert not shows(tiff(SIZE, {258: [32], 262: [1]}, [pixels], order=order), GREYS)


@ORDERS
@pytest.mark.parametrize("meaning", [0, 1])
def test_greys_in_fractions_are_inverted_where_nought_is_white(order, meaning):
    pixels = rows(*(pack(order + "f", level / 255) for level in LEVELS))
    content = tiff(SIZE, {258: [32], 262: [meaning], 339: [3]}, [pixels], order=order)
    assert not shows(content, GREYS if meaning else INVERTED)


@ORDERS
@pytest.mark.parametrize("meaning", [0, 1])
def test_greys_of_16_bits_have_alpha(order, meaning):
    pixels = rows(
        *(pack(order + "HH", level * 257, alpha) for level, alpha in zip(LEVELS, (65535, 0, 65535), strict=True))
    )
    tags = {258: [16, 16], 262: [meaning], 277: [2], 338: [2]}
    colours = GREYS if meaning else INVERTED
    content = tiff(SIZE, tags, [pixels], order=order)
    assert not shows(content, [colours[0], (*colours[1], 0), colours[2]])
    assert not shows(tiff(SIZE, {**tags, 338: [0]}, [pixels], order=order), colours)
    multiplied = shown(made(tiff(SIZE, {**tags, 338: [1]}, [pixels], order=order))).convert("RGBA")
    assert [multiplied.getpixel((across, 4))[3] for across in (4, 20, 36)] == [255, 0, 255]


@pytest.mark.parametrize("beside", [0, 1, 2])
def test_what_is_beside_colours_may_be_in_a_plane(beside):
    colours = [(200, 100, 0), (0, 200, 100), (100, 0, 200)]
    alpha = (255, 128, 255)
    planes = [rows(*(bytes([one[band]]) for one in colours)) for band in range(3)]
    if beside == 1:
        planes = [
            rows(*(bytes([one[band] * see // 255]) for one, see in zip(colours, alpha, strict=True)))
            for band in range(3)
        ]
    tags = {258: [8] * 4, 262: [2], 277: [4], 284: [2], 338: [beside]}
    content = tiff(SIZE, tags, [*planes, rows(*(bytes([see]) for see in alpha))])
    assert not shows(content, [(*one, see) for one, see in zip(colours, alpha, strict=True)] if beside else colours)


@ORDERS
@pytest.mark.parametrize("strips", [1, 4])
def test_colours_of_16_bits_may_be_in_planes(order, strips):
    levels = [(255, 0, 128), (0, 255, 128), (64, 32, 255)]
    planes = [
        b"".join(pack(order + "H", colour[band] * 257) * SIDE for colour in levels) * (SIDE // strips)
        for band in range(3)
        for _ in range(strips)
    ]
    tags = {258: [16] * 3, 262: [2], 277: [3], 284: [2], 278: [SIDE // strips]}
    assert not shows(tiff(SIZE, tags, planes, order=order), levels)


@pytest.mark.parametrize("across", [1, 2, 4])
@pytest.mark.parametrize("down", [1, 2])
def test_colour_differences_may_stand_for_several_pixels(across, down):
    colours = [(76, 85, 255), (150, 44, 21), (29, 255, 107)]  # red, green and blue
    units = b"".join(bytes([luma] * (across * down) + [blue, red]) * (SIDE // across) for luma, blue, red in colours)
    content = tiff(SIZE, {258: [8] * 3, 262: [6], 277: [3], 530: [across, down]}, [units * (SIDE // down)])
    image = shown(made(content)).convert("RGB")
    for number, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255)]):
        pixel = image.getpixel((number * SIDE + 8, 8))
        assert max(abs(one - other) for one, other in zip(pixel, colour, strict=True)) <= 3
    assert shown(made(content, width=24)).size == (24, 8)


@ORDERS
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("meaning", [8, 9])
@pytest.mark.parametrize("forms", [None, [1, 2, 2]])
def test_lab_is_read_in_both_ways(order, bits, meaning, forms):
    one = (lambda value: bytes([value])) if bits == 8 else (lambda value: pack(order + "H", value << 8))
    offset = 128 if meaning == 9 else 0
    red = b"".join(map(one, (138, 81 + offset, 70 + offset)))
    grey = b"".join(map(one, (137, offset, offset)))
    tags = {258: [bits] * 3, 262: [meaning], 277: [3]} | ({339: forms} if forms else {})
    image = shown(made(tiff((2 * SIDE, SIDE), tags, [rows(red, grey)], order=order))).convert("RGB")
    for across, colour in ((4, RED), (20, (128, 128, 128))):
        pixel = image.getpixel((across, 4))
        assert max(abs(seen - meant) for seen, meant in zip(pixel, colour, strict=True)) <= 8


@ORDERS
def test_a_bigtiff_is_read_in_both_orders(order):
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    tags = {258: [8] * 3, 262: [2], 277: [3], 274: [1], 278: [SIDE // 2]}
    strips = [rows(*map(bytes, colours))[: SIDE // 2 * SIZE[0] * 3]] * 2
    assert not shows(tiff(SIZE, tags, strips, order=order, big=True), colours)


def test_a_bigtiff_whose_directory_repeats_itself_takes_no_memory():
    whole = tiff(SIZE, {258: [8] * 3, 262: [2], 277: [3]}, [bytes(100_000)], order=">", big=True)
    many = pack(">HHQQ", 300, 16, 10_000, 16) * 3000
    assert (
        without_big_numbers(whole[:8] + pack(">Q", len(whole)) + whole[16:] + pack(">Q", 3000) + many)[:4] == whole[:4]
    )


@pytest.mark.parametrize("mode", ["L", "I;16", "I;16B", "I", "F", "LAB", "RGBA", "P", "CMYK"])
def test_samples_are_the_same_when_they_are_packed(mode):
    image = gradient(40, 30).convert("L" if mode.startswith("I;16") else "RGB" if mode == "LAB" else mode)
    image = image.convert(mode) if mode != "LAB" else Image.merge("LAB", image.split())
    plain, packed = (saved(image, "TIFF", compression=how) for how in (None, "tiff_adobe_deflate"))
    assert difference(shown(made(packed)), shown(made(plain))) == 0


def test_files_that_end_anywhere_are_refused_in_words():
    tags = {258: [16] * 3, 262: [2], 277: [3], 284: [2]}
    whole = tiff((8, 8), tags, [bytes(128)] * 3, order=">", big=True)
    refused = 0
    for end in range(4, len(whole)):
        try:
            made(whole[:end])
        except PictureError:
            refused += 1
    assert refused > len(whole) // 2


@pytest.mark.parametrize(
    ("tags", "bytes_a_pixel", "mode", "alpha"),
    [
        ({258: [8] * 3, 262: [2], 277: [3]}, 3, "RGB", False),
        ({258: [16] * 3, 262: [8], 277: [3]}, 6, "LAB", False),
        ({258: [16, 16], 262: [1], 277: [2], 338: [2]}, 4, "LA", True),
        ({258: [16, 16], 262: [1], 277: [2], 338: [0]}, 4, "L", False),
    ],
)
def test_a_header_says_what_a_picture_will_be_and_what_it_costs(tags, bytes_a_pixel, mode, alpha):
    header = Opened(tiff(SIZE, tags, [bytes(SIZE[0] * SIZE[1] * bytes_a_pixel)]), Limits()).header
    assert (header.mode, header.alpha) == (mode, alpha)
    assert (bytes_per_pixel(header, 1) > BYTES_PER_PIXEL["TIFF"]) == (mode in ("LAB", "LA"))


@pytest.mark.parametrize("beside", [1, 2], ids=["multiplied", "separate"])
def test_grey_with_alpha_takes_the_memory_of_the_mode_that_it_is_settled_in(beside):
    tags = {258: [8, 8], 262: [1], 277: [2], 338: [beside]}
    content = tiff((1000, 1000), tags, [bytes(2_000_000)])
    assert made(content, width=20, limits=Limits(memory=15_000_000)).width == 20
    with pytest.raises(TooLarge, match="in TIFF; decoding it would take"):
        made(content, width=20, limits=Limits(memory=12_000_000))
