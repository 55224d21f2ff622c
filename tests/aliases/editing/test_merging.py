"""Two editors of one alias: nothing that either of them typed is lost, and nothing is taken back unseen."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from aliases.models import Alias
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(made):
    """Another editor's browser."""
    client = Client()
    client.force_login(made("ann", is_superuser=True))
    return client


def opened(client: Client, alias: Alias) -> dict[str, Any]:
    """The form as a browser would send it back untouched."""
    form = client.get(page("alias_change", alias.pk)).context["adminform"].form
    return {**form_of(alias), "_opened": form.opened, "_continue": "1"}


def save(client: Client, alias: Alias, posted: dict[str, Any]):
    return client.post(page("alias_change", alias.pk), posted)


def reopened(response) -> Any:
    return response.context["adminform"].form.opened


def test_fields_that_only_the_other_changed_are_kept_and_it_is_said_whose_they_are(admin, other, alias):
    mine, theirs = opened(admin, alias), opened(other, alias)
    save(other, alias, {**theirs, "width": 120, "filters": "grayscale()", "crop": "smart"})
    told = admin.post(page("alias_change", alias.pk), {**mine, "label": "Avatar"}, follow=True).content.decode()
    alias.refresh_from_db()
    assert (alias.label, alias.width, alias.filters, alias.crop) == ("Avatar", 120, "grayscale()", "smart")
    assert "Saved meanwhile by ann" in told
    assert "width: 90 → 120".casefold() in told.casefold()


def test_a_field_that_both_changed_is_asked_for_and_saving_again_is_no_answer(admin, other, alias):
    mine, theirs = opened(admin, alias), opened(other, alias)
    save(other, alias, {**theirs, "width": 120, "label": "Ann's"})
    mine |= {"width": 70, "height": 71}
    for _ in range(3):
        refused = save(admin, alias, mine)
        assert refused.status_code == 200
        told = refused.content.decode()
        assert "ann (" in told
        assert 'name="_choice-width" value="theirs"' in told
        assert "_choice-label" not in told
        assert "_choice-height" not in told
        form = refused.context["adminform"].form
        assert (form["width"].value(), form["height"].value(), form["label"].value()) == ("70", "71", "Ann's")
        (conflict,) = form.conflicts
        assert (conflict.before, conflict.theirs, conflict.mine) == ("90", "120", "70")
        mine |= {"_opened": reopened(refused), "label": form["label"].value()}
        alias.refresh_from_db()
        assert alias.width == 120


@pytest.mark.parametrize(("choice", "width"), [("mine", 70), ("theirs", 120)])
def test_what_is_chosen_is_saved(admin, other, alias, choice, width):
    mine, theirs = opened(admin, alias), opened(other, alias)
    save(other, alias, {**theirs, "width": 120, "notes": "by ann"})
    refused = save(admin, alias, {**mine, "width": 70})
    again = {**mine, "width": 70, "notes": "by ann", "_opened": reopened(refused), "_choice-width": choice}
    # Something else is wrong: what was chosen is not asked again.
    refused = save(admin, alias, {**again, "filters": "blur("})
    assert not refused.context["adminform"].form.conflicts
    width_now = refused.context["adminform"].form["width"].value()
    again |= {"_opened": reopened(refused), "width": width_now}
    del again["_choice-width"]
    assert save(admin, alias, again).status_code == 302
    alias.refresh_from_db()
    assert (alias.width, alias.notes) == (width, "by ann")


def test_a_choice_counts_for_what_was_shown_and_not_for_what_a_third_saved_since(admin, other, alias):
    mine, theirs = opened(admin, alias), opened(other, alias)
    save(other, alias, {**theirs, "width": 120})
    refused = save(admin, alias, {**mine, "width": 70})
    Alias.objects.filter(pk=alias.pk).update(width=200)
    again = {**mine, "width": 70, "_opened": reopened(refused), "_choice-width": "mine"}
    refused = save(admin, alias, again)
    (conflict,) = refused.context["adminform"].form.conflicts
    assert conflict.theirs == "200"
    assert save(admin, alias, {**again, "_opened": reopened(refused)}).status_code == 302
    alias.refresh_from_db()
    assert alias.width == 70


def test_the_same_change_twice_is_no_conflict(admin, other, alias):
    mine, theirs = opened(admin, alias), opened(other, alias)
    save(other, alias, {**theirs, "width": 120, "notes": "two\r\nlines"})
    assert save(admin, alias, {**mine, "width": 120, "notes": "two\nlines"}).status_code == 302


@pytest.mark.parametrize("token", ["", "x", "2026-11-30T03:00:00+00:00", "a:b:c"])
def test_where_it_cannot_be_read_what_was_opened_all_that_differs_is_asked_for(admin, alias, token):
    refused = save(admin, alias, {**opened(admin, alias), "width": 70, "_opened": token})
    assert [(one.name, one.before) for one in refused.context["adminform"].form.conflicts] == [("width", None)]
    chosen = {**form_of(alias, width=70), "_opened": reopened(refused), "_choice-width": "mine", "_continue": "1"}
    assert save(admin, alias, chosen).status_code == 302
    alias.refresh_from_db()
    assert alias.width == 70


def test_what_was_opened_of_one_alias_says_nothing_of_another(admin, alias, bucket):
    twin = Alias.objects.create(name="twin", bucket=bucket, width=33)
    token = opened(admin, twin)["_opened"]
    refused = save(admin, alias, {**opened(admin, alias), "width": 34, "_opened": token})
    assert [one.name for one in refused.context["adminform"].form.conflicts] == ["width"]


def test_who_saved_is_a_command_where_the_log_of_the_admin_does_not_know_of_it(admin, alias):
    mine = opened(admin, alias)
    alias.width = 120
    alias.save()
    refused = save(admin, alias, {**mine, "width": 70})
    assert "a command (" in refused.content.decode()


def test_saving_what_is_unchanged_is_no_change_that_another_would_hear_of(admin, alias):
    before = alias.updated
    assert save(admin, alias, opened(admin, alias)).status_code == 302
    alias.refresh_from_db()
    assert alias.updated == before
    assert not LogEntry.objects.exists()
