"""`make check` runs the tests of what changed."""

import pytest

from tests.changed import ALWAYS, DOCS, chosen
from tests.tracked import tracked

TESTS = (
    *ALWAYS,
    *DOCS,
    "tests/test_release.py",
    "tests/docs/test_help.py",
    "tests/test_workflow.py",
    "tests/aliases/test_start.py",
    "tests/rendering/test_warming.py",
    "tests/rendering/http/test_delivery.py",
    "tests/rendering/http/test_delivery_of_files.py",
    "tests/rendering/http/test_info.py",
)


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("tests/rendering/http/test_info.py", {"tests/rendering/http/test_info.py"}),
        (
            "rendering/http/delivery.py",
            {"tests/rendering/http/test_delivery.py", "tests/rendering/http/test_delivery_of_files.py"},
        ),
        ("rendering/http/headers.py", {name for name in TESTS if name.startswith("tests/rendering/http/")}),
        ("rendering/storage/s3/requests.py", {"tests/rendering/test_warming.py"}),
        ("tests/rendering/conftest.py", {"tests/rendering/test_warming.py"}),
        ("aliases/templates/admin/base.html", {"tests/aliases/test_start.py"}),
        ("benchmarks/render.py", set()),
        ("docs/urls.md", set(DOCS)),
        ("CHANGELOG.md", {*DOCS, "tests/test_release.py"}),
    ],
)
def test_a_change_has_its_tests_run(changed, tests):
    assert set(chosen([changed], TESTS)) == tests | set(ALWAYS)


def test_what_is_always_run_is_there():
    assert {*ALWAYS, *DOCS} <= set(tracked("tests/*.py"))
