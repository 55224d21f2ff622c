"""The page of an original's focus: what is found, how crops come out, and overruling it, also without JavaScript."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.html import escape

from aliases.admin.focus.pictures import Mark
from aliases.models import Alias, Bucket, OverruledFocus
from aliases.publishing.overruling import newest, overrule
from aliases.publishing.publishing import publish
from rendering.imaging.focus.faces import Face, Focus
from rendering.imaging.frame.geometry import Box
from rendering.pictures import focus
from rendering.pictures.focus import Sight
from tests.aliases.forms import page
from tests.drawings import drawn, opened
from tests.service import Service

pytestmark = pytest.mark.django_db

LEFT, RIGHT = Box.read("0.0x0.0:0.2x0.4"), Box.read("0.8x0.0:1.0x0.4")


@pytest.fixture
def smart(bucket: Bucket, service: Service) -> Alias:
    """A live alias whose smart crop cuts cat.jpg, a picture of four coloured quarters."""
    service.put("cat.jpg", drawn(300, 90))
    alias = Alias.objects.create(name="square", bucket=bucket, width=90, height=90, crop="smart", sample="cat.jpg")
    publish(alias, None)
    alias.refresh_from_db()
    return alias


def path(bucket: Bucket, key: str = "cat.jpg", **more: str) -> str:
    return f"{page('bucket_focus', bucket.pk)}?{urlencode({'key': key, **more})}"


def told(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def posted(choice: str, **fields: Any) -> dict[str, Any]:
    return {"choice": choice, "box": "", "why": "", "seen": 0, **fields}


def corner(client: Client, alias: Alias, **query: str) -> Any:
    """The upper corner of a crop that the page shows."""
    url = page("bucket_crop", alias.bucket_id, alias.pk)
    response: Any = client.get(url, {"key": "cat.jpg", **query})
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    return opened(response).convert("RGB").getpixel((2, 2))


def reddish(colour: Any) -> bool:
    return bool(colour[0] > 200 > colour[1])


def test_an_original_is_chosen_by_its_key_or_from_some_that_there_are(admin, smart, bucket):
    overrule(bucket, "folder/dog & cat.jpg", [LEFT], None)
    page_ = told(admin, page("bucket_focus", bucket.pk))
    assert f'data-keys-url="{page("bucket_keys", bucket.pk)}"' in page_
    assert escape("?key=folder%2Fdog%20%26%20cat.jpg") in page_  # set lately
    for wrong in ("../x", "\0", "a" * 2000):
        assert "The key" in told(admin, path(bucket, wrong))


def test_what_was_found_is_drawn_on_the_picture_with_how_sure_it_is(admin, smart, bucket, monkeypatch):
    face = Face(Box(0.1, 0.2, 0.3, 0.6, fractions=True), 0.934)
    monkeypatch.setattr(focus, "of", lambda *args: Sight(Focus("yunet-1", (face,))))
    page_ = told(admin, path(bucket))
    assert 'aria-label="1 face found"' in page_
    assert 'viewBox="0 0 1000 300"' in page_
    assert '<rect x="100.0" y="60.0" width="200.0" height="120.0"/><text x="100.0" y="52.0">93 %</text>' in page_
    assert "Found by yunet: 1 face, the dashed box" in page_
    # What is proposed as the box to begin with.
    assert 'value="0.1x0.2:0.3x0.6"' in page_
    # A face at the upper edge has its confidence inside.
    assert Mark.of(Face(Box(0, 0, 1, 1, fractions=True)), 300).baseline == 30


def test_what_each_aliass_detector_found_is_drawn(admin, smart, bucket, monkeypatch):
    publish(Alias.objects.create(name="other", bucket=bucket, width=90, height=90, crop="rekognition"), None)
    place = Box(0.1, 0.2, 0.3, 0.6, fractions=True)
    found = {"rekognition": (Face(place), Face(place))}
    monkeypatch.setattr(
        focus, "of", lambda original, content, smart: Sight(Focus(smart.detector, found.get(smart.detector, ())))
    )
    page_ = told(admin, path(bucket))
    assert "Found by rekognition: 2 faces, the dashed boxes" in page_
    assert "the part with most detail" in page_  # of the deployment's own detector
    assert page_.count("<rect ") == 2


def test_where_no_smart_crops_are_made_the_page_says_so(admin, smart, bucket, settings):
    settings.DETECTOR = "none"
    page_ = told(admin, path(bucket))
    assert "its DETECTOR is “none”" in page_
    assert "No alias makes a smart crop" in page_


def test_a_picture_without_faces_says_so_and_proposes_the_middle(admin, smart, bucket):
    page_ = told(admin, path(bucket))
    assert "crops keep the part with most detail" in page_
    assert 'value="0.25x0.25:0.75x0.75"' in page_


def test_the_page_has_no_inline_script_or_style(admin, smart, bucket):
    page_ = told(admin, path(bucket))
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page_)


def test_saving_publishes_and_undoing_goes_back_to_what_is_found(admin, smart, bucket, committed):
    with committed():
        response = admin.post(path(bucket), posted("box", box=str(LEFT), why="the red one"), follow=True)
    assert response.redirect_chain[-1][0] == path(bucket)
    page_ = response.content.decode()
    assert "Every smart crop of “cat.jpg” follows it." in page_
    assert "The catalogue" in page_  # of which the message tells how far it is
    assert "“the red one”" in page_
    line = newest(bucket, "cat.jpg")
    assert line
    assert (line.boxes, line.by.username) == ([str(LEFT)], "root")  # type: ignore[union-attr]
    assert line.etag
    assert reddish(corner(admin, smart, choice="now"))
    with committed():
        response = admin.post(path(bucket), posted("found", seen=line.pk), follow=True)
    assert "Set: back to what is found." in response.content.decode()
    assert [line.boxes for line in OverruledFocus.objects.all()] == [None, [str(LEFT)]]


def test_nothing_in_particular_is_a_choice_and_the_form_shows_how_things_are(admin, smart, bucket, committed):
    def checked() -> str:
        found = re.search(r'name="choice" value="(\w+)"[^>]*checked', told(admin, path(bucket)))
        assert found
        return found[1]

    assert checked() == "found"
    with committed():
        admin.post(path(bucket), posted("nothing"))
    assert newest(bucket, "cat.jpg").boxes == []  # type: ignore[union-attr]
    assert checked() == "nothing"
    overrule(bucket, "cat.jpg", [LEFT], None)
    assert checked() == "box"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"choice": "box"}, "Draw a box on the picture, or write one"),
        ({"choice": "box", "box": "10x20:30x40"}, "Write the box in fractions of the sides"),
        ({"choice": "box", "box": "0.5x0.5:0.4x0.6"}, "is empty"),
        ({"choice": "box", "box": "nonsense"}, "is not a box"),
        ({"choice": "else"}, "not one of the available choices"),
        ({"choice": "found", "why": "x" * 301}, "at most 300 characters"),
        ({"choice": "box", "box": str(LEFT), "seen": 12345}, "Somebody set another focus while you looked"),
    ],
)
def test_what_is_wrong_is_told_in_the_form_and_changes_nothing(admin, smart, bucket, fields, sentence):
    response = admin.post(path(bucket), {**posted("box"), **fields})
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not OverruledFocus.objects.exists()


def test_without_javascript_a_preview_shows_the_crops_and_saves_nothing(admin, smart, bucket):
    page_ = admin.post(path(bucket), posted("box", box=str(RIGHT), _preview="Preview")).content.decode()
    assert not OverruledFocus.objects.exists()
    sources = [source.replace("&amp;", "&") for source in re.findall(r'<img src="([^"]*/crop/[^"]*)"', page_)]
    now, then = (opened(admin.get(source)).convert("RGB").getpixel((2, 2)) for source in sources)
    assert now != then
    assert isinstance(then, tuple)
    assert then[1] > 200 > then[0]
    assert f'value="{RIGHT}"' in page_


def test_crops_are_shown_as_they_are_and_as_chosen(admin, smart, bucket, committed):
    found = corner(admin, smart, choice="now")
    assert corner(admin, smart, choice="found") == found
    assert reddish(corner(admin, smart, choice="box", box=str(LEFT)))
    assert not reddish(corner(admin, smart, choice="box", box=str(RIGHT)))
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    assert reddish(corner(admin, smart, choice="now"))
    assert corner(admin, smart, choice="found") == found
    url = page("bucket_crop", bucket.pk, smart.pk)
    for query in ({"choice": "box", "box": "x"}, {"choice": "box"}, {}, {"choice": "now", "key": "gone.jpg"}):
        response = admin.get(url, {"key": "cat.jpg", **query})
        assert response.status_code == 422
        assert response.json()["message"]


def test_the_crops_are_those_of_smart_aliases_that_cut_this_original(admin, smart, bucket, alias, service):
    def alias_of(name: str, **fields: Any) -> Alias:
        sides = {"width": 50, "height": 90, "crop": "smart", "bucket": bucket}
        return Alias.objects.create(name=name, **{**sides, **fields})

    publish(alias, None)  # aligned
    other = Bucket.objects.create(name="other")
    alias_of("wide", height=None)
    alias_of("as-it-is", width=300)
    alias_of("elsewhere", bucket=other)
    alias_of("prefixed", prefix="people/")
    alias_of("gone", filters="gone()")
    alias_of("draft")
    publish(alias_of("by-filter", crop="center", filters="face(0.2,largest)"), None)
    page_ = told(admin, path(bucket))
    shown = re.findall(r"<h3>(\S+?)(?: <span[^>]*>(\w+)</span>)?</h3>", page_)
    assert shown == [("by-filter", ""), ("draft", "draft"), ("square", "")]
    # What is live counts, not the draft.
    Alias.objects.filter(name="square").update(crop="center")
    assert "<h3>square</h3>" in told(admin, path(bucket))


def test_who_was_overtaken_is_told_by_whom_and_asked_anew_with_what_was_typed(admin, made, smart, bucket):
    overrule(bucket, "cat.jpg", [LEFT], made("ann"))
    mine = posted("box", box="0.5x0.5:0.7x0.7", why="mine")
    refused = admin.post(path(bucket), {**mine, "seen": 0})
    assert f"ann set another focus (focus on {LEFT}) on " in refused.content.decode()
    form = refused.context["form"]
    assert (form["box"].value(), form["why"].value()) == ("0.5x0.5:0.7x0.7", "mine")
    # A mistake in between consents to nothing.
    wrong = admin.post(path(bucket), {**mine, "box": "x", "seen": 0})
    assert wrong.context["form"]["seen"].value() == "0"
    assert admin.post(path(bucket), {**mine, "seen": form["seen"].value()}).status_code == 302


def test_a_picture_that_nobody_crops_says_what_heeds_its_focus(admin, bucket):
    assert "Thumbor URLs with <code>smart</code> follow its focus, too." in told(admin, path(bucket))


def test_an_original_that_was_overwritten_since_is_told(admin, smart, bucket, service, committed):
    with committed():
        admin.post(path(bucket), posted("box", box=str(LEFT)))
    sentence = "The original was overwritten after this focus was set"
    assert sentence not in told(admin, path(bucket))
    service.put("cat.jpg", drawn(90, 300))
    assert sentence in told(admin, path(bucket))
    line = newest(bucket, "cat.jpg")
    assert line
    admin.post(path(bucket), posted("box", box=str(LEFT), seen=line.pk))
    assert sentence not in told(admin, path(bucket))


def test_the_focus_of_an_original_that_is_gone_can_only_be_taken_back(admin, smart, bucket):
    assert "There is no such original" in told(admin, path(bucket, "gone.jpg"))
    assert "Save and publish" not in told(admin, path(bucket, "gone.jpg"))
    line = overrule(bucket, "gone.jpg", [LEFT], None)
    assert line
    assert 'value="Go back to what is found"' in told(admin, path(bucket, "gone.jpg"))
    admin.post(path(bucket, "gone.jpg"), posted("found", seen=line.pk))
    assert newest(bucket, "gone.jpg").boxes is None  # type: ignore[union-attr]


def test_a_box_of_the_history_can_be_taken_again(admin, smart, bucket):
    for box in (LEFT, RIGHT):
        overrule(bucket, "cat.jpg", [box], None)
    page_ = told(admin, path(bucket))
    again = re.findall(r'href="(\?key=[^"]*box=[^"]*)"', page_)
    assert len(again) == 1
    page_ = told(admin, page("bucket_focus", bucket.pk) + again[0].replace("&amp;", "&"))
    assert f'value="{LEFT}"' in page_
    assert re.search(r'name="choice" value="box"[^>]*checked', page_)


def test_who_may_only_look_sees_the_picture_and_no_form(client, made, smart, bucket):
    client.force_login(made("viewer", "view_bucket"))
    page_ = told(client, path(bucket))
    assert "The original" in page_
    assert "/crop/" in page_
    assert "<form method" not in page_.partition('id="content-main"')[2]
    assert client.post(path(bucket), posted("box", box=str(LEFT))).status_code == 403


def test_the_list_has_what_is_set_now_and_leads_to_the_originals(admin, smart, bucket):
    for key, boxes in (("cat.jpg", [LEFT]), ("dog.jpg", []), ("cow.jpg", [LEFT]), ("cow.jpg", None)):
        overrule(bucket, key, boxes, None)
    page_ = told(admin, page("overruledfocus_changelist"))
    assert all(f">{key}</a>" in page_ for key in ("cat.jpg", "dog.jpg"))
    assert "cow.jpg" not in page_
    line = newest(bucket, "cat.jpg")
    assert line
    assert admin.get(page("overruledfocus_change", line.pk))["Location"] == path(bucket)
    for wrong in ("0", "x"):
        assert admin.get(page("overruledfocus_change", wrong)).status_code == 404


def test_every_page_that_shows_an_original_leads_to_its_focus(admin, smart, bucket, client):
    link = escape(path(bucket))
    assert f'href="{link}"' in told(admin, page("alias_change", smart.pk))
    assert f'href="{link}"' in told(admin, "/")
    assert f'href="{link}"' in admin.post(page("bucket_test", bucket.pk)).content.decode()
    assert f'href="{page("bucket_focus", bucket.pk)}"' in told(admin, page("bucket_change", bucket.pk))


def test_a_bucket_is_deleted_with_what_was_said_of_its_originals(client, made, bucket):
    overrule(bucket, "cat.jpg", [LEFT], None)
    client.force_login(made("remover", "view_bucket", "delete_bucket"))
    client.post(page("bucket_delete", bucket.pk), {"post": "yes"})
    assert not Bucket.objects.exists()
    assert not OverruledFocus.objects.exists()
