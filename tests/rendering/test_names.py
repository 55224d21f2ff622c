"""What things may be called."""

import pytest

from rendering import names


@pytest.mark.parametrize("name", ["profile-image/ios", "a", "0", "a_b/c-d/e"])
def test_names_an_alias_may_have(name):
    assert names.wrong_with_alias_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "a/",
        "/a",
        "a//b",
        "a b",
        "ä",
        "a@2x",
        "a=",
        "-/info",
        "unsafe/x",
        "admin",
        "static/x",
        "healthz",
        "a\n",
        "x" * 101,
    ],
)
def test_names_an_alias_may_not_have(name):
    assert names.wrong_with_alias_name(name)


@pytest.mark.parametrize("name", ["photos", "bucket_name", "top-10", "smarter", "x300y"])
def test_names_a_bucket_may_have(name):
    assert names.wrong_with_bucket_name(name) == ""


@pytest.mark.parametrize(
    "name", ["smart", "left", "trim", "meta", "fit-in", "adaptive-full-fit-in", "300x200", "x", "A", "a/b"]
)
def test_names_a_bucket_may_not_have(name):
    assert names.wrong_with_bucket_name(name)
