"""Files of other formats that take a reader seconds, or more memory than there is, before it says what is in them."""

from struct import pack

import pytest
from PIL import Image

from rendering.imaging.errors import TooLarge
from rendering.imaging.reading.checks import check_bytes
from rendering.imaging.reading.limits import Limits

from ...pictures import animation, corners, made, saved

JPEG = saved(Image.new("RGB", (64, 64)), "JPEG")
PROGRESSIVE = saved(Image.new("RGB", (64, 64)), "JPEG", progressive=True)
WEBP = saved(Image.new("RGB", (64, 64)), "WEBP")


def box(kind, *parts):
    body = b"".join(parts)
    return pack(">I", 8 + len(body)) + kind + body


def full(kind, *parts, version=0, flags=0):
    return box(kind, pack(">I", version << 24 | flags), *parts)


def ispe(width, height):
    return full(b"ispe", pack(">II", width, height))


def avif(kinds, properties, associations, runs=(), pieces=(), data=b"", brand=b"avif", beside=b"", describes=()):
    """A file of items by their numbers from 1 on, of which the first is the picture."""
    infes = [full(b"infe", pack(">HH", number, 0), kind, b"\0", version=2) for number, kind in enumerate(kinds, 1)]
    places = [
        pack(">HHHH", number, 1, 0, len(some)) + b"".join(pack(">II", *run) for run in some)
        for number, some in enumerate(runs, 1)
    ]
    links = [pack(">HB", number, len(some)) + bytes(some) for number, some in enumerate(associations, 1)]
    references = [
        box(kind, pack(">HH", one, len(many)), *(pack(">H", to) for to in many))
        for kind, some in ((b"dimg", pieces), (b"cdsc", describes))
        for one, many in some
    ]
    meta = full(
        b"meta",
        full(b"pitm", pack(">H", 1)),
        full(b"iinf", pack(">H", len(infes)), *infes),
        full(b"iloc", bytes([0x44, 0]), pack(">H", len(places)), *places, version=1),
        full(b"iref", *references),
        box(b"iprp", box(b"ipco", *properties), full(b"ipma", pack(">I", len(links)), *links)),
        box(b"idat", data),
    )
    return box(b"ftyp", brand, bytes(4), b"mif1", brand) + meta + beside


def track(*boxes, size=(64, 64)):
    head = full(b"tkhd", bytes(72), pack(">II", size[0] << 16, size[1] << 16))
    return box(b"moov", box(b"trak", head, box(b"mdia", box(b"minf", box(b"stbl", *boxes)))))


def entries():
    """A table of 10,000 entries that say of one item that it has nothing."""
    links = full(b"ipma", pack(">I", 10_000), pack(">HB", 1, 0) * 10_000)
    return full(b"meta", box(b"iprp", links))


def nested(levels):
    content = b""
    for _ in range(levels):
        content = box(b"minf", content)
    return content


def grid(rows, columns, width, height):
    return pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)


def segment(marker, body=b""):
    return bytes([0xFF, marker]) + pack(">H", len(body) + 2) + body


def icon(picture):
    return pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(picture), 22) + picture


def tiff(*entries, rest=b""):
    return (
        b"II*\0\x08\0\0\0"
        + pack("<H", len(entries))
        + b"".join(pack("<HHII", *one) for one in entries)
        + bytes(4)
        + rest
    )


GIF = b"GIF89a\x0a\0\x0a\0\x80\0\0" + bytes(6)
GIF_FRAME = b",\0\0\0\0\x0a\0\x0a\0\0\x02\x02\x4c\x01\0"


@pytest.mark.parametrize("brand", [b"avif", b"heic"])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"kinds": [b"av01"], "properties": [ispe(9400, 9400)], "associations": [[1]]},
            "9400 x 9400 = 88.4 megapixels",
        ),
        ({"kinds": [b"av01"], "properties": [ispe(1, 40_000)], "associations": [[1]]}, "a side may have 30000"),
        ({"kinds": [b"av01"], "properties": [ispe(8500, 8500)], "associations": [[1]]}, "decoding it would take"),
        (
            {
                "kinds": [b"grid", b"av01"],
                "properties": [ispe(64, 64)],
                "associations": [[1], [1]],
                "runs": [[(0, 12)]],
                "data": grid(150, 150, 9600, 9600),
                "pieces": [(1, [2] * 22_500)],
            },
            "9600 x 9600 = 92.2 megapixels",
        ),
        (
            {
                "kinds": [b"iovl", b"av01"],
                "properties": [ispe(64, 64)],
                "associations": [[1], [1]],
                "runs": [[(0, 20)]],
                "data": pack(">BBHHHHII", 0, 1, 0, 0, 0, 0, 20_000, 20_000),
            },
            "20000 x 20000 = 400 megapixels",
        ),
        # One piece again and again, and pieces of pieces of pieces.
        (
            {
                "kinds": [b"iovl", b"av01"],
                "properties": [ispe(64, 64), ispe(4000, 4000)],
                "associations": [[1], [2]],
                "pieces": [(1, [2] * 1000)],
            },
            "put together from pieces of 16000 megapixels in all, 225 are allowed",
        ),
        (
            {
                "kinds": [b"iovl", b"iovl", b"iovl", b"iovl", b"av01"],
                "properties": [ispe(64, 64)],
                "associations": [[1]] * 5,
                "pieces": [(number, [number + 1] * 50) for number in (1, 2, 3, 4)],
            },
            "put together from pieces of",
        ),
        (
            {"kinds": [b"iovl"], "properties": [], "associations": [[]], "pieces": [(1, [1])]},
            "more than 8 layers of pieces",
        ),
        ({"kinds": [b"av01"] * 2100, "properties": [], "associations": []}, "more than 2,000 items"),
        ({"kinds": [], "properties": [], "associations": [[]] * 2100}, "more than 2,000 items"),
        ({"kinds": [], "properties": [ispe(1, 1)] * 20_100, "associations": []}, "more than 20,000 boxes"),
        ({"kinds": [], "properties": [], "associations": [[1] * 255] * 250}, "more than 50,000 properties of items"),
        (
            {"kinds": [], "properties": [], "associations": [], "runs": [[(0, 500)] * 900]},
            "puts its bytes together to more",
        ),
        (
            {"kinds": [], "properties": [], "associations": [], "runs": [[(0, 0)] * 60_000]},
            "more than 50,000 runs of bytes",
        ),
        (
            {"kinds": [], "properties": [], "associations": [], "pieces": [(1, [2] * 30_000), (2, [3] * 30_000)]},
            "more than 50,000 references",
        ),
        (
            {"kinds": [], "properties": [], "associations": [], "beside": track(size=(20_000, 9000))},
            "20000 x 9000 = 180 megapixels",
        ),
        (
            {
                "kinds": [],
                "properties": [],
                "associations": [],
                "beside": track(full(b"stsd", pack(">I", 1), box(b"av01", bytes(24), pack(">HH", 20_000, 9000)))),
            },
            "20000 x 9000 = 180 megapixels",
        ),
        (
            {
                "kinds": [],
                "properties": [],
                "associations": [],
                "beside": track(full(b"stsz", pack(">II", 10, 1 << 31))),
            },
            "more than 200,000 frames",
        ),
        (
            {"kinds": [], "properties": [], "associations": [], "beside": nested(10_000)},
            "more than 16 levels of boxes",
        ),
        (
            {"kinds": [b"Exif"], "properties": [], "associations": [], "runs": [[(0, 1_100_000)]]},
            "has 1.05 MB of EXIF, 1 MB are allowed",
        ),
        (
            {"kinds": [b"Exif"], "properties": [], "associations": [], "runs": [[(0, 0)]], "data": bytes(1_100_000)},
            "has 1.05 MB of EXIF, 1 MB are allowed",
        ),
        (
            {
                "kinds": [],
                "properties": [],
                "associations": [],
                "beside": track(full(b"stsc", pack(">IIII", 1, 1, 1 << 31, 1))),
            },
            "more than 200,000 frames",
        ),
        # Tables that are long but say little: what they name is the same again and again, or nothing.
        (
            {"kinds": [], "properties": [], "associations": [], "pieces": [(1, [])] * 9100},
            "more than 9,000 entries about items",
        ),
        (
            {"kinds": [], "properties": [], "associations": [], "runs": [[]] * 1900, "beside": entries()},
            "9,000 entries",
        ),
        (
            {
                "kinds": [],
                "properties": [],
                "associations": [],
                "beside": track(full(b"stsc", pack(">I", 60_000), pack(">III", 1, 1, 1) * 60_000)),
            },
            "more than 50,000 kinds of chunks",
        ),
        (
            {
                "kinds": [],
                "properties": [],
                "associations": [],
                "beside": track(full(b"stsd", pack(">I", 1), box(b"av01", bytes(78), box(b"free") * 20_100))),
            },
            "more than 20,000 boxes",
        ),
        # What readers copy for each picture that it is of.
        (
            {
                "kinds": [b"mime"],
                "properties": [],
                "associations": [],
                "runs": [[(0, 1 << 20)]],
                "describes": [(1, [2] * 200)],
            },
            "EXIF and XMP, for each of its pictures, take 200 MB; 128 MB are allowed",
        ),
        (
            {"kinds": [b"hvc1"], "properties": [box(b"colr", bytes(13 << 20))], "associations": [[1]]},
            "properties take 13 MB; 12 MB are allowed",
        ),
        (
            {"kinds": [], "properties": [box(b"colr", bytes(1 << 20))], "associations": [[1]] * 200},
            "properties, for each of its pictures, take 200 MB; 128 MB are allowed",
        ),
    ],
)
def test_a_picture_in_a_container_is_refused_by_what_the_container_says(arguments, sentence, brand):
    with pytest.raises(TooLarge) as raised:
        check_bytes(avif(brand=brand, **arguments), Limits())
    assert sentence in str(raised.value)


@pytest.mark.parametrize("pillow", ["AVIF", "HEIF"])
def test_real_ones_are_let_in_and_so_is_what_ends_anywhere(pillow):
    content = saved(corners(300, 200), pillow)
    assert made(content, width=30).width == 30
    for end in range(20, min(len(content), 600)):
        assert check_bytes(content[:end], Limits()) == pillow
    assert made(animation(4, pillow="AVIF"), to="original").frames == 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (JPEG[:2] + b"\xff\xfe\0\2" * 31_000 + JPEG[2:], "more than 30,000 segments, or parts of them"),
        (JPEG[:2] + b"\xff\xd8" * 31_000 + JPEG[2:], "more than 30,000 segments, or parts of them"),
        (JPEG[:2] + b"\xff" * 60_000 + JPEG[2:], "more than 50,000 bytes between its segments"),
        (JPEG[:2] + b"\xff" * 1_000_000 + b"\0" + JPEG[2:], "more than 50,000 bytes between its segments"),
        (JPEG[:2] + b"\xff\xd0" * 60_000 + JPEG[2:], "more than 50,000 bytes between its segments"),
        (JPEG[:2] + segment(0xDB, bytes(65) * 1000) * 8 + JPEG[2:], "more than 30,000 segments, or parts of them"),
        (JPEG[:2] + segment(0xC0, bytes(60_000)) * 2 + JPEG[2:], "more than 30,000 segments, or parts of them"),
        (JPEG[:2] + segment(0xDE, bytes(60_000)) * 2 + JPEG[2:], "more than 30,000 segments, or parts of them"),
        (JPEG[:2] + segment(0xED, b"8BIM" * 16_000) * 2 + JPEG[2:], "more than 30,000 segments, or parts of them"),
        (
            PROGRESSIVE[:2] + segment(0xFE, b"\xff\xda" * 200) + PROGRESSIVE[2:-2] + segment(0xFE) * 31_000,
            "more than 30,000 segments",
        ),
        (
            JPEG[:2] + (b"\xff\xe1\xff\xfeExif\0\0" + bytes(65_526)) * 17 + JPEG[2:],
            "has 1.06 MB of EXIF, 1 MB are allowed",
        ),
        (tiff((256, 4, 1, 9), (274, 3, 5_000_000, 8)), "5,000,000 values of a tag, 100,000 are allowed"),
        (GIF + b"!\xfe\1x\0" * 21_000 + GIF_FRAME + b";", "more than 20,000 extensions"),
        (GIF + b"!\xfe" + b"\1x" * 210_000 + b"\0" + GIF_FRAME + b";", "more than 200,000 pieces that are not filled"),
        (GIF + b"x" * 210_000 + GIF_FRAME + b";", "more than 200,000 pieces"),
        (GIF + GIF_FRAME * 110_000 + b";", "more than 200,000 pieces"),
        (WEBP[:12] + (b"note" + bytes(4)) * 110_000 + WEBP[12:], "more than 100,000 chunks"),
        (icon(b"\x89PNG\r\n\x1a\n" + bytes(12) * 60_000), "more than 50,000 chunks"),
        (icon(pack("<IIIHHI", 40, 16, 32, 1, 8, 1) + bytes(2_200_000)), "in runs of 2.1 MB, 2 MB are allowed"),
        (tiff((279, 4, 9000, 8), rest=pack("<I", 1 << 31) * 9000), "lie over one another, 281 MB in all; 256 MB are"),
        (tiff(*((number, 4, 1, 1) for number in range(300, 1400))), "more than 1,000 tags"),
        (tiff((273, 4, 5_000_000, 8)), "5,000,000 strips or tiles, 100,000 are allowed"),
        (b"II+\0\x08\0\0\0" + pack("<QQHHQQ", 16, 1, 324, 4, 1 << 40, 8), "1,099,511,627,776 strips or tiles"),
        (b"BM" + pack("<IHHIIiiHHI", 0, 0, 0, 54, 40, 9, 9, 1, 8, 1) + bytes(2_200_000), "in runs of 2.1 MB, 2 MB are"),
    ],
)
def test_more_pieces_than_a_reader_can_go_through_are_refused(content, sentence):
    with pytest.raises(TooLarge) as raised:
        made(content, width=10)
    assert sentence in str(raised.value)


def test_scans_are_charged_by_the_pixels_that_each_goes_over():
    small, content = saved(Image.new("L", (64, 64)), "JPEG", progressive=True), b""
    for size in (64, 8600):
        place = small.index(b"\xff\xc2") + 5
        last = small.rindex(b"\xff\xda")
        content = small[:place] + pack(">HH", size, size) + small[place + 4 : last] + small[last:-2] * 20 + small[-2:]
        if size == 64:
            assert made(content, width=10).width == 10
    with pytest.raises(TooLarge, match=r"of 25 scans, each a pass over all of it, 1849 megapixels together; 1500 are"):
        made(content, width=10)
