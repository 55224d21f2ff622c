"""What a header tells, without a pixel decoded."""

import pytest

from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.picture import Picture

from ..pictures import corners, disc, gradient, made, saved, spinning


@pytest.mark.parametrize(
    ("content", "picture"),
    [
        (saved(corners(), "JPEG"), Picture("jpeg", "image/jpeg", 120, 80, 1, alpha=False)),
        (saved(disc(), "WEBP"), Picture("webp", "image/webp", 120, 80, 1, alpha=True)),
        (saved(corners(), "TIFF"), Picture("tiff", "image/tiff", 120, 80, 1, alpha=False)),
        (saved(disc(32, 32), "ICO"), Picture("ico", "image/x-icon", 32, 32, 1, alpha=True)),
        (spinning("GIF"), Picture("gif", "image/gif", 64, 48, 6, alpha=True)),
        (spinning("PNG"), Picture("png", "image/png", 64, 48, 6, alpha=True)),
    ],
    ids=["jpeg", "webp", "tiff", "ico", "gif", "png"],
)
def test_a_header_tells_what_a_picture_is(content, picture):
    assert identify(Opened(content, Limits())) == picture


def test_probing_decodes_nothing():
    content = saved(gradient(400, 300), "PNG")
    assert identify(Opened(content[:200], Limits())).width == 400


def test_a_second_picture_in_a_photo_is_ignored():
    content = saved(corners(), "MPO", save_all=True, append_images=[gradient()])
    assert identify(Opened(content, Limits())) == Picture("jpeg", "image/jpeg", 120, 80, 1, alpha=False)
    assert made(content, to="original").type == "image/jpeg"
