import io

from PIL import Image

from docs import make_filters
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.examples import EXAMPLES


def test_the_list_of_filters_says_what_the_filters_say():
    written = (make_filters.DOCS / "filters.md").read_text()
    assert written == make_filters.text(), "Run `make docs`."


def test_every_filter_has_an_example_and_one_that_shows_has_a_picture():
    assert set(EXAMPLES) == set(FILTERS), "Renew EXAMPLES in rendering/imaging/filters/grammar/examples.py."
    assert set(FILTERS) >= make_filters.BEYOND
    for name, example in EXAMPLES.items():
        assert [call.filter.name for call in FILTERS.read(example)] == [name]
    shown = {path.stem for path in make_filters.PICTURES.iterdir()}
    assert shown == {"none", *FILTERS} - make_filters.UNSEEN, (
        "Run `make docs`; of a filter removed, remove the picture."
    )
    assert sum(path.stat().st_size for path in make_filters.PICTURES.iterdir()) < 400_000


def test_the_pictures_show_what_the_filters_do():
    """So `make docs` leaves everything as it is where nothing changed."""
    stored = {path.stem: path.read_bytes() for path in make_filters.PICTURES.iterdir()}
    drawn = make_filters.pictures()
    assert drawn.keys() == stored.keys()
    other = [name for name in drawn if not make_filters.same(stored[name], drawn[name])]
    assert not other, "Run `make docs`."


def test_a_picture_that_shows_something_else_is_told_from_one_that_is_only_encoded_anew():
    coffee = make_filters.picture("none", "")
    again = io.BytesIO()
    Image.open(io.BytesIO(coffee)).save(again, "WEBP", lossless=True)
    assert again.getvalue() != coffee
    assert make_filters.same(coffee, again.getvalue())
    assert not make_filters.same(coffee, make_filters.picture("none", "brightness(1)"))
    assert not make_filters.same(coffee, make_filters.picture("none", "rotate(90)"))
