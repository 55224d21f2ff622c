"""Numbers of README.md, held against what they are of."""

import re

from benchmarks.operations import OPERATIONS
from rendering.imaging.encoding import FORMATS
from rendering.imaging.filters import FILTERS
from tests.tracked import ROOT

README = (ROOT / "README.md").read_text()


def test_the_filters_are_counted():
    assert re.findall(r"\[(\d+) filters\]", README) == [str(len(FILTERS))], "Run `make docs`."


def test_the_figures_of_speed_are_those_that_were_measured_last():
    measured = (ROOT / "docs/performance.md").read_text()
    ((count, of_sharp, of_thumbor),) = re.findall(
        r"render: (\d+) operations, ([\d.]+) of sharp, ([\d.]+) of thumbor", measured
    )
    assert int(count) == len(OPERATIONS)
    said = f"{float(of_sharp):.1f}× the CPU time of sharp and {float(of_thumbor):.1f}× that of Thumbor"
    for page in (README, measured, (ROOT / "CHANGELOG.md").read_text()):
        assert f"{said}, geometric mean of {count} operations" in " ".join(page.split())


def test_the_faults_of_pictures_are_those_that_were_counted_last():
    page = " ".join((ROOT / "docs/fidelity.md").read_text().split())
    ((rows, _, best, ours, thumbor, sharp),) = re.findall(
        r"fidelity: (\d+) rows; ours without fault in (\d+), best or equal in (\d+); "
        r"faults: ours (\d+), Thumbor (\d+), sharp (\d+)",
        page,
    )
    assert ours == "0"
    assert (
        f"Of {rows} combinations, none of our pictures has a fault; Thumbor has {thumbor} faulty ones and sharp "
        f"{sharp}. Ours is best or equal in {best}."
    ) in page


def test_every_format_that_is_written_is_named():
    written = re.search(r"JPEG 2000 to (.*?), animations", " ".join(README.split()))
    assert written
    assert {name.lower() for name in re.split(r", | and ", written[1])} == set(FORMATS)
