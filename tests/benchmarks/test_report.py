"""What `make bench` says of renders: ratios of each round, their means, and a plot."""

from xml.etree import ElementTree

import pytest

from benchmarks import report
from benchmarks.operations import OPERATIONS
from benchmarks.render import Row
from rendering.dialects.thumbor import read
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Defaults


def row(number, ours, sharp=(), thumbor=()):
    cpu = {name: list(spent) for name, spent in (("ours", ours), ("sharp", sharp), ("thumbor", thumbor)) if spent}
    return Row(OPERATIONS[number], cpu=cpu, bytes=dict.fromkeys(cpu, 1000)).to_json()


def test_a_ratio_is_the_median_of_those_of_each_round():
    """The machine was twice as slow in the second round: each engine's own median would say 1.5."""
    found = row(0, (10, 30, 11), (10, 20, 22))
    assert found["ratio"] == {"sharp": 1.0}


def test_the_last_line_has_the_means_and_the_worst():
    rows = [row(0, (1,), (2,), (10,)), row(1, (2,), (1,), (10,)), row(2, (1,), (1,))]
    assert report.verdict(rows) == "render: 3 operations, 1.00 of sharp, 0.14 of thumbor, worst 2.00 (a2)"
    assert report.verdict([row(0, (1,))]) == "render: 1 operations"


def test_a_row_of_the_table_leaves_open_what_an_engine_cannot_do():
    cells = report.cells(row(0, (1,), (2,)))
    assert len(cells) == len(report.HEAD)
    assert cells[:4] == ["a1: jpeg12.jpg at 90x90 → png", "1.0, 2.0, –", "0.50", "–"]


def test_the_plot_is_a_picture_with_a_bar_for_each_ratio():
    drawn = ElementTree.fromstring(report.plot([row(0, (1,), (2,), (4,)), row(1, (1,), (4,))]))
    texts = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"0.50", "0.25"} <= set(texts)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_each_operation_is_a_url_that_the_service_reads(operation):
    found = read(operation.path, Limits())
    recipe = found.recipe.settled("any", Defaults())
    assert (found.image, found.skipped) == (operation.original, ())
    assert recipe.encoding.format == operation.format
    assert (recipe.geometry.width or 0, recipe.geometry.height or 0) == (operation.width, operation.height)
    if operation.quality:
        assert getattr(recipe.encoding, f"{operation.format}_quality") == operation.quality


def test_there_are_24_operations_each_with_a_name_of_its_own():
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS) == 24
