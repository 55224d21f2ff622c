"""The pictures on the page of an original's focus: what is found in it, and its smart crops."""

import re
from typing import Any

import pytest

from aliases.admin.focus.pictures import Mark
from aliases.models import Alias, Bucket
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish
from rendering.imaging.focus.faces import Face, Focus
from rendering.imaging.frame.geometry import Box
from rendering.pictures import focus
from rendering.workers.looking import Seen
from tests.aliases.admin.focus.pages import LEFT, RIGHT, corner, path, reddish, told
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db


def test_what_was_found_is_drawn_on_the_picture_with_how_sure_it_is(admin, smart, bucket, monkeypatch):
    face = Face(Box(0.1, 0.2, 0.3, 0.6, fractions=True), 0.934)
    monkeypatch.setattr(focus, "of", lambda *args: Seen(Focus("yunet-1", (face,))))
    page_ = told(admin, path(bucket))
    assert 'aria-label="1 face found"' in page_
    assert 'viewBox="0 0 1000 300"' in page_
    assert '<rect x="100.0" y="60.0" width="200.0" height="120.0"/><text x="100.0" y="52.0">93 %</text>' in page_
    assert "Found: 1 face, the dashed box" in page_
    # What is proposed as the box to begin with.
    assert 'value="0.1x0.2:0.3x0.6"' in page_
    # A face at the upper edge has its confidence inside.
    assert Mark.of(Face(Box(0, 0, 1, 1, fractions=True)), 300).baseline == 30


def test_what_each_aliass_detector_found_is_drawn(admin, smart, bucket, monkeypatch):
    publish(Alias.objects.create(name="other", bucket=bucket, width=90, height=90, crop="rekognition"), None)
    place = Box(0.1, 0.2, 0.3, 0.6, fractions=True)
    found = {"rekognition": (Face(place), Face(place))}
    monkeypatch.setattr(
        focus, "of", lambda original, content, smart: Seen(Focus(smart.detector, found.get(smart.detector, ())))
    )
    page_ = told(admin, path(bucket))
    assert "Found by Amazon Rekognition: 2 faces, the dashed boxes" in page_
    assert "the part with most detail" in page_  # of the deployment's own detector
    assert page_.count('<rect x="100.0"') == 2


def test_where_no_smart_crops_are_made_the_page_says_so(admin, smart, bucket, settings):
    settings.DETECTOR = "none"
    page_ = told(admin, path(bucket))
    assert "its DETECTOR is “none”" in page_
    assert "No alias makes a smart crop" in page_


def test_a_picture_without_faces_says_so_and_proposes_the_middle(admin, smart, bucket):
    page_ = told(admin, path(bucket))
    assert "crops keep the part with most detail" in page_
    assert 'value="0.25x0.25:0.75x0.75"' in page_


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
