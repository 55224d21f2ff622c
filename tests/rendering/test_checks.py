"""What the data plane says at start of its detector, and of what makes it fast."""

import pytest

from rendering import checks, process
from rendering.checks import (
    faces_are_found,
    metrics_can_be_read,
    production_is_closed,
    purging_is_whole,
    renders_are_fast,
    short,
    storages_are_places,
)
from rendering.imaging.focus import yunet


@pytest.mark.parametrize(
    ("detector", "installed", "told"),
    [
        ("yunet", True, []),
        ("yunet", False, ["imageservice.W010"]),
        ("rekognition", True, []),
        ("rekognition", False, ["imageservice.W010"]),
        ("edges", False, []),
        ("none", False, []),
    ],
)
def test_a_deployment_without_onnx_runtime_is_told_unless_that_is_meant(
    settings, monkeypatch, detector, installed, told
):
    settings.DETECTOR = detector
    monkeypatch.setattr(yunet, "installed", lambda: installed)
    assert [message.id for message in faces_are_found()] == told


@pytest.mark.parametrize(
    ("networks", "found", "told"),
    [([], None, []), (["10.0.0.0/8"], None, ["imageservice.E015"]), (["10.0.0.0/8"], 1, [])],
)
def test_metrics_that_are_to_be_read_need_their_package(settings, monkeypatch, networks, found, told):
    settings.PROMETHEUS_NETWORKS = networks
    monkeypatch.setattr(checks, "find_spec", {"prometheus_client": found}.get)
    assert [message.id for message in metrics_can_be_read()] == told


@pytest.mark.parametrize(
    ("environment", "zlib", "told"),
    [
        ("production", "1.3.1.zlib-ng", []),
        ("production", "1.2.13", ["imageservice.W012"]),
        ("local", "1.2.13", []),
    ],
)
def test_what_makes_renders_slow_is_told(settings, monkeypatch, environment, zlib, told):
    settings.ENVIRONMENT = environment
    monkeypatch.setattr(process, "zlib", lambda: zlib)
    assert [message.id for message in renders_are_fast()] == told


@pytest.mark.parametrize(
    ("derivatives", "catalogue", "told"),
    [
        ("s3://acme/-/d", "s3://acme/catalogue", False),
        ("s3://acme/derivatives", "s3://acme", False),
        ("s3://acme/site#1/d", "s3://acme/site#1", False),
        ("s3://acme/d", "s3://acme/d-catalogue", False),
        ("s3://acme/x", "s3://other/x", False),
        ("s3://acme/x", "/acme/x", False),
        ("var/derivatives", "var/catalogue", False),
        ("s3://acme/x", "s3://acme/x/", True),
        ("s3://acme", "s3://acme/catalogue", True),
        ("s3://acme/-/d", "s3://acme/-/d/catalogue", True),
        ("s3://acme/c/focus/d", "s3://acme/c", True),
        ("var/one", "file:///{base}/var/../var/one", True),
        ("var", "var/catalogue", True),
        ("{tmp}/link/d", "{tmp}/folder/d", True),
    ],
)
def test_the_catalogue_and_the_derivatives_are_never_in_each_others_way(
    settings, tmp_path, derivatives, catalogue, told
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    names = {"base": str(settings.BASE_DIR).lstrip("/"), "tmp": str(tmp_path)}
    settings.DERIVATIVES_URL, settings.CATALOGUE_URL = derivatives.format(**names), catalogue.format(**names)
    assert [message.id for message in storages_are_places()] == (["imageservice.E008"] if told else [])


def test_a_folder_that_was_escaped_for_a_url_is_told_where_the_other_is_there(settings, tmp_path):
    settings.DERIVATIVES_URL = (tmp_path / "my pictures").as_uri()
    assert storages_are_places() == []
    (tmp_path / "my pictures").mkdir()
    (message,) = storages_are_places()
    assert message.id == "imageservice.W003"
    assert message.hint
    assert f"file://{tmp_path}/my pictures" in message.hint
    settings.DERIVATIVES_URL = f"file://{tmp_path}/my pictures"
    assert storages_are_places() == []


@pytest.mark.parametrize("name", ["SECURITY_KEY", "ORIGIN_SECRET"])
@pytest.mark.parametrize(("length", "told"), [(0, ""), (1, "{} is shorter"), (15, "{} is shorter"), (16, "")])
def test_a_secret_that_can_be_guessed_is_told(settings, name, length, told):
    setattr(settings, name, "k" * length)
    assert short(name).startswith(told.format(name))
    assert bool(short(name)) == bool(told)


@pytest.mark.parametrize(("length", "told"), [(1, True), (15, True), (16, False)])
def test_a_fallback_that_can_be_guessed_is_told(settings, length, told):
    settings.SECURITY_KEY, settings.SECURITY_KEY_FALLBACKS = "k" * 16, ["k" * 16, "k" * length]
    assert short("SECURITY_KEY").startswith("a part of SECURITY_KEY_FALLBACKS is shorter") == told


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Cache-Tag", []),
        ("surrogate-key", ["VARNISH_URLS is set, but the tags are sent as surrogate-key, which is not read there"]),
    ],
)
def test_a_cache_that_is_purged_by_tags_has_to_read_the_header_that_has_them(settings, header, told):
    settings.VARNISH_URLS = ["http://varnish:6081"]
    settings.CACHE_TAG_HEADER = header
    found = purging_is_whole()
    assert [message.msg for message in found] == told
    assert all(message.hint == "Set CACHE_TAG_HEADER=Cache-Tag." for message in found)


def test_what_is_fine_on_a_laptop_is_told_in_public(settings):
    settings.DEBUG = True
    settings.ENVIRONMENT = "local"
    assert production_is_closed() == []
    settings.ENVIRONMENT = "production"
    assert any(message.msg.startswith("DEBUG is on: ") for message in production_is_closed())
