"""The list's search finds the alias of a URL; a duplicate gets the next free name."""

import pytest

from aliases.admin.alias.listing.search import names_in
from aliases.models import Alias
from tests.aliases.forms import page
from tests.values import KEYS, NO_KEYS, ODD_TEXTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text",
    [
        "https://pictures.example.com/profile-image/ios/123/image.jpg",
        "https://pictures.example.com/profile-image/ios@2x/123/image.jpg?v=3#top",
        "http://localhost:8000/profile-image/ios/",
        "//pictures.example.com/profile-image/ios/a.jpg",
        "/profile-image/ios/123/image.jpg",
        "/profile-image/ios@1.5x/image.jpg",
        "profile-image/ios/123/image.jpg",
        "profile-image/ios",
        "/profile-image/ios/",
        "pictures.example.com/profile-image/ios/a.jpg",
        "localhost:8000/profile-image/ios/a.jpg",
        "https://pictures.example.com/profile-image%2Fios/a%20b.jpg",
        "https://pictures.example.com/%70rofile-image/ios%402x/a.jpg",
        "/-/info/profile-image/ios/a.jpg",
        "  https://pictures.example.com/profile-image/ios/a.jpg  ",
        "https://pictures.example.com/profile-image/ios/two words/größe 1.jpg",
    ],
)
def test_a_url_finds_the_alias_that_answers_it(text, alias, admin):
    Alias.objects.create(name="profile-image", bucket=alias.bucket)
    Alias.objects.create(name="other", bucket=alias.bucket)
    found = admin.get(page("alias_changelist"), {"q": text}).context["cl"].result_list
    assert alias in found
    assert "other" not in [one.name for one in found]


def test_of_nested_names_the_longest_is_found(alias, admin):
    Alias.objects.create(name="profile-image", bucket=alias.bucket)
    found = admin.get(page("alias_changelist"), {"q": "/profile-image/android/a.jpg"}).context["cl"].result_list
    assert [one.name for one in found] == ["profile-image"]


@pytest.mark.parametrize(
    "text", [*KEYS, *NO_KEYS, *ODD_TEXTS, "http://[", "https://[::1/a", "://", "/" * 5000, "%ff%/a", "a/" * 999]
)
def test_any_text_can_be_searched_for(text, alias, admin):
    assert alias.name not in names_in(text)
    if not any("\ud800" <= one <= "\udfff" for one in text):
        assert admin.get(page("alias_changelist"), {"q": text}).status_code == 200


@pytest.mark.parametrize(
    ("name", "there", "proposed"),
    [
        ("ios", [], "ios-2"),
        ("ios", ["ios-2", "ios-3"], "ios-4"),
        ("ios", ["ios-3"], "ios-2"),
        ("ios-2", ["ios"], "ios-3"),
        ("a" * 100, [], "a" * 98 + "-2"),
        ("a" * 100, ["a" * 98 + "-2"], "a" * 98 + "-3"),
    ],
)
def test_a_duplicate_gets_the_next_free_name(name, there, proposed, bucket, admin):
    twin, *_ = [Alias.objects.create(name=one, bucket=bucket) for one in (name, *there)]
    form = admin.get(page("alias_add"), {"from": twin.pk}).context["adminform"].form
    assert form["name"].value() == proposed
