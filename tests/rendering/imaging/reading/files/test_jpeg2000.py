"""JPEG 2000s that ask for more than they hold. None of these is decoded, or the tests would take gigabytes."""

from struct import pack

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering.imaging.errors import PictureError, TooLarge, UnsupportedFormat
from rendering.imaging.reading.files import jpeg2000
from rendering.imaging.reading.limits import Limits

from ...pictures import gradient, made, saved

LIMITS = Limits()


def segment(marker, body):
    return pack(">HH", 0xFF00 | marker, len(body) + 2) + body


def coding_of(levels=0, block=(4, 4), precincts=()):
    return bytes([levels, *block, 0, 1, *precincts])


def coding(levels=0, block=(4, 4), precinct=None, layers=1):
    """The segment that says how all components are coded; sides are exponents of 2."""
    sides = () if precinct is None else [precinct | precinct << 4] * (levels + 1)
    return segment(0x52, pack(">BBHB", bool(sides), 2, layers, 0) + coding_of(levels, block, sides))


def codestream(
    width, height, head=None, tile=None, components=1, beside=b"", in_tile=b"", parts=1, claimed=None, step=1
):
    """A JPEG 2000 of that size without any data."""
    size = pack(">HIIIIIIIIH", 0, width, height, 0, 0, *(tile or (width, height)), 0, 0, components)
    steps = segment(0x5C, bytes([0x40]) + bytes([64]) * 97)
    content = b"\xff\x4f" + segment(0x51, size + bytes([7, step, step]) * components)
    content += (coding() if head is None else head) + steps + beside
    for number in range(parts):
        length = 12 + len(in_tile) + 2 + 64 if claimed is None else claimed
        content += segment(0x90, pack(">HIBB", number, length, 0, 1)) + in_tile + b"\xff\x93" + bytes(64)
    return content + b"\xff\xd9"


def boxed(stream, before=b""):
    """The same in JP2's boxes."""
    header = pack(">I4sIIHBBBB", 22, b"ihdr", 16, 16, 1, 7, 7, 0, 0) + pack(">I4sBBBI", 15, b"colr", 1, 0, 0, 17)
    return (
        b"\0\0\0\x0cjP  \x0d\x0a\x87\x0a"
        b"\0\0\0\x14ftypjp2 \0\0\0\0jp2 "
        + before
        + pack(">I4s", 8 + len(header), b"jp2h")
        + header
        + pack(">I4s", 8 + len(stream), b"jp2c")
        + stream
    )


def nested(depth):
    """Boxes that hold boxes, one in each other."""
    return b"".join(pack(">I4s", 8 * (depth - number), b"jp2h") for number in range(depth))


POC = segment(0x5F, b"".join(bytes([0, 0]) + pack(">H", 100) + bytes([1, 1, 0]) for _ in range(31)))
TINY = coding(precinct=1)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (codestream(4000, 4000, coding(5, precinct=2)), "3,997,306 precincts in all bands, 1,500,000 are allowed"),
        (codestream(4000, 4000, TINY), "4,000,000 precincts in all bands"),
        (boxed(codestream(4000, 4000, TINY)), "4,000,000 precincts in all bands"),
        # Elsewhere than where one looks: in the coding of one component, in a tile, after a marker that nobody knows,
        # after a box that holds an honest picture.
        (codestream(4000, 4000, beside=segment(0x53, b"\0\1" + coding_of(precincts=[0x11]))), "4,000,000 precincts"),
        (codestream(4000, 4000, in_tile=TINY), "4,000,000 precincts"),
        (codestream(4000, 4000, in_tile=TINY, claimed=12), "4,000,000 precincts"),
        (codestream(4000, 4000, tile=(2000, 4000), parts=2, claimed=0, in_tile=TINY), "4,000,000 precincts"),
        (codestream(4000, 4000, beside=b"\xff\x70\0\x40" + TINY), "4,000,000 precincts"),
        (
            boxed(codestream(4000, 4000, TINY), pack(">I4s", 8 + len(codestream(9, 9)), b"uuid") + codestream(9, 9)),
            "4,000,000 precincts",
        ),
        (codestream(3000, 3000, coding(1, precinct=1), components=4, step=2), "7,312,500 precincts in all bands"),
        (codestream(8000, 8000, coding(block=(0, 0)), components=3), "12,000,000 code blocks, 3,000,000 are allowed"),
        (codestream(1000, 1000, coding(precinct=4, layers=65_535)), "260,108,415 packets, which are precincts times"),
        (codestream(1000, 1000, coding(precinct=2, layers=100), beside=POC), "202,000,000 places that are looked at"),
        (codestream(2040, 2040, tile=(8, 8)), "65,025 tiles, 20,000 are allowed"),
        (codestream(30_000, 1, tile=(1, 1)), "30,000 tiles"),
        (codestream(100, 100, components=200), "200 components, 16 are allowed"),
        (
            codestream(
                100, 100, beside=b"".join(segment(0x53, b"\0\1" + coding_of(0, precincts=[n])) for n in range(80))
            ),
            "65 codings, 64 are allowed",
        ),
        (codestream(100, 100, beside=segment(0x64, b"") * 100_001), "100,001 segments, 100,000 are allowed"),
        (codestream(100, 100, beside=b"\xff\x30" + bytes(210_000)), "200,000 bytes of no meaning"),
        (codestream(100, 100, beside=(b"\xff\x30" + bytes(60_000) + segment(0x64, b"")) * 4), "bytes of no meaning"),
        (boxed(codestream(100, 100), before=pack(">I4s", 8, b"free") * 1100), "more than 1,000 boxes"),
        (boxed(codestream(100, 100), before=pack(">I4s", 8808, b"jp2h") + pack(">I4s", 8, b"free") * 1100), "boxes"),
        # Boxes of three thousand levels would be more than Python goes into.
        (boxed(codestream(100, 100), before=nested(3000)), "boxes within each other, more than 16 deep"),
    ],
)
def test_a_picture_of_too_many_pieces_is_refused_by_its_header(content, what):
    with pytest.raises(TooLarge) as raised:
        made(content, width=10)
    assert what in str(raised.value)
    assert len(content) < 600_000


def test_what_all_pieces_take_together_is_refused_with_what_is_allowed():
    content = codestream(5000, 3600, coding(block=(1, 1)), components=3)
    with pytest.raises(TooLarge) as raised:
        jpeg2000.check(content, LIMITS)
    assert str(raised.value) == (
        "The picture is a JPEG 2000 whose tiles, precincts and code blocks would take 282 MB, 245 MB are allowed; save "
        "it with larger ones"
    )
    # What the pixels leave is theirs.
    jpeg2000.check(codestream(3600, 2500, coding(block=(1, 1)), components=3), LIMITS)
    with pytest.raises(TooLarge):
        jpeg2000.check(content, replace(LIMITS, memory=LIMITS.memory // 2))


def test_precincts_of_which_some_are_wide_and_others_high_are_counted_as_the_grid_that_they_make():
    sides = [0xF1, *[0xFF] * 4, 0x1F]
    wide_and_high = segment(0x52, pack(">BBHB", 1, 2, 1, 0) + coding_of(5, precincts=sides))
    with pytest.raises(TooLarge, match="places that are looked at for packets"):
        jpeg2000.check(codestream(20_000, 3000, wide_and_high, components=3, beside=POC), LIMITS)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"tile_size": (64, 64)},
        {"tile_size": (100, 70)},
        {"tile_size": (256, 256), "precinct_size": (64, 64), "progression": "RPCL"},
        {"precinct_size": (32, 32), "codeblock_size": (8, 8)},
        {"quality_mode": "rates", "quality_layers": [80, 40, 20, 10, 5]},
        {"num_resolutions": 9, "irreversible": True},
        {"no_jp2": True},
    ],
)
def test_real_pictures_are_read(options):
    for mode in ("L", "RGB"):
        assert made(saved(gradient(700, 500, mode), "JPEG2000", **options), width=100).width == 100


@pytest.mark.parametrize(
    "options",
    [
        {"tile_size": (64, 64)},
        {"tile_size": (512, 512), "precinct_size": (128, 128), "quality_layers": [40, 20, 10], "quality_mode": "rates"},
    ],
)
def test_a_real_picture_may_have_as_many_pixels_as_any(options):
    content = saved(Image.new("RGB", (4200, 4200), (90, 120, 30)), "JPEG2000", **options)
    jpeg2000.check(content, LIMITS)
    jpeg2000.check(codestream(8660, 8660, coding(5), tile=(64, 64), components=3), LIMITS)


def test_the_pieces_are_those_that_the_decoder_makes():
    # Counted by hand: 3 levels of a picture of 100 x 60 in tiles of 64 x 64, precincts of 32, blocks of 16.
    stream = jpeg2000.read(codestream(100, 60, coding(3, (2, 2), 5), tile=(64, 64)))
    assert stream
    pieces = jpeg2000.count_pieces(stream, [jpeg2000.axis(stream, which) for which in (0, 1)])
    # The largest resolution: 2 + 2 precincts across, 2 down; then 1 + 1 across, 1 down; 1 + 1; 1 + 1.
    assert pieces.packets == 8 + 2 + 2 + 2
    assert pieces.precincts == 3 * 8 + 3 * 2 + 3 * 2 + 2
    # Bands of 32 + 18 across and 30 down hold 2 + 2 blocks across and 2 down; the others one for each tile.
    assert pieces.blocks == 3 * 8 + 3 * 2 + 3 * 2 + 2
    assert pieces.most == 4


def subsampled(size, steps, tile=None):
    """A JPEG 2000 of three components without data, of which two have fewer pixels."""
    content = codestream(size[0], size[1], components=3, tile=tile)
    place = content.index(bytes([7, 1, 1] * 3))
    return content[:place] + bytes([7, 1, 1, 7, *steps, 7, *steps]) + content[place + 9 :]


@pytest.mark.parametrize(
    ("size", "steps", "tile"), [((13, 8), (2, 1), None), ((8, 13), (2, 2), None), ((16, 16), (2, 2), (5, 5))]
)
def test_colours_that_end_between_two_pixels_are_refused_rather_than_shown_elsewhere(size, steps, tile):
    with pytest.raises(UnsupportedFormat, match="fewer pixels than its brightness"):
        jpeg2000.check(subsampled(size, steps, tile), LIMITS)


@pytest.mark.parametrize(("size", "steps"), [((14, 8), (2, 1)), ((16, 12), (2, 2)), ((13, 13), (1, 1))])
def test_colours_that_end_with_a_pixel_are_read(size, steps):
    jpeg2000.check(subsampled(size, steps), LIMITS)


def test_scales_are_those_of_the_component_that_is_halved_least():
    assert jpeg2000.scales(codestream(64, 64, coding(5))) == (8, 4, 2)
    assert jpeg2000.scales(codestream(64, 64, coding(5), beside=segment(0x53, b"\0\0" + coding_of(2)))) == (4, 2)
    assert jpeg2000.scales(b"\xff\x4f\xff\x51") == ()


@pytest.mark.parametrize(
    "start", [saved(gradient(), "JPEG2000"), saved(gradient(), "JPEG2000", no_jp2=True), codestream(9, 9)]
)
def test_a_file_that_ends_anywhere_is_read_or_refused(start):
    for end in range(12, min(len(start), 400)):
        try:
            jpeg2000.check(start[:end], LIMITS)
            made(start[:end])
        except PictureError:
            continue
