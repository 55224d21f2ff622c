"""The benchmark of growth and that of cold starts run to their tables, here with little of everything."""

import subprocess
import sys

from benchmarks import starts
from tests.tracked import ROOT

SMALL = {"MANY_ALIASES": 1000, "MANY_BUCKETS": 3, "MANY_KEPT": 100, "FEW_LIVE": 2, "MANY_LIVE": 4}


def test_growth_has_a_row_for_each_cost():
    code = f"from benchmarks import growth; vars(growth).update({SMALL}); growth.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--rounds", "1"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for row in ("alias found", "catalogue loaded", "read from a folder", "read from S3", "from a PNG", "CPU time"):
        assert row in done.stdout


def test_cold_starts_have_a_row_for_each_process():
    lines, figures = starts.compared(1)
    assert list(figures) == list(starts.ROWS)
    assert all(f"| {name} |" in lines[-1] for name in starts.ROWS)
    # The least that can be said without asserting times: a picture that is rendered takes more than no picture at all.
    assert figures[starts.RENDERED]["milliseconds"] > figures["Python alone"]["milliseconds"]
