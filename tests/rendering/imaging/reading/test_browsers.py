"""Files whose headers say what browsers take for granted."""

import pytest

from rendering.imaging.reading.browsers import as_in_browsers
from rendering.imaging.reading.limits import Limits

from ..pictures import corners, gradient, saved


@pytest.mark.parametrize("frames", [1, 2])
def test_a_gif_that_covers_its_screen_stays_as_it_is(frames):
    more = {"save_all": True, "append_images": [gradient(40, 30)]} if frames == 2 else {}
    content = saved(corners(40, 30), "GIF", **more)
    assert as_in_browsers(content, "GIF", Limits()) == content
