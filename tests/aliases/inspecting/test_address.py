"""What people paste is read as browsers read it."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliases.inspecting.address import Address, of_alias, read
from rendering.catalogue.descriptor import Descriptor
from tests.values import KEYS, NO_KEYS, ODD_TEXTS


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://pictures.example.com/hero/a.jpg", Address("https://pictures.example.com", "hero/a.jpg")),
        (
            "https://pictures.example.com/hero/a.jpg?w=3#top",
            Address("https://pictures.example.com", "hero/a.jpg", "w=3"),
        ),
        ("//pictures.example.com/hero/a.jpg", Address("//pictures.example.com", "hero/a.jpg")),
        ("pictures.example.com/hero/a.jpg", Address("pictures.example.com", "hero/a.jpg")),
        ("localhost:8000/hero/a.jpg", Address("localhost:8000", "hero/a.jpg")),
        ("http://[::1]:8000/hero/a.jpg", Address("http://[::1]:8000", "hero/a.jpg")),
        ("/hero/a.jpg", Address("", "hero/a.jpg")),
        ("hero/a.jpg", Address("", "hero/a.jpg")),
        ("/one.jpg", Address("", "one.jpg")),
        ("  /hero/\n a b.jpg ", Address("", "hero/%20a%20b.jpg")),
        ("/hero/größe%20%F0.jpg", Address("", "hero/gr%C3%B6%C3%9Fe%20%F0.jpg")),
        ("https://pictures.example.com", Address("https://pictures.example.com", "")),
        ("/", Address("", "")),
        ("/filters:blur(2)/a/b", Address("", "filters:blur(2)/a/b")),
        ('"/hero/a.jpg"', Address("", "hero/a.jpg")),
        ("<https://a.example.com/hero/a.jpg>", Address("https://a.example.com", "hero/a.jpg")),
        ("„/hero/a.jpg“", Address("", "hero/a.jpg")),
        ("« hero/'a'.jpg »", Address("", "hero/'a'.jpg")),
        ('/hero/"a".jpg"', Address("", "hero/%22a%22.jpg%22")),
        ('"/hero/a.jpg', Address("", "%22/hero/a.jpg")),
        ('"', None),
        ("hero astronaut", None),
        ("hero", None),
        ("", None),
        ("http://[", None),
    ],
)
def test_urls_paths_and_words(text, address):
    assert read(text) == address


@pytest.mark.parametrize("key", KEYS)
def test_the_path_of_an_alias_is_read_back(key):
    address = of_alias("team/card", key, Descriptor(ratio=2))
    assert read(address.path) == read(f"https://x.example.com{address.path}"[len("https://x.example.com") :]) == address
    assert unquote(address.raw) == f"team/card@2x/{key}"


@pytest.mark.parametrize("text", [*NO_KEYS, *ODD_TEXTS, "://", "/" * 5000, "a/" * 40_000, "http://[::1/a"])
def test_any_text_is_read(text):
    address = read(text)
    assert address is None or address.path.isascii()


@given(st.text())
def test_whatever_is_pasted_becomes_a_path_that_a_request_may_have(text):
    address = read(text)
    assert address is None or (address.path.isascii() and address.path.isprintable() and "#" not in address.path)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("https://Pictures.example.com:443", "pictures.example.com"),
        ("//a.b", "a.b"),
        ("https://me:pw@a.b", "a.b"),
        ("", ""),
    ],
)
def test_the_name_of_a_host(host, name):
    assert Address(host, "").name == name
