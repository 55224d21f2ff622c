"""The start page: open on a laptop, for staff elsewhere; it shows what is live and nothing else."""

import re

import pytest
from django.urls import reverse

from aliases.models import Alias
from aliases.publishing.publishing import publish, set_enabled
from tests.drawings import opened

pytestmark = pytest.mark.django_db


def original(alias: Alias) -> str:
    return reverse("admin:aliases_alias_original", args=[alias.pk])


def test_with_nothing_there_it_tells_the_first_steps(client):
    page = client.get("/").content.decode()
    assert "Three steps to your first" in page
    assert "No catalogue has been written yet" in page


def test_with_no_sample_it_tells_the_next_step(client, alias):
    assert "none that is live and names a sample" in client.get("/").content.decode()


def test_it_shows_each_live_alias_beside_its_original_with_sizes_bytes_and_url(client, alias, committed):
    with committed():
        publish(alias, None)
    page = client.get("/").content.decode()
    assert "http://testserver/profile-image/ios/cat.jpg" in page
    assert "300 × 200 pixels, JPEG" in page
    assert "90 × 90 pixels, PNG" in page
    assert "cut to 90 × 90 around the centre; PNG" in page
    assert opened(client.get(original(alias))).size == (300, 200)
    assert client.get("/profile-image/ios/cat.jpg").status_code == 200


def test_it_shows_what_is_live_not_the_draft(client, alias):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=55)
    page = client.get("/").content.decode()
    assert "cut to 90 × 90" in page
    assert "55 × 90" not in page


def test_a_sample_that_is_missing_is_told_instead_of_shown(client, alias):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(sample="gone.jpg")
    assert "There is no such original" in client.get("/").content.decode()
    assert client.get(original(alias)).status_code == 422


def test_a_live_alias_without_a_sample_has_nothing_to_show(client, alias):
    publish(alias, None)
    assert "http://testserver/profile-image/ios/" in client.get("/").content.decode()
    Alias.objects.filter(pk=alias.pk).update(sample="")
    page = client.get("/").content.decode()
    assert "http://testserver/profile-image/ios/" not in page
    assert "none that is live and names a sample" in page


def test_originals_of_aliases_that_are_not_live_are_not_shown(client, alias):
    assert client.get(original(alias)).status_code == 404
    publish(alias, None)
    assert client.get(original(alias)).status_code == 200
    set_enabled(alias, False, None)
    assert client.get(original(alias)).status_code == 404


def test_elsewhere_than_on_a_laptop_it_is_for_staff_who_may_look(client, alias, bucket, made, settings):
    publish(alias, None)
    settings.ENVIRONMENT = "production"
    bucket.places.update(environment="production")
    assert client.get("/")["Location"] == "/admin/login/?next=/"
    assert client.get(original(alias)).status_code == 403
    client.force_login(made("user", is_staff=False))
    assert client.get("/").status_code == 302
    client.force_login(made("nobody"))
    assert client.get("/").status_code == 403
    assert client.get(original(alias)).status_code == 403
    client.force_login(made("viewer", "view_alias"))
    assert client.get("/").status_code == 200
    assert client.get(original(alias)).status_code == 200


def test_it_is_only_read(client):
    assert client.post("/").status_code == 405


ADD = "/admin/aliases/alias/add/"


@pytest.mark.parametrize(
    ("permissions", "offered"),
    [
        (None, set()),
        ((), set()),
        (("view_alias",), {"View", "History", "Aliases"}),
        (("view_alias", "view_bucket"), {"View", "History", "Focus", "Aliases", "Buckets"}),
        (("change_alias",), {"Edit", "History", "Aliases"}),
        (("view_alias", "add_alias"), {"View", "History", "Add an alias", "Aliases"}),
    ],
)
def test_it_offers_what_whoever_looks_may_do_and_nothing_else(client, alias, made, permissions, offered):
    Alias.objects.filter(pk=alias.pk).update(crop="smart")
    publish(Alias.objects.get(pk=alias.pk), None)
    if permissions is not None:
        client.force_login(made("somebody", *permissions))
    links = re.findall(r'<a (?:class="primary" )?href="(/admin/[^"]*)">([^<]*)</a>', client.get("/").content.decode())
    assert {words for _, words in links} - {"Log in"} == offered
    assert ("Log in" in {words for _, words in links}) == (permissions is None)
    for path, _ in links:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("permissions", [None, ("view_alias",), ("add_alias", "add_bucket")])
def test_the_first_steps_are_links_for_whoever_may_take_them(client, made, permissions):
    if permissions is not None:
        client.force_login(made("somebody", *permissions))
    told = client.get("/").content.decode()
    assert "Make a bucket" in told
    assert (reverse("admin:aliases_bucket_add") in told) == (permissions == ("add_alias", "add_bucket"))
    assert (ADD in told) == (permissions == ("add_alias", "add_bucket"))
