"""What a recipe would take is refused before anything is decoded."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from rendering.imaging.errors import BadRecipe, TooLarge
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.filters.grammar.cost import costs
from rendering.imaging.filters.grammar.registry import Registry
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.pillow import readers
from rendering.imaging.reading.limits import Limits

from ..pictures import disc, made, nine_patch, saved
from ..strategies import calls

OVERLAYS = {"b/mark.png": disc(9, 5), "b/frame.png": nine_patch()}
KERNEL = ";".join(["1"] * 81)


def animation(count, size):
    stills = [Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 0)) for number in range(count)]
    return saved(stills[0], "GIF", save_all=True, append_images=stills[1:], duration=40)


@pytest.fixture
def undecoded(monkeypatch):
    """Nothing is decoded."""

    def load(*arguments, **options):
        raise AssertionError("Something was decoded")

    monkeypatch.setattr(readers, "load", load)


@pytest.mark.parametrize(
    ("original", "filters", "geometry"),
    [
        (Image.new("RGB", (1, 1)), "padding(1999,1999,1999,1999,red)" + ":sharpen(20,20,false)" * 9, {}),
        (Image.new("RGB", (1, 1)), "padding(0,3990,3990,0,red):rotate(90)" + ":sharpen(20,20,false)" * 2, {}),
        (
            Image.new("RGB", (9, 1)),
            "fill(red):sharpen(1,1,true)" + f":convolution({KERNEL},9)" * 3,
            {"width": 4000, "height": 4000, "fit": Fit.CONTAIN},
        ),
        (animation(300, (1, 1)), "fill(red):sharpen(20,20,false)", {"width": 577, "height": 577, "fit": Fit.CONTAIN}),
        (Image.new("RGB", (3990, 3990)), "blur(20)" + ":sharpen(1,1,false)" * 6, {}),
    ],
)  # fmt: skip
def test_filters_are_charged_on_the_size_that_each_receives(undecoded, original, filters, geometry):
    with pytest.raises(TooLarge, match=r"would take [0-9.]+ seconds of a processor, 8 are allowed; make the picture"):
        made(original, filters, to="original", **geometry)


def test_the_sentence_says_what_was_found_and_what_is_allowed():
    with pytest.raises(TooLarge) as raised:
        made(animation(20, (100, 100)), "sharpen(1,1,false)", to="original", limits=Limits(seconds=0.05))
    assert str(raised.value) == (
        "The filters on 20 frames would take 0.1 seconds of a processor, 0.05 are allowed; make the picture smaller "
        "before them, or use fewer"
    )


@pytest.mark.parametrize(
    ("size", "filters"),
    [
        ((4000, 4000), "sharpen(1,1,false)"),
        ((4000, 4000), f"convolution({KERNEL},9):saturation(1.5):contrast(5):brightness(5):blur(3)"),
        ((1920, 1080), "sharpen(1,1,false):sharpen(1,1,true):blur(3):watermark(b/mark.png,0,0,50)" + ":sepia()" * 10),
        ((4000, 4000), "proportion(0.1)" + ":sharpen(20,20,false)" * 15),
    ],
)
def test_what_reasonable_people_ask_for_is_within_the_budget(size, filters):
    context, seconds = Context(measure=lambda path: OVERLAYS[path].size), 0.0
    for call in FILTERS.read(filters):
        nanoseconds, size = call.cost(size, context)
        seconds += nanoseconds / 1e9
    assert seconds < Limits().seconds


@given(calls(), st.tuples(st.integers(1, 40), st.integers(1, 40)), st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_every_filter_makes_the_size_that_it_declares(call, size, canvas):
    assume(call.filter.cost)
    path = "b/frame.png" if call.filter.name == "frame" else "b/mark.png"
    limits = Limits(width=500, height=500)
    context = Context(canvas, lambda _: OVERLAYS[path], lambda _: OVERLAYS[path].size, limits)
    try:
        nanoseconds, declared = call.cost(size, context)
    except TooLarge:
        with pytest.raises(TooLarge):
            call(Image.new("RGBA", size), context)
        return
    assert nanoseconds > 0
    found = call(Image.new("RGBA", size), context).size
    if call.filter.name == "frame":  # only its marks say how wide it is
        assert all(one <= most for one, most in zip(found, declared, strict=True))
    else:
        assert found == declared


def test_a_filter_of_pixels_that_does_not_say_what_it_costs_is_refused_at_import():
    def shine(image: Image.Image) -> Image.Image:
        """Let it shine."""
        return image

    @costs(10)
    def wider(geometry: Geometry) -> Geometry:
        """Make it wider."""
        return geometry

    for wrong in (shine, wider):
        with pytest.raises(TypeError, match=rf"^{wrong.__name__}: a filter of Image, and no other, says what it costs"):
            Registry().register([wrong])


def overlays(count, size=(4000, 4000)):
    content = saved(Image.new("L", size))
    return (lambda path: content), ":".join(f"watermark(b/{number}.png,0,0,50)" for number in range(count))


def test_all_overlays_share_one_budget_of_memory(undecoded):
    fetch, filters = overlays(10)
    with pytest.raises(TooLarge) as raised:
        made(Image.new("RGB", (100, 100)), filters, overlay=fetch, limits=Limits(seconds=99))
    assert str(raised.value) == (
        "The picture and the 10 pictures laid over it would take 702 MB, 700 MB are allowed; make them smaller"
    )


def test_all_overlays_together_may_have_the_pixels_of_one_original(undecoded):
    fetch, filters = overlays(3, (30_000, 900))
    with pytest.raises(TooLarge) as raised:
        made(Image.new("RGB", (100, 100)), filters, overlay=fetch)
    assert str(raised.value) == (
        "The pictures laid over the original have 81 megapixels together, 75 are allowed; make them smaller"
    )


def test_overlays_are_bounded_in_number(undecoded):
    fetch, filters = overlays(11, (9, 9))
    with pytest.raises(TooLarge, match=r"^The recipe lays 11 pictures over the original, 10 are allowed$"):
        made(Image.new("RGB", (100, 100)), filters, overlay=fetch)


def test_one_overlay_many_times_is_charged_each_time(undecoded):
    content = saved(Image.new("L", (4000, 4000)))
    with pytest.raises(TooLarge, match="seconds of a processor"):
        made(Image.new("RGB", (9, 9)), ":".join(["watermark(b/k,0,0,50,100,100)"] * 20), overlay=lambda path: content)


def test_an_overlay_is_fetched_once_and_refused_by_its_header(undecoded):
    fetched = []

    def fetch(path):
        fetched.append(path)
        return b"hello"

    with pytest.raises(BadRecipe, match=r"cannot be used\. The file is text"):
        made(Image.new("RGB", (9, 9)), "watermark(b/k,0,0,50)", overlay=fetch)
    assert fetched == ["b/k"]


def test_a_mark_on_an_animation_is_decoded_once_and_placed_on_each_frame():
    (marking,) = FILTERS.read("watermark(b/large.png,0,0,50)")
    one, many = (
        marking.cost((577, 577), Context(measure=lambda path: (2000, 2000), frames=frames))[0] * frames
        for frames in (1, 300)
    )
    assert one / 1e9 > 0.3
    assert many / 1e9 < Limits().seconds


def test_ten_marks_are_no_trouble():
    content = saved(disc(60, 40))
    filters = ":".join(f"watermark(b/{number}.png,{number},0,50)" for number in range(10))
    assert made(Image.new("RGB", (100, 100)), filters, overlay=lambda path: content).width == 100
