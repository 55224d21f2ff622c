"""The list of aliases: what needs attention first, how many there are of each kind, and the nearest name to none."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aliases.models import Alias, Outbox
from aliases.pictures import checking
from aliases.publishing.publishing import publish, set_enabled
from rendering.pictures import derivatives
from tests.aliases.forms import page
from tests.drawings import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(bucket, made) -> None:
    """Ten aliases: live, differing, disabled, broken, never published."""
    ann = made("ann", first_name="Ann", last_name="Lee")
    for number in range(10):
        sample = "gone.jpg" if number == 7 else "cat.jpg"
        alias = Alias.objects.create(name=f"one-{number}", bucket=bucket, width=50, sample=sample)
        if number < 9:
            publish(alias, ann, "first")
    Alias.objects.filter(name="one-1").update(width=51)
    set_enabled(Alias.objects.get(name="one-2"), False, ann)
    Outbox.objects.update(sent_at=timezone.now() - timedelta(hours=1), sends_left=0)
    checking.check_some(20)


def listed(client: Any, **query: str) -> Any:
    return client.get(page("alias_changelist"), query).context["cl"]


def test_what_is_broken_comes_first_and_each_kind_is_counted(admin, many):
    found = listed(admin)
    assert [row.alias.name for row in found.rows][:3] == ["one-7", "one-0", "one-1"]
    counts = {pill.name: pill.count for pill in found.pills}
    assert counts == {
        "All": 10, "Needs attention": 1, "Draft differs": 1, "Never published": 1, "Disabled": 1,
    }  # fmt: skip
    for pill in found.pills:
        shown = admin.get(page("alias_changelist") + pill.url).context["cl"]
        assert shown.result_count == pill.count
        assert [one.name for one in shown.pills if one.current] == [pill.name]


def test_the_order_is_kept_in_the_address(admin, many):
    assert listed(admin, order="name").rows[0].alias.name == "one-0"
    newest = listed(admin, order="newest")
    assert newest.rows[0].alias.name == "one-9"
    assert all("order=newest" in pill.url for pill in newest.pills)


def test_a_row_says_the_picture_in_words_and_who_published_it(admin, many):
    row = next(row for row in listed(admin).rows if row.alias.name == "one-0")
    assert (row.picture, row.more) == ("50 wide, height follows", "Format as the original")
    assert (row.by.name, row.by.initials, row.when) == ("Ann Lee", "AL", "just now")
    assert [one.chosen for one in listed(admin, by=str(row.alias.published_by)).menus] == ["", "Ann Lee"]


def test_what_is_not_everywhere_yet_says_in_how_many_seconds_it_will_be(admin, alias, committed, settings):
    settings.CATALOGUE_MAX_AGE = 30
    with committed():
        publish(alias, None)
    text = re.sub(r"\s+", " ", admin.get(page("alias_changelist")).content.decode())
    assert re.search(r"On its way, \d+ s", text)
    assert [pill.name for pill in listed(admin, state="way").pills if pill.current] == ["On its way"]


def test_twice_as_many_aliases_take_no_further_query(admin, many, bucket):
    def queries() -> int:
        Outbox.objects.all().delete()  # everything is everywhere
        with CaptureQueriesContext(connection) as captured:
            admin.get(page("alias_changelist"))
        return len(captured)

    queries()
    before = queries()
    for number in range(10):
        publish(Alias.objects.create(name=f"more-{number}", bucket=bucket, width=50, sample="cat.jpg"), None)
    assert queries() == before


@pytest.mark.parametrize(
    ("text", "name"), [("profil-image/ios", "profile-image/ios"), ("/profile-imge/ios/a.jpg", "profile-image/ios")]
)
def test_where_nothing_is_found_the_nearest_name_is_offered(admin, alias, text, name):
    found = listed(admin, q=text)
    assert found.rows == []
    assert found.nearest.name == name
    assert f">{name}</b>" in admin.get(page("alias_changelist"), {"q": text}).content.decode()
    assert listed(admin, q="zzzz").nearest is None


def test_a_url_says_whose_it_is_and_what_viewers_get(admin, alias):
    shown = admin.get(page("alias_changelist"), {"q": "https://x.example/profile-image/ios/a.jpg"})
    assert "It was never published, so viewers get 404" in shown.content.decode()


def test_a_thumbnail_is_made_once_and_kept_beside_its_derivative(admin, alias, service, monkeypatch):
    publish(alias, None)
    first = admin.get(page("alias_thumbnail", alias.pk))
    assert max(opened(first).size) <= 192
    assert first["X-Facts"].startswith("90 x 90 pixels, PNG")
    monkeypatch.setattr(derivatives, "find_or_render", None)
    again = admin.get(page("alias_thumbnail", alias.pk))
    assert (again.content, again["X-Facts"]) == (first.content, first["X-Facts"])


def test_a_sample_of_a_revision_is_shown_to_whoever_sees_the_alias_but_no_other_original(client, alias, made, service):
    publish(alias, None)
    service.put("other.jpg", service.originals.joinpath("cat.jpg").read_bytes())
    client.force_login(made("ann", "view_alias"))
    for which in ("1", "draft"):
        url = page("alias_sample", alias.pk, which)
        assert opened(client.get(url)).size == (90, 90)
        assert client.get(url, {"key": "cat.jpg", "small": ""})["Content-Type"] == "image/webp"
        assert client.get(url, {"key": "other.jpg"}).status_code == 403
    client.force_login(made("bob", "view_alias", "view_bucket"))
    assert client.get(url, {"key": "other.jpg"}).status_code == 200
    assert client.get(url, {"key": "gone.jpg"}).status_code == 422
