"""Rendering a picture again, and having the CDN forget it: done, recorded, or refused in a sentence."""

from typing import Any

import pytest

from aliases.inspecting import deeds
from aliases.inspecting.inspection import inspect
from aliases.inspecting.suggestions import Asker
from aliases.models import AuditEntry, Outbox
from aliases.publishing.publishing import write_catalogue
from rendering.catalogue.catalogue import READER
from tests.aliases.inspecting.urls import signed

pytestmark = pytest.mark.django_db

URL = "https://pictures.example.com/profile-image/ios/cat.jpg"


def test_a_kept_picture_is_rendered_again_in_place_of_the_one_that_is_there(live, service):
    whole = inspect(URL, Asker()).answers[0].body
    (kept,) = service.kept()
    kept.write_bytes(whole[:-4] + b"oops")
    assert inspect(URL, Asker()).answers[0].body != whole
    assert deeds.render_again(URL) == "Rendered again, once, and kept in place of what was there."
    assert kept.read_bytes() == whole
    assert inspect(URL, Asker()).answers[0].body == whole
    entry: Any = AuditEntry.objects.get(action="picture rendered again")
    assert entry.subject == "photos/cat.jpg"
    assert entry.after["url"] == URL


def test_what_was_refused_a_moment_ago_is_tried_again(live, service):
    live.bucket.immutable = True  # so that the broken file and the mended one have one version
    live.bucket.save()
    write_catalogue()
    READER.forget()
    service.put("new.jpg", b"\xff\xd8\xff\xe0 nothing more")
    url = "/profile-image/ios/new.jpg"
    assert inspect(url, Asker()).status == 422
    with pytest.raises(deeds.NotDone, match="It was not rendered again"):
        deeds.render_again(url)
    service.put("new.jpg")
    assert inspect(url, Asker()).status == 422
    deeds.render_again(url)
    assert inspect(url, Asker()).status == 200


def test_the_cdn_forgets_every_picture_of_the_original(live, cloud, committed):
    with committed():
        sentence = deeds.purge_from_cdn(URL)
    assert "“cat.jpg”" in sentence
    (tag,) = Outbox.objects.exclude(kind=Outbox.Kind.CATALOGUE).latest("pk").tags
    assert tag.startswith("image:")
    assert Outbox.objects.get(tags=[tag]).sent_at
    entry: Any = AuditEntry.objects.get(action="pictures purged")
    assert entry.after["tag"] == tag
    with committed():
        deeds.render_again(signed("30x20/photos/cat.jpg"))
    assert Outbox.objects.filter(tags=[tag]).count() == 2


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("/unsafe/30x20/photos/cat.jpg", "not kept"),
        ("/nobody/cat.jpg", "has no picture"),
        ("/profile-image/ios/nothing.jpg", "no such original"),
        ("words", "no URL"),
        ("", "no URL"),
    ],
)
def test_where_nothing_can_be_done_a_sentence_says_why(url, why, live):
    with pytest.raises(deeds.NotDone, match=why):
        deeds.render_again(url)
    assert not AuditEntry.objects.filter(action__startswith="picture").exists()


def test_without_a_cdn_there_is_nothing_to_purge(live):
    with pytest.raises(deeds.NotDone, match="No CDN"):
        deeds.purge_from_cdn(URL)
    assert not any(tag.startswith("image:") for row in Outbox.objects.all() for tag in row.tags)
