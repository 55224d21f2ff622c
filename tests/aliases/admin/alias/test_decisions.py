"""The admin's pages that ask before something is made live: what they say is true, and nothing is decided unseen."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from aliases.models import Alias, BucketPlace, Publication
from aliases.publishing.publishing import publish, roll_back, set_enabled
from tests.aliases.forms import form_of, page, text_of

pytestmark = pytest.mark.django_db


def shown(response: Any) -> str:
    """What the page's form says that the page showed."""
    return str(response.context["form"]["seen"].value())


def typed(response: Any) -> str:
    return str(response.context["form"]["why"].value())


@pytest.fixture
def other(made):
    client = Client()
    client.force_login(made("ann", is_superuser=True))
    return client


def test_after_a_refusal_the_page_asks_anew_with_the_reason_and_says_who_saved(admin, other, alias):
    asked = admin.get(page("alias_publish", alias.pk))
    other.post(page("alias_change", alias.pk), {**form_of(alias, width=60), "_continue": "1"})
    refused = admin.post(page("alias_publish", alias.pk), {"seen": shown(asked), "why": "smaller"})
    assert "The draft was saved by ann (" in text_of(refused)
    assert "width: 60" in text_of(refused)
    assert (typed(refused), shown(refused) == shown(asked)) == ("smaller", False)
    assert not Publication.objects.exists()
    assert admin.post(page("alias_publish", alias.pk), {"seen": shown(refused), "why": "smaller"}).status_code == 302
    assert Publication.objects.get().why == "smaller"


@pytest.mark.parametrize("name", ["publish", "roll_back", "enable", "disable"])
def test_what_another_made_live_meanwhile_is_said_and_asked_anew_on_every_page(admin, made, alias, name):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=60)
    publish(alias, None)
    if name == "enable":
        set_enabled(alias, False, None)
    if name == "publish":
        Alias.objects.filter(pk=alias.pk).update(width=70)
    url = page(f"alias_{name}", alias.pk, *([1] if name == "roll_back" else []))
    asked = admin.get(url)
    # Somebody else publishes another draft, before or after this one is decided.
    alias.refresh_from_db()
    Alias.objects.filter(pk=alias.pk).update(height=50)
    publish(alias, made("ann"))
    Alias.objects.filter(pk=alias.pk).update(height=90)
    refused = admin.post(url, {"seen": shown(asked), "why": "because"})
    assert "It was published revision 3 by ann, on " in text_of(refused)
    assert typed(refused) == "because"
    assert admin.post(url, {"seen": shown(refused), "why": "because"}).status_code == 302
    assert Publication.objects.latest("pk").why == "because"


def test_who_wanted_what_another_has_done_meanwhile_is_told_that_it_is_so(admin, alias):
    asked = admin.get(page("alias_publish", alias.pk))
    publish(alias, None)
    told = admin.post(page("alias_publish", alias.pk), {"seen": shown(asked)}, follow=True)
    assert "unchanged since revision 1, so nothing was published" in text_of(told)


def test_a_draft_that_became_invalid_meanwhile_keeps_the_reason_until_it_is_right_again(admin, other, alias):
    asked = admin.get(page("alias_publish", alias.pk))
    alias.filters = "gone()"
    alias.save()
    refused = admin.post(page("alias_publish", alias.pk), {"seen": shown(asked), "why": "smaller"})
    assert "There is no filter named" in text_of(refused)
    assert "The draft was saved by a command (" in text_of(refused)
    assert typed(refused) == "smaller"
    refused = admin.post(page("alias_publish", alias.pk), {"seen": shown(refused), "why": "smaller"})
    assert "There is no filter named" in text_of(refused)
    assert "The draft was saved by" not in text_of(refused)  # nobody did, since this page was shown
    alias.filters, alias.width = "", 60
    alias.save()
    looked = admin.post(page("alias_publish", alias.pk), {"seen": shown(refused), "why": "smaller", "_look": "1"})
    assert "width: 60" in text_of(looked)
    assert not Publication.objects.exists()
    assert admin.post(page("alias_publish", alias.pk), {"seen": shown(looked), "why": typed(looked)}).status_code == 302
    assert Publication.objects.get().why == "smaller"


def test_a_draft_that_is_unmeasured_meanwhile_is_measured_and_keeps_the_reason(admin, wall):
    while not admin.post(page("alias_measure_progress", wall.pk)).json()["done"]:
        pass
    asked = admin.get(page("alias_publish", wall.pk))
    wall.refresh_from_db()
    wall.width = 100
    wall.save()
    refused = admin.post(page("alias_publish", wall.pk), {"seen": shown(asked), "why": "wider"})
    assert "The draft was saved by a command" in text_of(refused)
    next_page = refused.context["next"]
    measured = admin.post(page("alias_measure", wall.pk), {"why": "wider"})
    assert measured["Location"] == next_page
    assert typed(admin.get(next_page)) == "wider"


def test_a_reason_that_is_too_long_stays_as_it_was_typed(admin, alias):
    refused = admin.post(page("alias_publish", alias.pk), {"why": "x" * 301})
    assert typed(refused) == "x" * 301
    assert not Publication.objects.exists()


def test_the_age_that_is_told_is_what_browsers_hold_and_not_what_the_draft_says(admin, alias):
    alias.max_age, alias.stale_while_revalidate = 86400, 0
    alias.save()
    publish(alias, None)
    alias.refresh_from_db()
    alias.max_age, alias.width = 60, 50
    alias.save()
    for name in ("publish", "disable"):
        told = text_of(admin.get(page(f"alias_{name}", alias.pk)))
        assert "Browsers keep what they have for up to 86400 s (1 day), by the ages of revision 1" in told
    publish(alias, None)
    told = text_of(admin.get(page("alias_roll_back", alias.pk, 1)))
    assert "Browsers keep what they have for up to 60 s, by the ages of revision 2" in told
    set_enabled(alias, False, None)
    assert "“404 not found” may be kept for up to 10 s" in text_of(admin.get(page("alias_enable", alias.pk)))


def test_ages_that_become_shorter_are_told_to_cdns_and_longer_ones_when_they_will_be(admin, alias, settings):
    settings.CLOUDFRONT_DISTRIBUTION_ID = "E1"
    alias.shared_max_age = 3600
    alias.save()
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(shared_max_age=60)
    told = text_of(admin.get(page("alias_publish", alias.pk)))
    assert "The CDN is asked to purge alias:profile-image/ios twice" in told
    assert "Otherwise it would go on sending the old, longer lifetimes" in told
    settings.CLOUDFRONT_DISTRIBUTION_ID = ""
    told = text_of(admin.get(page("alias_publish", alias.pk)))
    assert "No CDN that could be purged is set up here, so none is asked to purge" in told
    # Where nobody could tell them, they are told to ask again soon, whatever the alias says.
    assert "serves cached responses until they expire: after 300 s (5 minutes) at most, or 3600 s (1 hour) if" in told
    Alias.objects.filter(pk=alias.pk).update(shared_max_age=7200)
    told = text_of(admin.get(page("alias_publish", alias.pk)))
    assert "there is nothing to purge. Cached responses keep the old lifetimes until they expire: after 300 s" in told
    alias.shared_max_age = 60
    alias.save()
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(shared_max_age=30)
    told = text_of(admin.get(page("alias_publish", alias.pk)))
    assert "serves cached responses until they expire: after 60 s at most." in told


def test_the_form_says_for_how_long_cdns_keep_what_they_cannot_be_told_to_forget(admin, alias, settings):
    told = text_of(admin.get(page("alias_change", alias.pk)))
    assert "No CDN that could be purged is set up here; until one is, at most" in told
    assert "Publishing purges CDNs" not in told
    settings.CLOUDFRONT_DISTRIBUTION_ID = "E1"
    assert "Publishing purges CDNs, so a long time is best." in text_of(admin.get(page("alias_change", alias.pk)))


@pytest.mark.parametrize("name", ["change", "publish", "disable", "enable"])
def test_every_page_says_what_viewers_of_a_disabled_alias_get(admin, alias, name):
    publish(alias, None)
    set_enabled(alias, False, None)
    told = text_of(admin.get(page(f"alias_{name}", alias.pk)))
    assert "Viewers get 404; revision 1 is live again once it is enabled." in told
    assert "which is live now" not in told
    publication = Publication.objects.latest("pk")
    told = text_of(admin.get(page("alias_publication", publication.pk)))
    assert "Viewers get 404; they get revision 1 once the alias is enabled." in told


def test_what_viewers_get_is_told_for_every_other_state(admin, alias, bucket):
    def told(name: str = "change") -> str:
        alias.refresh_from_db()
        return text_of(admin.get(page(f"alias_{name}", alias.pk)))

    assert "Viewers get 404 until it is published." in told()
    set_enabled(alias, False, None)
    assert "Viewers get 404 until it is published and enabled." in told()
    assert "It was never published: its URLs answer once it is." in told("enable")
    publish(alias, None)
    of_publication = admin.get(page("alias_publication", Publication.objects.latest("pk").pk))
    assert "they get revision 1 once the alias is enabled" in text_of(of_publication)
    Alias.objects.filter(pk=alias.pk).update(width=60)
    assert "Nobody gets its pictures now" in text_of(admin.get(page("alias_publish", alias.pk)))
    Alias.objects.filter(pk=alias.pk).update(width=90)
    publish(Alias.objects.create(name="profile-image", bucket=bucket, max_age=77), None)
    assert "Viewers get what “profile-image” makes of keys that begin with “ios/”, else 404; revision 1" in told()
    assert "for up to 77 s" in told("enable")
    set_enabled(alias, True, None)
    assert "Viewers get revision 1." in told()
    Alias.objects.filter(pk=alias.pk).update(width=60)
    publish(alias, None)
    first = alias.revisions.get(number=1)
    roll_back(alias, first, None)
    assert "Viewers get revision 1." in told()
    BucketPlace.objects.all().delete()
    assert "Viewers get an error, 502: the bucket “photos”, which revision 1 reads, has no place" in told()


def test_the_page_to_publish_begins_with_what_viewers_get_and_shows_nothing_that_is_for_the_form_alone(admin, alias):
    response = admin.get(page("alias_publish", alias.pk))
    told = response.content.decode()
    assert re.search(r'class="viewers">(.*)</p>', told)[1] == escape(response.context["viewers"])  # type: ignore[index]
    assert f'<input type="hidden" name="seen" value="{shown(response)}"' in told


@pytest.mark.parametrize("enabled", [True, False])
def test_the_page_to_publish_shows_pictures_first_and_says_when_it_takes_effect(admin, alias, settings, enabled):
    settings.CATALOGUE_MAX_AGE = 30
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=60, enabled=enabled)
    told = admin.get(page("alias_publish", alias.pk)).content.decode()
    assert told.index("Contact sheet") < told.index("What changes from revision 1") < told.index("Why:")
    # A disabled alias has no effect yet.
    assert ("Everybody sees it within 30 s" in told) == enabled


def test_the_list_says_of_an_alias_never_published_that_it_is_disabled_too(admin, alias):
    set_enabled(alias, False, None)
    assert "Never published, disabled" in admin.get(page("alias_changelist")).content.decode()
