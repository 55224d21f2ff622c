"""Which pictures may have colours that sRGB cannot show."""

import pytest
from PIL import ImageCms

from rendering.imaging.reading.colour import codes, icc
from rendering.imaging.reading.colour.gamut import is_wide
from rendering.imaging.reading.colour.space import SRGB, ColourSpace, Signal

LITTLE_CMS = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_display_p3_and_bt2020_and_high_dynamic_range_are_wide():
    assert is_wide(ColourSpace(profile=icc.profile_of(codes.PRIMARIES[12])))
    assert is_wide(ColourSpace(profile=icc.profile_of(codes.BT2020)))
    assert is_wide(ColourSpace(signal=Signal(codes.HLG, codes.BT709)))


@pytest.mark.parametrize("profile", [LITTLE_CMS, icc.profile_of(codes.BT709), icc.profile_of(codes.PRIMARIES[6])])
def test_srgb_whoever_wrote_its_profile_is_not(profile):
    assert not is_wide(ColourSpace(profile=profile))


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        bytes(200),
        icc.profile_of(codes.BT2020)[:140],
        icc.profile_of(codes.BT2020).replace(b"RGB ", b"GRAY"),
        icc.profile_of(codes.BT2020)[:200] + bytes(400),
    ],
)
def test_a_profile_that_does_not_say_is_not(profile):
    assert not is_wide(SRGB)
    assert not is_wide(ColourSpace(profile=profile))
