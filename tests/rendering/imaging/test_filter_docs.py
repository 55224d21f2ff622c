from docs import make_filters
from rendering.imaging.filters import FILTERS


def test_the_list_of_filters_says_what_the_filters_say():
    written = (make_filters.DOCS / "filters.md").read_text()
    assert written == make_filters.text(), "Run `make docs`."


def test_every_filter_has_an_example_and_one_that_shows_has_a_picture():
    assert set(make_filters.EXAMPLES) == set(FILTERS)
    assert set(FILTERS) >= make_filters.BEYOND
    for name, example in make_filters.EXAMPLES.items():
        assert [call.filter.name for call in FILTERS.read(example)] == [name]
    shown = {path.stem for path in make_filters.PICTURES.iterdir()}
    assert shown == {"none", *FILTERS} - make_filters.UNSEEN
    assert sum(path.stat().st_size for path in make_filters.PICTURES.iterdir()) < 400_000


def test_examples_can_be_drawn():
    assert make_filters.picture("frame", make_filters.EXAMPLES["frame"]).startswith(b"RIFF")
