"""What is done to many aliases at once: each that can be, and of each other it is said why not."""

import json
from typing import Any

import pytest

from aliases.models import Alias, Publication
from aliases.pictures import health
from aliases.publishing.publishing import publish, set_enabled
from tests.aliases.forms import page, text_of

pytestmark = pytest.mark.django_db


def act(client: Any, action: str, *aliases: Alias) -> Any:
    form = {"action": action, "_selected_action": [alias.pk for alias in aliases]}
    return client.post(page("alias_changelist"), form, follow=True)


@pytest.fixture
def three(alias, bucket) -> list[Alias]:
    """A draft that was never published, one that differs, and one that is live."""
    made = [alias]
    for name in ("differs", "live"):
        one = Alias.objects.create(name=name, bucket=bucket, width=50, sample="cat.jpg")
        publish(one, None)
        made.append(one)
    Alias.objects.filter(name="differs").update(width=51)
    return made


def fields(shown: Any) -> dict[str, str]:
    return {f"seen-{line.alias.pk}": line.token for line in shown.context["lines"]}


def test_where_nothing_can_be_done_the_page_says_so(admin, alias):
    publish(alias, None)
    text = text_of(act(admin, "publish_drafts", alias))
    assert "Nothing to publish" in text
    assert "Its draft is live already." in text
    assert "0 aliases" not in text


def test_drafts_are_published_on_one_page_that_leaves_out_what_is_live(admin, three, committed):
    shown = act(admin, "publish_drafts", *three)
    text = shown.content.decode()
    assert "Publish the drafts of 2 aliases" in text
    assert "width: 50 → 51" in text
    assert "Its draft is live already." in text
    with committed():
        told = admin.post(shown.wsgi_request.get_full_path(), {**fields(shown), "why": "autumn"}, follow=True)
    assert "“differs”, “profile-image/ios” is live everywhere within" in told.content.decode()
    assert set(Publication.objects.filter(why="autumn").values_list("alias__name", "by__username")) == {
        ("differs", "root"),
        ("profile-image/ios", "root"),
    }


def test_a_draft_saved_meanwhile_publishes_none_of_them(admin, three):
    shown = act(admin, "publish_drafts", *three)
    Alias.objects.filter(name="differs").update(width=52)
    told = admin.post(shown.wsgi_request.get_full_path(), {**fields(shown), "why": "autumn"}).content.decode()
    assert "“differs” was changed while you looked at it." in told
    assert "Nothing was done." in told
    assert "width: 50 → 52" in told
    assert 'value="autumn"' in told
    assert not Publication.objects.filter(why="autumn").exists()


def test_many_are_disabled_after_a_page_and_enabled_at_once(admin, three):
    shown = act(admin, "disable", *three)
    admin.post(shown.wsgi_request.get_full_path(), {**fields(shown), "why": "over"})
    assert not Alias.objects.filter(enabled=True).exists()
    assert "Enabled: “differs”, “live”" in act(admin, "enable", *three[1:]).content.decode()
    assert "enabled already" in act(admin, "enable", *three[1:]).content.decode()
    assert set(Alias.objects.filter(enabled=True).values_list("name", flat=True)) == {"differs", "live"}


def test_what_breaks_a_rule_is_left_out_with_a_link_to_its_own_page(admin, three):
    must = {"most_enlarged": 1.1, "enlarging_rule": "must"}
    Alias.objects.filter(name="differs").update(width=450, **must)
    shown = act(admin, "publish_drafts", *three)
    text = text_of(shown)
    assert "Publish the drafts of 1 alias" in text
    assert (
        "“Enlarged at most 1.1×” is broken by cat.jpg (enlarged 1.5×). To publish it all the same takes a reason."
        in text
    )
    assert page("alias_publish", three[1].pk) in shown.content.decode()
    publish(Alias.objects.get(name="differs"), None)
    for one in three[1:]:
        set_enabled(one, False, None)
    told = act(admin, "enable", *three[1:])
    assert "Enabled: “live”." in text_of(told)
    assert "“differs” stays disabled: “Enlarged at most 1.1×” is broken by cat.jpg" in text_of(told)
    assert f'href="{page("alias_enable", three[1].pk)}"' in told.content.decode()
    assert set(Alias.objects.filter(enabled=False).values_list("name", flat=True)) == {"differs"}


def test_what_went_live_together_is_checked(admin, three, committed):
    shown = act(admin, "publish_drafts", *three)
    admin.post(shown.wsgi_request.get_full_path(), fields(shown))
    states = {alias.name: health.known(alias).state for alias in health.served()}
    assert states == {"differs": "samples fine", "profile-image/ios": "samples fine", "live": "not checked yet"}


def test_duplicates_are_drafts_under_free_names(admin, three):
    act(admin, "duplicate", *three)
    copies = Alias.objects.filter(live=None, name__endswith="-2").values_list("name", "width")
    assert set(copies) == {("differs-2", 51), ("live-2", 50), ("profile-image/ios-2", 90)}


def test_an_export_has_the_chosen_drafts(admin, three):
    response = act(admin, "export_some", *three[1:])
    assert response["Content-Disposition"].startswith('attachment; filename="aliases-')
    assert list(json.loads(response.content)["aliases"]) == ["differs", "live"]


@pytest.mark.parametrize(
    ("rights", "offered"),
    [
        (("view_alias",), {"export_some", "look_now"}),
        (("view_alias", "add_alias"), {"export_some", "look_now", "duplicate"}),
        (("view_alias", "publish_alias"), {"export_some", "look_now", "publish_drafts", "enable", "disable"}),
    ],
)
def test_only_what_the_role_may_do_is_offered_and_done(client, made, three, rights, offered):
    client.force_login(made("ann", *rights))
    shown = client.get(page("alias_changelist"))
    assert {value for value, _ in shown.context["action_form"].fields["action"].choices if value} == offered
    for action in {"publish_drafts", "enable", "disable", "duplicate"} - offered:
        act(client, action, *three)
    assert Alias.objects.count() == 3
    allowed = 200 if "publish_alias" in rights else 403
    for name in ("publish_some", "disable_some"):
        assert client.get(page(f"alias_{name}"), {"pk": three[0].pk}).status_code == allowed


def test_a_page_about_no_alias_is_not_found(admin):
    for query in ("", "?pk=x", "?pk=999", f"?pk={'9' * 40}"):
        assert admin.get(page("alias_publish_some") + query).status_code == 404
