"""Files whose headers say what browsers take for granted."""

import pytest

from rendering.imaging.reading.browsers import as_in_browsers

from ..containers import with_two_associations
from ..pictures import corners, difference, disc, gradient, made, saved, shown


@pytest.mark.parametrize("pillow", ["JPEG", "GIF", "PNG", "WEBP", "AVIF"])
def test_a_file_that_says_all_that_there_is_to_say_stays_as_it_is(pillow):
    content = saved(corners(40, 30), pillow)
    assert as_in_browsers(content, pillow) == content


@pytest.mark.parametrize("ended", [True, False])
def test_properties_of_an_avif_in_two_boxes_are_read_as_if_in_one(ended):
    whole = saved(disc(), "AVIF", quality=90)
    content = with_two_associations(whole)
    if not ended:  # the last box, of which the file does not say how long it is
        last = content.rindex(b"meta") - 4
        content = content[:last] + bytes(4) + content[last + 4 :]
    for to in ("png", "webp"):
        for width in (None, 30):
            one, two = (shown(made(some, to=to, width=width)).convert("RGBA") for some in (whole, content))
            assert difference(one, two) == 0


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("stated", ["full", "limited"])
def test_the_levels_of_an_animated_avif_have_the_range_that_it_states(mode, stated):
    frames = [corners().convert(mode), gradient().convert(mode)]
    content = saved(frames[0], "AVIF", save_all=True, append_images=frames[1:], range=stated, quality=95, duration=100)
    animation = shown(made(content))
    animation.seek(1)
    assert difference(animation.convert("RGB"), gradient()) < 4
    still = saved(gradient().convert(mode), "AVIF", range=stated, quality=95)
    assert difference(shown(made(still)).convert("RGB"), gradient()) < 4
