"""The field that CONTRIBUTING.md adds, looked for wherever fields are. Not collected by itself: test_adding_a_field.py
runs it in a copy of the checkout that has the field."""

import json

import pytest

from aliases.drafts import content
from aliases.drafts.words import differences
from aliases.editing.documents import BadImport, export, load
from aliases.models import Alias
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db

NAME, DAY, HOUR = "stale_if_error", 86_400, 3600
SAID = "served while the service fails: 86400 s → 3600 s"


def changed(alias: Alias) -> Alias:
    setattr(alias, NAME, HOUR)
    alias.full_clean()
    alias.save()
    return alias


def test_the_form_asks_for_it_in_its_section_with_its_help(alias, admin):
    response = admin.get(page("alias_change", alias.pk))
    sections = {section.name: section.fields for section in response.context["adminform"]}
    delivery = next(fields for title, fields in sections.items() if title.startswith("How long"))
    names = [name for line in delivery for name in ([line] if isinstance(line, str) else line)]
    assert names.index(NAME) == names.index("stale_while_revalidate") + 1
    body = response.content.decode()
    assert "Served while the service fails</label>" in body
    assert "Seconds (stale-if-error), such as 86400, a day." in body


def test_the_form_saves_it_and_refuses_what_its_validators_do(alias, admin):
    assert admin.post(page("alias_change", alias.pk), form_of(alias, **{NAME: HOUR})).status_code == 302
    assert getattr(Alias.objects.get(), NAME) == HOUR
    refused = admin.post(page("alias_change", alias.pk), form_of(alias, **{NAME: 40_000_000}))
    assert "40000000 is not an age" in refused.content.decode()


def test_the_preview_is_shown_while_it_is_wrong_since_it_decides_no_pixel(alias, admin):
    previewed = admin.post(page("alias_preview", alias.pk), form_of(alias, **{NAME: "soon"}))
    assert previewed.status_code == 200
    assert json.loads(previewed["X-Errors"]).keys() == {NAME}


def test_a_revision_holds_it_and_the_data_plane_reads_it(alias):
    publish(changed(alias), None)
    alias.refresh_from_db()
    assert alias.live is not None
    assert alias.live.content["caching"][NAME] == HOUR
    assert getattr(content.served(alias.name, alias.live.content).caching, NAME) == HOUR
    assert content.thawed(alias.live.content)[NAME] == HOUR
    assert not alias.differs()


@pytest.mark.django_db(transaction=True)  # the catalogue is written once it ends
def test_viewers_get_what_it_says(alias, client):
    publish(changed(alias), None)
    assert "stale-if-error=3600" in client.get("/profile-image/ios/cat.jpg")["Cache-Control"]


def test_a_revision_from_before_has_the_default(alias):
    publish(alias, None)
    alias.refresh_from_db()
    old = {**alias.live.content, "caching": {"max_age": 60}}
    assert content.thawed(old)[NAME] == DAY
    assert not content.differ(old, alias.content())


def test_a_difference_is_told_in_words_wherever_one_is(alias, admin):
    publish(alias, None)
    old = alias.content()
    new = changed(alias).content()
    assert differences(old, new) == [SAID]
    assert content.only_ages_differ(old, new)
    assert SAID in admin.get(page("alias_publish", alias.pk)).content.decode()


def test_an_old_revision_that_holds_it_is_copied_into_the_draft(alias, admin):
    publish(changed(alias), None)
    Alias.objects.update(**{NAME: DAY})
    assert admin.post(page("alias_copy", alias.pk, 1), {"sure": "yes"}).status_code == 302
    assert getattr(Alias.objects.get(), NAME) == HOUR


def test_it_is_exported_and_imported(alias):
    publish(changed(alias), None)
    for live in (False, True):
        document, _ = export(live=live)
        assert document["aliases"][alias.name][NAME] == HOUR
    Alias.objects.update(**{NAME: DAY})
    assert [change.differences for change in load(document)] == [[SAID]]
    assert getattr(Alias.objects.get(), NAME) == HOUR
    with pytest.raises(BadImport, match="stale_if_error: “soon” is not a whole number"):
        load({**document, "aliases": {alias.name: {NAME: "soon"}}})
