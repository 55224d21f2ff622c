"""URLs, and what is wrong with settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from imageservice_client import Picture, alias_url, signed_url
from imageservice_client.conf import read
from imageservice_client.urls import srcset, srcset_by_width


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("people/ann.jpg", "people/ann.jpg"),
        ("people/ann (1).jpg", "people/ann%20%281%29.jpg"),
        ("100%.jpg", "100%25.jpg"),
        ("%41.jpg", "%2541.jpg"),
        ("a@2x/b?c#d&e+f.jpg", "a%402x/b%3Fc%23d%26e%2Bf.jpg"),
        ("日本/写真 1.jpg", "%E6%97%A5%E6%9C%AC/%E5%86%99%E7%9C%9F%201.jpg"),
        ('it\'s, "quoted",', "it%27s%2C%20%22quoted%22%2C"),
        ("/rooted.jpg", "/rooted.jpg"),
    ],
)
def test_a_key_is_quoted_once(listed, key, path):
    assert alias_url("hero", key) == f"{listed.url}/hero/{path}"
    assert alias_url("hero", key, 2) == f"{listed.url}/hero@2x/{path}"
    assert alias_url("hero", key, width=640) == f"{listed.url}/hero@640w/{path}"
    assert srcset("hero", key).split(", ")[1] == f"{listed.url}/hero@1.5x/{path} 1.5x"
    by_width = [f"{listed.url}/hero@320w/{path} 320w", f"{listed.url}/hero@640w/{path} 640w"]
    assert srcset_by_width("hero", key).split(", ") == [*by_width, f"{listed.url}/hero/{path} 1200w"]


def test_a_ratio_that_the_alias_lacks_is_left_out_and_logged(listed, caplog):
    assert alias_url("hero", "one.jpg", 3) == f"{listed.url}/hero/one.jpg"
    assert "The alias hero has no ratio 3; it has 1.0, 1.5, 2.0." in caplog.text
    assert alias_url("unknown", "one.jpg", 3) == f"{listed.url}/unknown@3x/one.jpg"


def test_a_width_that_the_alias_lacks_is_left_out_and_logged(listed, caplog):
    assert alias_url("hero", "one.jpg", width=641) == f"{listed.url}/hero/one.jpg"
    assert "The alias hero has no width 641; it has 320, 640, 1200." in caplog.text
    assert alias_url("whole", "one.jpg", width=641) == f"{listed.url}/whole/one.jpg"
    assert "The alias whole has no width 641; it has none but its own." in caplog.text
    assert alias_url("whole", "one.jpg", width=300) == f"{listed.url}/whole/one.jpg"
    assert alias_url("unknown", "one.jpg", width=640) == f"{listed.url}/unknown@640w/one.jpg"


def test_a_url_has_no_ratio_beside_a_width(listed):
    with pytest.raises(ValueError, match="leave ratio=2 or width=640 out"):
        alias_url("hero", "one.jpg", 2, width=640)


def test_without_a_key_there_is_no_url(listed):
    assert srcset_by_width("hero", "") == srcset_by_width("whole", "one.jpg") == srcset_by_width("no", "one.jpg") == ""
    assert (alias_url("hero", ""), srcset("hero", ""), str(Picture("hero", ""))) == ("", "", "")


def test_a_thumbor_url_is_signed(settings):
    settings.IMAGE_SERVICE = {"URL": "https://images.test/", "SECURITY_KEY": "a-key-of-16-characters"}
    url = signed_url("photos", "people/ann (1).jpg", width=300, height=200, smart=True)
    assert url.startswith("https://images.test/")
    assert url.endswith("=/300x200/smart/photos/people/ann%20%281%29.jpg")
    settings.IMAGE_SERVICE = {"URL": "https://images.test"}
    with pytest.raises(ValueError, match="SECURITY_KEY"):
        signed_url("photos", "one.jpg")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "Set IMAGE_SERVICE ="),
        ({}, "Set IMAGE_SERVICE ="),
        ("https://images.test", "Set IMAGE_SERVICE ="),
        ({"URL": "images.test"}, "such as https://images.example.com, not 'images.test'"),
        ({"URL": ""}, "such as https://images.example.com"),
        ({"URL": "https://images.test?a=b"}, "such as https://images.example.com"),
        ({"URL": 8}, "must be text, not 8"),
        ({"URL": "https://images.test", "MAXAGE": 3}, "has no 'MAXAGE'; it has URL, ALIASES, SECURITY_KEY, MAX_AGE"),
        ({"URL": "https://images.test", "url": 3}, "has no 'url'"),
        ({"URL": "https://images.test", "MAX_AGE": "3"}, "must be a number of seconds, not '3'"),
        ({"URL": "https://images.test", "TIMEOUT": 0}, "must be a number of seconds, not 0"),
    ],
)
def test_settings_that_are_wrong_are_told_by_check(settings, said, why):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(said)
    assert why in str(refused.value)
    settings.IMAGE_SERVICE = said
    with pytest.raises(SystemCheckError, match=r"imageservice_client\.E001"):
        call_command("check")
