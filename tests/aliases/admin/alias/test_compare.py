"""Any two versions of an alias, in words; and copying one over a draft that somebody changed."""

import pytest

from aliases.models import Alias
from aliases.publishing.publishing import publish
from tests.aliases.forms import page
from tests.drawings import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(alias: Alias) -> Alias:
    """An alias of two revisions, whose draft differs from both."""
    publish(alias, None, "first")
    Alias.objects.filter(pk=alias.pk).update(width=60, format="webp")
    publish(Alias.objects.get(pk=alias.pk), None, "smaller")
    Alias.objects.filter(pk=alias.pk).update(width=61)
    return Alias.objects.get(pk=alias.pk)


def test_two_revisions_are_compared_field_by_field(admin, twice):
    shown = admin.get(page("alias_compare", twice.pk), {"a": "1", "b": "2"})
    assert shown.context["different"] == [("Width", "90", "60"), ("Format", "PNG", "WebP")]
    assert "Height" in [label for label, _ in shown.context["same"]]
    text = shown.content.decode()
    assert "Revision 1 and revision 2" in text
    assert [one.name for one in shown.context["versions"]] == ["The draft", "Revision 2, live", "Revision 1, first"]
    assert f"{page('alias_sample', twice.pk, '1')}?key=cat.jpg&amp;browser=webp" in text
    assert "?a=2&amp;b=1&amp;browser=webp" in text


def test_without_a_choice_what_is_live_is_compared_with_the_draft_or_with_what_was_before(admin, twice):
    found = admin.get(page("alias_compare", twice.pk)).context
    assert (found["a"], found["b"]) == ("2", "draft")
    Alias.objects.filter(pk=twice.pk).update(width=60)
    found = admin.get(page("alias_compare", twice.pk)).context
    assert (found["a"], found["b"]) == ("1", "2")


@pytest.mark.parametrize("query", [{"a": "9"}, {"a": "x"}, {"b": "1" * 40}])
def test_a_version_that_does_not_exist_is_not_found(admin, twice, query):
    assert admin.get(page("alias_compare", twice.pk), query).status_code == 404
    assert admin.get(page("alias_compare", 999)).status_code == 404


def test_other_kinds_of_browsers_are_ignored(admin, twice):
    assert admin.get(page("alias_compare", twice.pk), {"browser": "x"}).context["browser"] == "webp"


def test_the_history_has_the_draft_first_then_each_reason(admin, twice):
    text = admin.get(page("alias_history", twice.pk)).content.decode()
    assert text.index("The draft") < text.index("“smaller”") < text.index("“first”")
    for which in ("draft", "1", "2"):
        assert f"{page('alias_sample', twice.pk, which)}?small&amp;key=cat.jpg" in text
    assert "2 revisions. Each can come back within" in text


def test_a_revision_is_not_copied_over_a_changed_draft_unasked(admin, twice):
    url = page("alias_copy", twice.pk, 1)
    asked = admin.post(url)
    text = asked.content.decode()
    assert "The draft has changes that nobody has published" in text
    assert "width: 90 → 61" in text
    assert Alias.objects.get().width == 61
    admin.post(url, {"sure": "1"})
    assert Alias.objects.get().width == 90


def test_where_the_draft_is_live_or_the_same_nothing_is_asked(admin, twice):
    Alias.objects.filter(pk=twice.pk).update(width=60)
    assert admin.post(page("alias_copy", twice.pk, 1)).status_code == 302
    assert admin.post(page("alias_copy", twice.pk, 1)).status_code == 302
    assert Alias.objects.get().width == 90


def test_whoever_may_only_look_compares_and_copies_nothing(client, twice, made):
    client.force_login(made("ann", "view_alias"))
    text = client.get(page("alias_compare", twice.pk), {"a": "1", "b": "2"}).content.decode()
    assert "Copy A into draft" not in text
    history = client.get(page("alias_history", twice.pk)).content.decode()
    assert "Roll back" not in history
    assert "Copy into draft" not in history


def test_badges_say_what_is_found_in_b_and_what_no_longer_is(admin, alias, service):
    service.put("cat.jpg", drawn(60, 40))
    Alias.objects.filter(pk=alias.pk).update(width=120)
    publish(Alias.objects.get(), None)
    Alias.objects.filter(pk=alias.pk).update(width=90, height=60, enlarging_rule="must")

    def badges(a: str, b: str) -> list[tuple[str, str]]:
        found = admin.get(page("alias_badges", alias.pk), {"a": a, "b": b, "key": "cat.jpg"}).json()["badges"]
        return [(one["level"], one["words"]) for one in found]

    assert badges("1", "draft") == [("plain", "Enlarged 1.5×")]
    assert badges("draft", "1") == [("bad", "Enlarged 2.2×")]
    Alias.objects.filter(pk=alias.pk).update(width=60, height=40)
    assert badges("1", "draft") == [("good", "Not enlarged any more")]
    (service.originals / "cat.jpg").unlink()
    assert badges("1", "draft") == [("bad", "Sample missing")]


def test_badges_of_keys_beyond_the_sample_set_are_for_who_may_look_into_buckets(client, made, twice, service):
    service.put("secret.jpg", drawn(30, 20))
    client.force_login(made("ann", "view_alias"))
    assert client.get(page("alias_badges", twice.pk), {"a": "1", "b": "2", "key": "secret.jpg"}).status_code == 403
    assert client.get(page("alias_badges", twice.pk), {"a": "1", "b": "9"}).status_code == 404
