"""`manage.py inspect`: lines for people, JSON for programs, and no fault for whatever is pasted."""

import json

import pytest
from django.core.management import CommandError

from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import READER
from tests.aliases.management.commands.running import run
from tests.values import NO_KEYS, ODD_TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(alias, committed):
    with committed():
        publish(alias, None)
    READER.forget()
    return alias


def test_it_says_what_comes_of_a_url(live):
    output = run("inspect", "https://pictures.example.com/profile-image/ios/cat.jpg")
    first, kept, *_ = output.splitlines()
    assert first == "200 Works. The alias profile-image/ios, revision 1, of cat.jpg."
    assert kept == "Rendered just now, kept from now on."
    assert "✓ It is kept" in output
    assert "Every browser: 200 OK, image/png" in output


def test_it_says_what_is_wrong_and_what_would_be_right(live):
    output = run("inspect", "/profile-image/ios/cat.jpeg")
    assert output.startswith("404 Fails. There is no such original in the bucket “photos”.")
    assert "✗ no such key" in output
    assert "/profile-image/ios/cat.jpg The bucket “photos” has “cat.jpg”." in output


def test_as_json_it_is_whole(live, settings):
    settings.SECURITY_KEY = "a-key-of-sixteen-or-more"
    found = json.loads(run("inspect", "/profile-image/ios/cat.jpg", "--json"))
    assert found["status"] == 200
    assert found["alias"] == {"name": "profile-image/ios", "revision": 1}
    assert found["original"]["width"] == 300
    assert [part["text"] for part in found["parts"]] == ["/profile-image/ios", "/cat.jpg"]
    (answer,) = found["answers"]
    assert answer["headers"]["Content-Length"] == str(answer["bytes"])
    assert found["thumbor"]["same"]
    failed = json.loads(run("inspect", "/profile-image/ios/cat.jpeg", "--json"))
    assert failed["suggestions"][0]["path"] == "/profile-image/ios/cat.jpg"


def test_one_client_is_asked_for_by_its_header(live):
    output = run("inspect", "/profile-image/ios/cat.jpg", "--accept", "image/webp")
    assert "A client that sends this Accept header: 200 OK" in output
    with pytest.raises(CommandError, match="--accept"):
        run("inspect", "/profile-image/ios/cat.jpg", "--accept", "a\nb")


@pytest.mark.parametrize("text", [*NO_KEYS, *ODD_TEXTS])
def test_anything_can_be_pasted(text, live):
    for command in (["inspect", "--", text], ["inspect", "--json", "--", f"/profile-image/ios/{text}"]):
        run(*command).encode()
