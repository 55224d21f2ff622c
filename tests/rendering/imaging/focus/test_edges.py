import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from rendering.imaging.focus.edges import Edges, densest

from ..pictures import gradient


def scribbled(box, size=(400, 100)):
    """A white picture, fine black stripes in that box."""
    image = Image.new("RGB", size, "white")
    for x in range(box[0], box[2], 8):
        image.paste("black", (x, box[1], x + 4, box[3]))
    return image


def edges_of(image):
    edges = Edges.of(image)
    assert edges
    return edges


def test_detail_is_where_the_lines_are():
    across, down = edges_of(scribbled((300, 0, 400, 50))).profiles(0, 0, 1, 1)
    assert sum(across[:44]) < 0.02 * sum(across)
    assert sum(down[34:]) < 0.1 * sum(down)


@pytest.mark.parametrize(("across", "down"), [(0.2, 0.5), (0.5, 0.25), (0.8, 0.75)])
def test_a_smooth_subject_outweighs_the_fine_texture_around_it(across, down):
    """Such as a bird over water. By edges alone, all windows but those with the subject have the most detail."""
    image = Image.effect_noise((400, 300), 120).convert("RGB")
    x, y = round(400 * across), round(300 * down)
    ImageDraw.Draw(image).ellipse((x - 40, y - 30, x + 40, y + 30), "orange")
    for profile, place in zip(edges_of(image).profiles(0, 0, 1, 1), (across, down), strict=True):
        assert densest(profile, 0.4, 0.3) <= place - 0.08
        assert densest(profile, 0.4, 0.3) + 0.4 >= place + 0.08


def test_what_is_in_a_corner_is_detail_all_the_same():
    for box in ((0, 0, 40, 40), (360, 60, 400, 100)):
        across, down = edges_of(scribbled(box)).profiles(0, 0, 1, 1)
        assert densest(across, 0.25, 0.375) == pytest.approx(0 if box[0] == 0 else 0.75, abs=0.05)
        assert densest(down, 0.5, 0.25) == pytest.approx(0 if box[1] == 0 else 0.5, abs=0.1)


def test_the_profile_of_a_part_is_of_that_part_alone():
    edges = edges_of(scribbled((300, 0, 400, 100)))
    across, _ = edges.profiles(0.5, 0, 1, 1)
    # Up to half a cell of the grid of contrast before the stripes.
    assert sum(across[:28]) < 0.05 * sum(across)
    assert sum(across[:24]) < 0.02 * sum(across)
    assert sum(edges.profiles(0, 0, 0.65, 1)[0]) == pytest.approx(0, abs=1)


@pytest.mark.parametrize(
    "image", [Image.new("RGB", (200, 100), "red"), Image.new("L", (2, 900)), Image.new("L", (1, 1))]
)
def test_a_plain_or_tiny_picture_has_none(image):
    assert Edges.of(image) is None


def test_the_grid_becomes_a_picture_and_back():
    edges = edges_of(scribbled((0, 0, 400, 100)))
    assert Edges.from_image(edges.to_image()) == edges


def test_a_grid_is_small_whatever_the_picture():
    assert len(str(edges_of(gradient(3000, 2000, "L").rotate(30)).to_builtins())) < 2500


@pytest.mark.parametrize(("profile", "start"), [([9, 9, 0, 0, 0, 0, 0, 0], 0), ([0, 0, 0, 0, 0, 0, 9, 9], 0.75)])
def test_a_window_goes_where_most_detail_is(profile, start):
    assert densest(profile, 0.25, 0.375) == pytest.approx(start, abs=0.02)


def test_a_window_stays_where_it_was_aligned_when_all_places_are_alike():
    assert densest([5.0] * 64, 0.25, 0.1) == pytest.approx(0.1)
    assert densest([0.0] * 64, 0.25, 0.1) == 0.1


@given(st.lists(st.floats(0, 255), min_size=1, max_size=64), st.floats(0.01, 1), st.floats(0, 1))
def test_a_window_never_leaves_its_side(profile, length, aligned):
    start = densest(profile, length, min(aligned, 1 - length))
    assert 0 <= start <= 1 - length + 1e-9
