"""The drawn files are what they claim to be: Pillow reads their heads, and their size is in the heads alone."""

import io
import warnings

import pytest
from PIL import Image

from benchmarks.attack import bombs, files, pieces


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (bombs.jpeg2000(4000, precinct=2), "JPEG2000", (4000, 4000)),
        (bombs.jpeg2000(4000, precinct=2, own=True), "JPEG2000", (4000, 4000)),
        (bombs.jp2(bombs.jpeg2000(4000), 4000), "JPEG2000", (4000, 4000)),
        (bombs.png(30, 20), "PNG", (30, 20)),
        (bombs.text_chunks(3, 1000), "PNG", (64, 64)),
        (bombs.text_chunks(3, 1000, b"iTXt"), "PNG", (64, 64)),
        (bombs.many_idats(10), "PNG", (64, 64)),
        (bombs.apng(3, 40), "PNG", (40, 40)),
        (bombs.avif_grid(3, 2), "AVIF", (192, 128)),
        (bombs.webp_lossless(5000), "WEBP", (5000, 5000)),
        (bombs.gif(30, 4, comments=5), "GIF", (30, 30)),
        (bombs.jpeg_scans(64, 20), "JPEG", (64, 64)),
        (bombs.jpeg_claiming(8600), "JPEG", (8600, 8600)),
        (bombs.jpeg_segments(10), "JPEG", (64, 64)),
        (bombs.tiff_tile(64), "TIFF", (8, 8)),
        (bombs.tiff_directories(3), "TIFF", (8, 8)),
    ],
)
def test_a_drawn_file_is_read(content, kind, size):
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == (kind, size)


@pytest.mark.parametrize(
    "content",
    [
        bombs.text_chunks(3, 1000),
        bombs.many_idats(10),
        bombs.apng(3, 40),
        bombs.avif_grid(3, 2),
        bombs.webp_lossless(500),
        bombs.gif(30, 4, comments=5),
        bombs.jpeg_scans(64, 20),
        bombs.jpeg_segments(10),
        pieces.jpeg_with(0xFFDB, b"\x03" + b"\x01" * 64, 3),
        pieces.jpeg_padding(10),
        pieces.jpeg_between_scans(10),
        pieces.jpeg_of(pieces.profile_of_elements(10)),
        pieces.jpeg_of(pieces.profile_of_curves(10)),
        pieces.tiff_strips(10, 100),
        pieces.avif_beside(pieces.meta(pieces.runs_of_one_item(3)), pieces.track()),
        pieces.webp_beyond(10)[:4]
        + (len(pieces.webp_beyond(10)) - 8).to_bytes(4, "little")
        + pieces.webp_beyond(10)[8:],
        pieces.gif_extensions_behind(3, 10),
    ],
)
def test_a_drawn_file_is_a_whole_picture(content):
    with Image.open(io.BytesIO(content)) as image:
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            image.load()


def test_an_icon_has_more_in_it_than_it_says():
    inner = bombs.png(30, 20)
    with pytest.warns(UserWarning, match="not the expected size"), Image.open(io.BytesIO(bombs.icon(inner))) as image:
        assert (image.format, image.size) == ("ICO", (30, 20))


def test_a_claim_is_all_that_is_large():
    assert len(bombs.webp_lossless(16384)) < 100
    assert len(bombs.jpeg2000(4000, precinct=2)) < 200
    assert bombs.avif_claiming(65535, 65535).count((65535).to_bytes(4, "big")) == 2


def test_drawn_files_are_the_same_at_each_run_and_not_all_broken():
    drawn = dict(files.drawn())
    assert drawn == dict(files.drawn())
    assert len(drawn) > 100
    decoded = 0
    for content in drawn.values():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                Image.open(io.BytesIO(content)).load()
                decoded += 1
            except Exception:  # noqa: BLE001 - whatever Pillow raises of a broken file
                continue
    assert 20 < decoded < len(drawn) - 20
