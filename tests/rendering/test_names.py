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


def test_a_path_may_have_bytes_that_are_no_text():
    assert names.wrong_with_path("/pictures/\udcff.jpg") == ""  # as Python has a byte that is not UTF-8


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/a" * 2047, ""),
        ("/a" * 2048, "is longer than 4,095 bytes with its folder, which Linux does not allow"),
        (f"/{'é' * 127}x/a", ""),
        (f"/{'é' * 128}/a", "has a part of more than 255 bytes, which Linux does not allow"),
    ],
)
def test_a_path_is_as_long_as_linux_allows(path, wrong):
    assert names.wrong_with_path(path) == wrong


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://acme-photos.s3.amazonaws.com/", "acme-photos.s3.amazonaws.com/"),
        ("http://acme-photos.s3.eu-west-1.amazonaws.com", "acme-photos.s3.eu-west-1.amazonaws.com/"),
        ("cdn.acme.com/media", "cdn.acme.com/media/"),
        ("HTTPS://CDN.acme.com/Media/%C3%BC%20b//", "cdn.acme.com/Media/ü b/"),
        ("minio:9000/b/", "minio:9000/b/"),
    ],
)
def test_what_a_bucket_may_also_be_known_as_has_one_spelling(text, address):
    assert names.wrong_with_address(text) == ""
    assert names.address_of(text) == address
    if "ü" not in address:
        assert names.address_of(names.address_of(text)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "photos",
        "/media/",
        "https://",
        "s3://acme-photos/",
        "ftp://a.example/",
        "https://me:word@a.example/",
        "a.example/x?y=1",
        "a.example/#x",
        "a.example/../x",
        "a.example/a/./b",
        "a.example:port/",
        "a b.example/",
        "a.example/%FF/",
        "a.example/%00/",
        "*.example.com/",
    ],
)
def test_what_is_no_beginning_of_an_address_is_refused(text):
    assert names.wrong_with_address(text)
