"""The colours that an AV1 stream says it is in, where the file around it says nothing."""

import pytest

from rendering.imaging.reading.colour import av1
from rendering.imaging.reading.colour.space import SRGB
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ...colours import BARS, FROM_P3, apart, bars, seen
from ...pictures import made, saved


def with_code_points(content, primaries, curve):
    """An AVIF without `colr` whose stream has other code points than the 1, 13 and 6 that Pillow writes."""
    content = content.replace(b"colrnclx", b"freenclx")
    start = av1.start_of_stream(content)
    stream = int.from_bytes(content[start : start + 40], "big")
    found = [shift for shift in range(296) if stream >> shift & 0xFFFFFF == 0x010D06]
    assert len(found) == 1
    stream += ((primaries - 1 << 16) + (curve - 13 << 8)) << found[0]
    return content[:start] + stream.to_bytes(40, "big") + content[start + 40 :]


def avif(**options):
    return saved(bars(), "AVIF", quality=100, subsampling="4:4:4", **options)


def test_a_picture_is_shown_in_the_colours_of_its_stream():
    content = with_code_points(avif(), 12, 13)
    assert av1.code_points(content) == (12, 13)
    assert apart(seen(made(content)), FROM_P3) <= 3
    assert apart(seen(made(with_code_points(avif(), 2, 13))), BARS) <= 3


def test_an_animation_is_shown_in_the_colours_of_its_stream():
    content = with_code_points(avif(save_all=True, append_images=[bars(colours=BARS[::-1])]), 12, 13)
    assert av1.code_points(content) == (12, 13)
    assert apart(seen(made(content, to="webp")), FROM_P3) <= 4


def test_what_the_file_says_outranks_its_stream():
    patched = with_code_points(avif(), 12, 13).replace(b"freenclx", b"colrnclx")
    assert Opened(patched, Limits()).header.colours == SRGB


@pytest.mark.parametrize("end", range(0, 400, 3))
def test_a_stream_that_is_cut_off_says_nothing_or_the_same(end):
    content = avif().replace(b"colrnclx", b"freenclx")
    assert av1.code_points(content[:end]) in (None, (0, 0), (1, 0), (1, 13))


@pytest.mark.parametrize(
    ("timing", "delays"),
    [
        ("0", ""),
        # Units and time scale, no common duration; no model of a decoder.
        ("1" + "0" * 64 + "0" + "0", ""),
        # A common duration in five bits, and a model with delays of three bits.
        ("1" + "0" * 64 + "1" + "00101" + "1" + "00010" + "0" * 42, "1" + "0" * 7),
    ],
    ids=["none", "times", "model"],
)
def test_what_comes_before_the_colours_is_passed_over(timing, delays):
    point = "0" * 12 + "01000" + "1" + delays + "1" + "0000"
    head = "000" + "0" + "0" + timing + "1" + "00001" + point * 2
    sides = "0111" + "0111" + "10100000" + "01111000"
    tools = "1" + "0" * 7 + "000" + "0000" + "1" + "00" + "1" + "0" + "1" + "000" + "000"
    bits = head + sides + tools + "0" + "0" + "1" + f"{9:08b}{16:08b}{9:08b}" + "1"
    bits += "0" * (-len(bits) % 8)
    assert av1.in_header(av1.Bits(int(bits, 2).to_bytes(len(bits) // 8, "big"))) == (9, 16)
