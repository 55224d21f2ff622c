"""JPEGs, JPEG 2000s and WebPs that Pillow shows in other colours than browsers, or refuses though every pixel is
there."""

from struct import pack

import pytest
from PIL import Image

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.decoding import decode_scale
from rendering.imaging.reading.files.jpeg2000 import channels
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ..pictures import corners, difference, gradient, made, saved, shown

OPTIONS: dict[str, dict[str, int]] = {
    "sequential": {},
    "progressive": {"progressive": True},
    "restarting": {"restart_marker_blocks": 4},
    "grey": {},
}
WIDTHS = pytest.mark.parametrize("width", [None, 60, 15])
KINDS = pytest.mark.parametrize("kind", OPTIONS)


def written(kind):
    """A JPEG of noise on a gradient, so that its last block has details."""
    image = Image.blend(gradient(243, 151), Image.effect_noise((243, 151), 60).convert("RGB"), 0.4)
    return saved(image.convert("L") if kind == "grey" else image, "JPEG", quality=90, **OPTIONS[kind])


@WIDTHS
@KINDS
@pytest.mark.parametrize("after", [b"", bytes(600), b"\xff"])
def test_a_jpeg_that_lacks_only_its_end_is_whole(kind, width, after):
    whole = written(kind)
    assert whole.endswith(b"\xff\xd9")
    found = shown(made(whole[:-2] + after, width=width))
    assert difference(found, shown(made(whole, width=width))) == 0


@WIDTHS
@KINDS
@pytest.mark.parametrize("lost", [5, 40, 400, 0.5])
def test_a_jpeg_that_is_cut_off_is_damaged(kind, width, lost):
    whole = written(kind)
    kept = whole[: -int(lost * len(whole)) if lost < 1 else -lost]
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(kept, width=width)


def test_a_jpeg_that_is_cut_off_between_two_scans_or_restarts_is_damaged():
    for kind, mark in (("progressive", b"\xff\xda"), ("restarting", b"\xff\xd3")):
        whole = written(kind)
        with pytest.raises(BrokenPicture, match="damaged or cut off"):
            made(whole[: whole.rindex(mark)])


def test_a_jpeg_without_an_end_is_decoded_within_the_limits():
    content = written("sequential")[:-2]
    with pytest.raises(Exception, match="allowed"):
        made(content, limits=Limits(pixels=1000))


@pytest.mark.parametrize(
    "segment", [b"\xff\xe0\0\7JFIF\0", b"\xff\xe0\0\6JFIF", b"\xff\xee\0\7Adobe", b"\xff\xee\0\x08Adobe\0"]
)
@WIDTHS
def test_a_segment_that_says_nothing_is_passed_over(segment, width):
    whole = saved(corners(), "JPEG")
    content = whole[:2] + segment + whole[2:]
    assert difference(shown(made(content, width=width)), shown(made(whole, width=width))) == 0


def huffman_of_two(first, second, count):
    """A lossless JPEG (T.81, annex H) of grey squares: each pixel differs from the one before by nought, but where the
    second square begins."""
    side = 64
    table = b"\xff\xc4" + pack(">HB16B3B", 22, 0, 1, 1, 1, *[0] * 13, 0, 7, 8)  # codes 0, 10, 110
    head = b"\xff\xd8" + b"\xff\xc3" + pack(">HBHHBBBB", 11, 8, side, side, 1, 1, 0x11, 0)
    scan = b"\xff\xda" + pack(">HBBBBBB", 8, 1, 1, 0, 1, 0, 0)

    def code(difference):
        if not difference:
            return "0"
        size = abs(difference).bit_length()
        value = difference if difference > 0 else difference + (1 << size) - 1
        return {7: "10", 8: "110"}[size] + f"{value:0{size}b}"

    bits = ""
    for row in range(side):
        before = 128 if row == 0 else first
        for column in range(side):
            level = first if column < side // 2 else second
            bits += code(level - before)
            before = level
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    return head + table + scan + data + b"\xff\xd9"


@pytest.mark.parametrize("filters", ["", "grayscale()"])
def test_a_jpeg_without_loss_is_whole_when_it_is_reduced(filters):
    content = huffman_of_two(1, 255, 2)
    for width in (64, 32, 16, 8, 4):
        image = shown(made(content, filters, width=width))
        assert abs(image.getpixel((0, width // 2)) - 1) <= 2
        assert abs(image.getpixel((width - 1, width // 2)) - 255) <= 2


def with_channels(content, *kinds):
    """A JP2 whose header says what each channel is."""
    data = pack(">H", len(kinds)) + b"".join(pack(">HHH", number, *kind) for number, kind in enumerate(kinds))
    place = content.index(b"jp2h") - 4
    length = int.from_bytes(content[place : place + 4], "big")
    header, rest = content[place + 8 : place + length], content[place + length :]
    if b"cdef" in header:
        header = header[: header.index(b"cdef") - 4]
    header += pack(">I4s", 8 + len(data), b"cdef") + data
    return content[:place] + pack(">I4s", 8 + len(header), b"jp2h") + header + rest


@WIDTHS
def test_channels_of_a_jpeg_2000_may_be_in_any_order(width):
    image = gradient()
    red, green, blue = image.split()
    content = saved(Image.merge("RGB", (blue, green, red)), "JPEG2000")
    content = with_channels(content, (0, 3), (0, 2), (0, 1))
    whole = made(saved(image, "JPEG2000"), width=width)
    assert difference(shown(made(content, width=width)), shown(whole)) <= 1


@WIDTHS
def test_alpha_of_a_jpeg_2000_may_come_first(width):
    image = gradient().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    red, green, blue, alpha = image.split()
    content = saved(Image.merge("RGBA", (alpha, red, green, blue)), "JPEG2000")
    content = with_channels(content, (1, 0), (0, 1), (0, 2), (0, 3))
    whole = made(saved(image, "JPEG2000"), width=width)
    assert difference(shown(made(content, width=width)), shown(whole)) <= 1


@pytest.mark.parametrize("kinds", [((0, 1), (0, 2), (7, 7)), ((0, 4), (0, 5), (0, 6)), ((1, 0), (0, 2), (0, 3))])
def test_an_order_that_makes_no_sense_is_ignored(kinds):
    content = saved(gradient(), "JPEG2000")
    assert channels(with_channels(content, *kinds)) == channels(content)


@pytest.mark.parametrize("lossy", [False, True])
def test_white_of_more_than_8_bits_is_white(lossy):
    row = b"".join(pack("<H", level) * 16 for level in (0, 65535, 32768, 0))
    image = Image.frombytes("I;16", (64, 32), row * 32)
    content = saved(image, "JPEG2000", irreversible=lossy)
    # A reader takes greys of 9 bits, and all colours, for 8 bits and rounds them. Pillow writes none of these.
    place = content.index(b"ihdr") + 14
    content = content[:place] + b"\x08" + content[place + 1 :]
    assert Opened(content, Limits()).image.mode == "L"
    for width in (64, 16):
        made_of_it = shown(made(content, width=width)).convert("L")
        levels = [made_of_it.getpixel((width * eighth // 8, width // 4)) for eighth in (1, 3, 5, 7)]
        assert all(abs(one - other) <= 2 for one, other in zip(levels, (0, 255, 128, 0), strict=True)), levels


@WIDTHS
@pytest.mark.parametrize("offset", [(13, 7), (8, 16), (1, 0), (64, 3)])
def test_a_jpeg_2000_may_begin_anywhere_on_its_grid(offset, width):
    image = gradient()
    content = saved(image, "JPEG2000", offset=offset, tile_size=(256, 256))
    assert Opened(content, Limits()).header.size == image.size
    assert difference(shown(made(content, width=width)), shown(made(saved(image, "JPEG2000"), width=width))) <= 5


def test_a_webp_that_says_it_is_longer_than_it_is():
    whole = saved(gradient(), "WEBP")
    longer = whole[:4] + (len(whole) + 100).to_bytes(4, "little") + whole[8:]
    assert difference(shown(made(longer)), shown(made(whole))) == 0
    for lost in (4, 40):
        with pytest.raises(BrokenPicture, match="damaged or cut off"):
            made(longer[:-lost])


def test_a_webp_may_lack_the_byte_that_fills_it_up():
    for side in range(20, 40):
        whole = saved(Image.effect_noise((side, side), 50).convert("RGB"), "WEBP", lossless=True)
        if whole[16] & 1:
            assert difference(shown(made(whole[:-1])), shown(made(whole))) == 0
            return
    raise AssertionError("None of them has an odd number of bytes")


def test_of_a_webp_that_moves_frames_may_be_missing():
    frames = [Image.new("RGB", (20, 20), (60 * number, 0, 0)) for number in range(4)]
    whole = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(BrokenPicture, match="damaged or cut off"):
        made(whole[: whole.rindex(b"ANMF")])


def test_a_progressive_jpeg_is_decoded_at_a_part_all_the_same():
    original = Opened(written("progressive"), Limits())
    assert decode_scale(original.header, (0, 0, 243, 151), (20, 12), original.content) == 8
