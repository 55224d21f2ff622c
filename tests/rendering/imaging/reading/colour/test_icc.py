"""ICC files that are written for an original, and what is read in its own."""

from io import BytesIO
from struct import pack

import pytest
from PIL import ImageCms

from benchmarks.fidelity.icc import P3, adobe_rgb
from rendering.imaging.reading.colour import codes, icc, matrices

from ...colours import with_tag


def test_the_profile_of_primaries_is_one_that_lcms_reads():
    written = icc.profile_of(codes.PRIMARIES[12])
    profile = ImageCms.ImageCmsProfile(BytesIO(written)).profile
    assert icc.is_profile(written)
    assert profile.is_matrix_shaper
    # As the profile of Display P3 has them.
    found = (profile.red_colorant, profile.green_colorant, profile.blue_colorant)
    for colorant, known in zip(found, P3, strict=True):
        assert colorant
        assert colorant[0] == pytest.approx(known, abs=0.0005)


@pytest.mark.parametrize("number", codes.PRIMARIES)
def test_white_stays_white_whatever_the_primaries(number):
    primaries = codes.PRIMARIES[number]
    assert matrices.are_usable(primaries)
    assert matrices.apply(matrices.to_xyz(primaries), (1, 1, 1)) == pytest.approx(matrices.D50)
    back = matrices.product(matrices.between(primaries, codes.BT709), matrices.between(codes.BT709, primaries))
    assert [value for row in back for value in row] == pytest.approx([1, 0, 0, 0, 1, 0, 0, 0, 1], abs=1e-9)


def test_code_points_are_found_in_a_profile():
    assert icc.code_points(adobe_rgb()) is None
    assert icc.code_points(with_tag(adobe_rgb(), b"cicp", b"cicp\0\0\0\0\x09\x10\0\1")) == b"\x09\x10\0\1"
    assert icc.code_points(with_tag(adobe_rgb(), b"cicp", b"cicp\0\0\0\0\x09")) is None
    assert icc.code_points(with_tag(adobe_rgb(), b"cicp", b"text\0\0\0\0\x09\x10\0\1")) is None
    cut = with_tag(adobe_rgb(), b"cicp", b"cicp\0\0\0\0\x09\x10\0\1")
    for end in range(len(cut)):
        icc.is_profile(cut[:end])
        icc.code_points(cut[:end])


def test_what_is_cut_off_or_has_no_signature_is_no_profile():
    whole = adobe_rgb()
    assert icc.is_profile(whole)
    assert icc.is_profile(whole + b"\0")  # files pad it
    assert not any(icc.is_profile(whole[:end]) for end in range(len(whole)))
    assert not icc.is_profile(whole.replace(b"acsp", b"abcd", 1))


def steps(*elements):
    """A tag that is calculated in elements, all of three channels but where they say otherwise."""
    places, body = b"", b""
    for element in elements:
        places += pack(">II", 16 + 8 * len(elements) + len(body), len(element))
        body += element
    return b"mpet" + bytes(4) + pack(">HHI", 3, 3, len(elements)) + places + body


def matrix(channels=3):
    return b"matf" + bytes(4) + pack(">HH", channels, channels) + bytes(48)


def curves(segments):
    return (
        b"cvst"
        + bytes(4)
        + pack(">HH", 3, 3)
        + pack(">II", 36, 100) * 3
        + b"curf"
        + bytes(4)
        + pack(">HH", segments, 0)
    )


@pytest.mark.parametrize(
    ("tag", "laborious"),
    [
        (steps(curves(2), matrix(), curves(2)), False),
        (steps(*[matrix()] * 17), True),
        (steps(matrix(), matrix(15)), True),
        (steps(curves(100)), True),
        (b"mpet" + bytes(4), False),  # cut off: lcms will refuse it
        (b"curv" + bytes(4) + pack(">I", 60_000), False),
    ],
)
def test_a_profile_that_takes_seconds_to_calculate_is_known_by_its_tags(tag, laborious):
    """Of the last kind, lcms refuses the long ones itself."""
    assert icc.is_laborious(icc.write_profile(b"XYZ ", {b"D2B1": tag})) is laborious
