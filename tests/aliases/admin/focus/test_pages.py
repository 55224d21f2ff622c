"""The page of an original's focus: what is found, how crops come out, and overruling it, also without JavaScript."""

import re

import pytest
from django.utils.html import escape

from aliases.models import Bucket, OverruledFocus
from aliases.publishing.overruling import newest, overrule
from tests.aliases.admin.focus.pages import LEFT, RIGHT, corner, path, posted, reddish, told
from tests.aliases.forms import page
from tests.drawings import drawn, opened

pytestmark = pytest.mark.django_db


def test_an_original_is_chosen_by_its_key_or_from_some_that_there_are(admin, smart, bucket):
    overrule(bucket, "folder/dog & cat.jpg", [LEFT], None)
    page_ = told(admin, page("bucket_focus", bucket.pk))
    assert page("bucket_keys", bucket.pk) in page_
    assert escape("?key=folder%2Fdog%20%26%20cat.jpg") in page_  # set lately
    for wrong in ("../x", "\0", "a" * 2000):
        assert "The key" in told(admin, path(bucket, wrong))


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
    overrule(bucket, "cat.jpg", None, None)
    page_ = told(admin, page("bucket_focus", bucket.pk) + again[0].replace("&amp;", "&"))
    assert f'value="{LEFT}"' in page_
    assert re.search(r'name="choice" value="box"[^>]*checked', page_)  # though what is found is set now


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
