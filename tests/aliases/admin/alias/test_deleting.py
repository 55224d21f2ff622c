"""Deleting aliases: what is lost is told before, and what is live stays."""

import pytest

from aliases.models import Alias
from aliases.publishing.publishing import publish, set_enabled
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(alias: Alias) -> Alias:
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=50)
    publish(alias, None)
    return alias


def test_a_live_alias_is_not_deleted_and_its_page_leads_to_disabling_it(admin, live):
    for told in (admin.get(page("alias_delete", live.pk)), admin.post(page("alias_delete", live.pk), {"post": "yes"})):
        text = told.content.decode()
        assert "is live, so it cannot be deleted" in text
        assert "2 revisions and 2 lines of its history" in text
        assert f'href="{page("alias_disable", live.pk)}"' in text
        assert "protected" not in text
    assert Alias.objects.exists()


def test_a_disabled_one_is_deleted_after_it_was_told_what_is_lost(admin, live):
    set_enabled(live, False, None)
    told = admin.get(page("alias_delete", live.pk)).content.decode()
    assert "2 revisions and 3 lines of its history" in told
    assert "begins with /profile-image/ios/" in told
    admin.post(page("alias_delete", live.pk), {"post": "yes"})
    assert not Alias.objects.exists()


def test_one_never_published_loses_its_draft_alone(admin, alias):
    assert "only its draft is lost" in admin.get(page("alias_delete", alias.pk)).content.decode()


def test_of_many_those_that_are_live_stay_and_the_others_can_be_deleted(admin, live, bucket):
    others = [Alias.objects.create(name=f"draft{number}", bucket=bucket) for number in range(3)]
    posted = {"action": "delete_selected", "_selected_action": [live.pk, *(other.pk for other in others)]}
    told = admin.post(page("alias_changelist"), posted).content.decode()
    assert "1 of them is live and stays" in told
    assert "3 can be deleted" in told
    assert f'name="_selected_action" value="{live.pk}"' not in told
    rest = {"action": "delete_selected", "_selected_action": [other.pk for other in others]}
    admin.post(page("alias_changelist"), rest)
    assert Alias.objects.count() == 4
    admin.post(page("alias_changelist"), {**rest, "post": "yes"})
    assert list(Alias.objects.all()) == [live]


def test_of_many_that_are_all_live_nothing_is_deleted_even_when_it_is_confirmed(admin, live, bucket):
    other = Alias.objects.create(name="draft", bucket=bucket)
    posted = {"action": "delete_selected", "_selected_action": [live.pk], "post": "yes"}
    assert "Nothing was deleted" in admin.post(page("alias_changelist"), posted, follow=True).content.decode()
    posted["_selected_action"] = [live.pk, other.pk]
    assert "Some of these are live" in admin.post(page("alias_changelist"), posted, follow=True).content.decode()
    assert Alias.objects.count() == 2
