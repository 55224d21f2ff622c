"""BMPs and ICOs that Pillow shows in other colours than browsers, or refuses."""

from struct import pack

import pytest

from rendering.imaging.errors import BrokenPicture

from ..odd import bitmap, bmp, chunk, ico, png, shows
from ..pictures import corners, made, saved, shown

SIDE = 16
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def fields(masks, colours, bits):
    """Rows of pixels whose fields have these masks."""
    row = b""
    for colour in colours:
        number = 0
        for mask, level in zip(masks, (*colour, 255)[: len(masks)], strict=True):
            most = mask // (mask & -mask) if mask else 0
            number |= round(level / 255 * most) * (mask & -mask)
        row += pack("<H" if bits == 16 else "<I", number) * SIDE
    return row * SIDE


MASKS = {
    "1555": (16, (0x7C00, 0x3E0, 0x1F, 0x8000)),
    "4444": (16, (0xF00, 0xF0, 0xF, 0xF000)),
    "5551": (16, (0xF800, 0x7C0, 0x3E, 0x1)),
    "565 backwards": (16, (0x1F, 0x7E0, 0xF800, 0)),
    "332": (16, (0xE0, 0x1C, 0x3, 0)),
    "8888 mixed": (32, (0xFF00, 0xFF000000, 0xFF, 0xFF0000)),
    "1010102": (32, (0x3FF, 0xFFC00, 0x3FF00000, 0xC0000000)),
    "1010102 backwards": (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000)),
    "rgb of 32 without alpha": (32, (0xFF, 0xFF00, 0xFF0000, 0)),
}


@pytest.mark.parametrize(("bits", "masks"), MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("down", [False, True])
def test_fields_of_bits_may_be_laid_out_in_any_way(bits, masks, down):
    see = 0 if masks[3] else 255
    colours = [RED, (*GREEN, see), BLUE]
    size = (3 * SIDE, -SIDE if down else SIDE)
    content = bmp(size, bits, fields(masks, colours, bits), header=56, compression=3, masks=masks)
    assert not shows(content, colours)


def test_alpha_that_hides_everything_is_none():
    masks = MASKS["1555"][1]
    content = bmp(
        (2 * SIDE, SIDE), 16, fields(masks, [(*RED, 0), (*BLUE, 0)], 16), header=108, compression=3, masks=masks
    )
    assert not shows(content, [RED, BLUE])


def test_a_header_of_40_bytes_has_no_alpha_after_its_masks():
    masks = MASKS["1555"][1]
    content = bmp((2 * SIDE, SIDE), 16, fields(masks[:3], [RED, BLUE], 16), compression=3, masks=masks[:3])
    assert not shows(content, [RED, BLUE])


def test_masks_after_a_header_of_40_bytes_may_be_said_to_have_alpha():
    masks = MASKS["1555"][1]
    colours = [RED, (*GREEN, 0), BLUE]
    content = bmp((3 * SIDE, SIDE), 16, fields(masks, colours, 16), compression=6, masks=masks)
    assert not shows(content, colours)


@pytest.mark.parametrize("header", [108, 124])
def test_32_bits_have_alpha_if_a_late_header_has_a_mask_for_it(header):
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    colours = [(*RED, 0), GREEN, BLUE]
    pixels = fields(masks, colours, 32)
    # Where pixels are not said to be fields, the masks of colours do not count.
    beside = (0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    assert not shows(bmp((3 * SIDE, SIDE), 32, pixels, header=header, masks=beside), colours)
    assert not shows(bmp((3 * SIDE, SIDE), 32, pixels, header=header, masks=(*masks[:3], 0)), [RED, GREEN, BLUE])
    assert not shows(bmp((3 * SIDE, SIDE), 32, pixels), [RED, GREEN, BLUE])


@pytest.mark.parametrize("length", [16, 20, 24, 36, 48, 64])
def test_a_header_of_os2_ends_after_any_field(length):
    palette = bytes([0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0])
    row = bytes(value for value in (0, 1, 2) for _ in range(SIDE))
    content = bmp((3 * SIDE, SIDE), 8, row * SIDE, header=length, palette=palette.ljust(1024, b"\0"))
    assert not shows(content, [RED, GREEN, BLUE])


#: Red, green, blue.
PALETTE = bytes([0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0]).ljust(1024, b"\0")


def in_runs(runs, size=(2 * SIDE, SIDE), bits=8):
    return bmp(size, bits, runs, compression=1 if bits == 8 else 2, palette=PALETTE[: 4 << bits], more=(0, 0, 0, 0, 0))


def test_rows_after_an_early_end_are_black():
    rows = bytes([SIDE, 1, SIDE, 2, 0, 0]) * (SIDE // 2)
    image = shown(made(in_runs(rows + b"\0\1")))
    assert image.mode == "RGB"
    assert image.getpixel((4, 12)) == GREEN
    assert image.getpixel((20, 12)) == BLUE
    assert image.getpixel((4, 3)) == (0, 0, 0)
    assert max(shown(made(in_runs(rows + b"\0\1"), width=16)).getpixel((2, 1))) <= 2


@pytest.mark.parametrize("bits", [4, 8])
def test_pixels_that_are_stepped_over_are_black(bits):
    two = 0x22 if bits == 4 else 2
    one = [(SIDE, 0x11 if bits == 4 else 1), (0, 2, SIDE, 0)]
    runs = b"".join(map(bytes, one)) + b"\0\0" + bytes([2 * SIDE, two, 0, 0]) * (SIDE - 1) + b"\0\1"
    image = shown(made(in_runs(runs, bits=bits)))
    assert image.getpixel((3, SIDE - 1)) == GREEN
    assert image.getpixel((SIDE + 3, SIDE - 1)) == (0, 0, 0)
    assert image.getpixel((SIDE + 3, 3)) == BLUE


@pytest.mark.parametrize("bits", [4, 8])
def test_a_picture_in_runs_and_without_is_as_it_was_drawn(bits):
    absolute = bytes([0, 5, 1, 2, 0, 1, 2, 0]) if bits == 8 else bytes([0, 5, 0x12, 0x01, 0x20, 0])
    last = 2 if bits == 8 else 0x22
    row = absolute + bytes([2 * SIDE - 5, last, 0, 0])
    image = shown(made(in_runs(row * SIDE + b"\0\1", bits=bits)))
    assert image.mode == "RGB"
    assert [image.getpixel((across, 7)) for across in range(6)] == [GREEN, BLUE, RED, GREEN, BLUE, BLUE]


def test_runs_that_are_longer_than_their_row_end_with_it():
    image = shown(made(in_runs(bytes([255, 1, 0, 0]) * SIDE + b"\0\1")))
    assert image.getcolors() == [(2 * SIDE * SIDE, GREEN)]


@pytest.mark.parametrize("runs", [b"", b"\x20", b"\x20\1\0\0", b"\0\2", b"\0\2\1", b"\0\x09\1\2"])
def test_a_picture_whose_runs_are_cut_off_is_damaged(runs):
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(in_runs(runs))


def test_in_an_ico_the_mask_counts_where_all_alpha_is_nought():
    pixels = (bytes([0, 0, 255, 0]) * SIDE + bytes([255, 0, 0, 0]) * SIDE) * SIDE
    mask = (b"\0\0\xff\xff") * SIDE
    content = ico(((2 * SIDE, SIDE), 32, bitmap((2 * SIDE, SIDE), 32, pixels, mask)))
    assert not shows(content, [RED, (*BLUE, 0)])


@pytest.mark.parametrize("said", [32, 24, 0])
def test_in_an_ico_alpha_counts_before_the_mask(said):
    pixels = (bytes([0, 0, 255, 255]) * SIDE + bytes([255, 0, 0, 0]) * SIDE) * SIDE
    mask = (b"\xff\xff\0\0") * SIDE
    content = ico(((2 * SIDE, SIDE), said, bitmap((2 * SIDE, SIDE), 32, pixels, mask)))
    assert not shows(content, [RED, (*BLUE, 0)])


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("deepest", [0, 1, 2])
def test_of_an_ico_the_deepest_of_the_largest_is_shown(deepest, said):
    size, mask = (2 * SIDE, SIDE), bytes(4) * SIDE
    two = bitmap(size, 1, (b"\0\0\xff\xff") * SIDE, mask, bytes([0, 255, 0, 0, 0, 0, 0, 0]))
    eight = bitmap(size, 8, (bytes([0] * SIDE + [1] * SIDE)) * SIDE, mask, PALETTE)
    full = bitmap(size, 32, (bytes([0, 0, 255, 255]) * SIDE + bytes([255, 0, 0, 255]) * SIDE) * SIDE, mask)
    small = bitmap((8, 8), 32, bytes([0, 255, 0, 255]) * 64, bytes(4) * 8)
    pictures = [(size, 1 * said, two), (size, 8 * said, eight)]
    pictures.insert(deepest, (size, 32 * said, full))
    assert not shows(ico(((8, 8), 32, small), *pictures), [RED, BLUE])


def test_an_ico_of_a_png_is_read_as_before():
    assert shown(made(ico(((120, 80), 32, saved(corners()))))).getpixel((3, 3)) == RED


def test_icos_that_end_anywhere_are_no_fault_of_ours():
    content = ico(((SIDE, SIDE), 32, bitmap((SIDE, SIDE), 32, bytes(4) * SIDE * SIDE, bytes(4) * SIDE)))
    for end in range(4, 80):
        with pytest.raises(BrokenPicture):
            made(content[:end])


@pytest.mark.parametrize("after", [b"\xff" * 77, b""])
@pytest.mark.parametrize("masked", [True, False])
def test_the_mask_of_an_icon_lies_after_its_pixels_or_is_missing(after, masked):
    pixels = (bytes([0, 0, 255]) * SIDE + bytes([255, 0, 0]) * SIDE) * SIDE
    mask = b"\xff\xff\0\0" * SIDE if masked else b""
    content = ico(((2 * SIDE, SIDE), 24, bitmap((2 * SIDE, SIDE), 24, pixels, mask + (after if masked else b""))))
    assert not shows(content, [(*RED, 0 if masked else 255), BLUE])


def test_a_png_in_an_icon_is_read_as_one_alone():
    palette, alpha = chunk(b"PLTE", bytes([*RED, *BLUE])), chunk(b"tRNS", b"\0")
    rows = [b"\0" * SIDE + b"\1" * SIDE] * SIDE
    wrong = chunk(b"gAMA", pack(">I", 45455))[:-1] + b"\0"
    content = png((2 * SIDE, SIDE), 8, 3, rows, wrong, palette, alpha)
    assert not shows(ico(((2 * SIDE, SIDE), 8, content)), [(*RED, 0), BLUE])
