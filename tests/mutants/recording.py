"""A plugin of pytest: which test ran which lines, and in how many seconds. `-p tests.mutants.recording`

Writes JSON to the path in RECORD: `{"seconds": {test: seconds}, "failed": [test, …], "lines": {file: {line: [test,
…]}}}`. A test is a function, with all its parameters; one that failed is in "failed" alone. Lines that run as a module
is imported have no test.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

measuring = coverage.Coverage(data_file=None, config_file=False, source=["aliases", "rendering"])
measuring.start()

seconds: dict[str, float] = defaultdict(float)
failed: set[str] = set()


def function(node: str) -> str:
    return node.partition("[")[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    measuring.switch_context(function(item.nodeid))
    try:
        return (yield)
    finally:
        measuring.switch_context("")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[function(report.nodeid)] += report.duration
    if report.failed:
        failed.add(function(report.nodeid))


def pytest_sessionfinish() -> None:
    measuring.stop()
    data = measuring.get_data()
    lines = {
        str(Path(path).relative_to(ROOT)): {
            line: sorted(set(tests) - failed - {""}) for line, tests in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    passed = {test: spent for test, spent in seconds.items() if test not in failed}
    content = {"seconds": passed, "failed": sorted(failed), "lines": lines}
    Path(os.environ["RECORD"]).write_text(json.dumps(content))
