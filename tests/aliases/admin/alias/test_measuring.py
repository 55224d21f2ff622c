"""Publishing an alias with a visual quality in the admin: the page that measures, what it found, measuring again."""

import re
from typing import Any

import pytest
from django.test import Client

from aliases.drafts.calibration import Calibration
from aliases.models import Alias, Publication
from aliases.pictures import measuring
from tests.aliases.forms import form_of, page, text_of
from tests.drawings import opened, photograph

pytestmark = pytest.mark.django_db


def measured_in_pages(admin: Client, alias: Alias) -> list[dict[str, Any]]:
    """What the page's script is told until it is done."""
    told: list[dict[str, Any]] = []
    while not told or not told[-1]["done"]:
        told.append(admin.post(page("alias_measure_progress", alias.pk)).json())
        assert len(told) < 20
    return told


def found_now() -> Calibration:
    found = Alias.objects.get().measured()
    assert found
    return found


def test_the_publish_page_measures_first_and_shows_how_far_it_is(admin, wall):
    first = admin.get(page("alias_publish", wall.pk))
    assert "reach a visual quality of 0.93" in text_of(first)
    assert "up to 5 other pictures in the bucket" in text_of(first)
    assert "after 20 s no further picture is started" in text_of(first)
    assert 'value="Publish"' not in first.content.decode()
    assert Alias.objects.get().calibration is None  # to look at the page does nothing yet

    told = measured_in_pages(admin, wall)
    assert told[0]["steps"][0]["text"] == "2 pictures chosen: the sample, and what is found beside it."
    assert told[0]["steps"][1] == {"done": False, "text": "people/ann.jpg: to be measured", "wrong": False}
    assert [sum(step["done"] for step in one["steps"]) for one in told[:3]] == [1, 2, 3]
    assert all(step["done"] for step in told[-1]["steps"])


def test_then_it_shows_what_was_found_and_publishes_just_that(admin, wall, service):
    measured_in_pages(admin, wall)
    response = admin.get(page("alias_publish", wall.pk))
    found = found_now()
    text = text_of(response)
    assert str(found) in text
    assert "visual quality (SSIM): 0.93" in text
    for line in found.lines():
        assert f"{line.name} {line.quality} {line.ssim:.4f} in people/bob.jpg" in text
        assert re.search(rf"{line.default.quality}, SSIM {line.default.ssim:.3f}", text)
    assert "% less" in text or "% more" in text
    seen = response.context["form"].initial["seen"]
    service.put("people/bob.jpg", photograph(contrast=10))  # what is there later is not looked at again
    assert admin.post(page("alias_publish", wall.pk), {"why": "", "seen": seen}).status_code == 302
    wall = Alias.objects.get()
    assert wall.live
    encoding = wall.live.content["recipe"]["encoding"]
    assert {name: encoding[f"{name}_quality"] for name in found.qualities} == found.qualities
    history = text_of(admin.get(page("alias_history", wall.pk)))
    assert f"visual quality 0.93 ({found})" in history
    # Nothing is left to do, but to measure again on purpose.
    unchanged = text_of(admin.get(page("alias_publish", wall.pk)))
    assert "Nothing differs" in unchanged
    assert str(found) in unchanged
    assert 'value="Measure again"' in admin.get(page("alias_publish", wall.pk)).content.decode()


def test_measuring_again_takes_the_pictures_that_are_there_now(admin, wall, service):
    measured_in_pages(admin, wall)
    before = found_now()
    service.put("people/cec.jpg", photograph(contrast=60))
    assert admin.post(page("alias_measure", wall.pk), {"anew": "1"}).status_code == 302
    assert "cec.jpg: to be measured" in text_of(admin.get(page("alias_publish", wall.pk)))
    measured_in_pages(admin, wall)
    after = found_now()
    assert len(after.samples) == len(before.samples) + 1


def test_what_somebody_saw_is_not_published_when_it_was_measured_again_meanwhile(admin, wall, service):
    measured_in_pages(admin, wall)
    seen = admin.get(page("alias_publish", wall.pk)).context["form"].initial["seen"]
    service.put("people/bob.jpg", photograph(contrast=10))
    list(measuring.steps(Alias.objects.get(), anew=True))
    response = admin.post(page("alias_publish", wall.pk), {"why": "", "seen": seen})
    assert "changed while you looked" in text_of(response)
    assert not Publication.objects.exists()


def test_without_javascript_a_button_measures_for_a_while(admin, wall):
    response = admin.post(page("alias_measure", wall.pk))
    assert response["Location"] == page("alias_publish", wall.pk)
    assert 'value="Publish"' in admin.get(page("alias_publish", wall.pk)).content.decode()


def test_trouble_is_told_on_the_page_which_does_not_go_on_by_itself(admin, wall, service):
    service.put("people/ann.jpg", b"text")
    assert measured_in_pages(admin, wall)[-1]["done"]
    response = admin.get(page("alias_publish", wall.pk))
    assert "cannot be measured yet" in text_of(response)
    assert "The file is text" in text_of(response)
    assert "data-progress-url" not in response.content.decode()
    service.put("people/ann.jpg", photograph())
    admin.post(page("alias_measure", wall.pk), {"anew": "1"})
    assert "data-progress-url" in admin.get(page("alias_publish", wall.pk)).content.decode()


def test_a_draft_that_is_wrong_is_not_measured(admin, wall):
    Alias.objects.update(filters="gone()")
    assert measured_in_pages(admin, wall) == [{"steps": [], "live": False, "done": True}]
    admin.post(page("alias_measure", wall.pk), {"anew": "1"})
    assert Alias.objects.get().calibration is None
    assert "There is no filter named gone" in text_of(admin.get(page("alias_publish", wall.pk)))


def test_aliases_without_a_visual_quality_are_asked_nothing(admin, alias):
    assert 'value="Publish"' in admin.get(page("alias_publish", alias.pk)).content.decode()
    admin.post(page("alias_measure", alias.pk), {"anew": "1"})
    assert admin.post(page("alias_measure_progress", alias.pk)).json()["done"]
    assert Alias.objects.get().calibration is None


def test_an_old_revision_copied_into_the_draft_brings_its_visual_quality_and_what_was_measured(admin, wall):
    measured_in_pages(admin, wall)
    admin.post(page("alias_publish", wall.pk), {"why": "", "seen": ""})
    old = found_now()
    Alias.objects.update(ssim=None, jpeg_quality=70)
    admin.post(page("alias_publish", wall.pk), {"why": "", "seen": ""})
    Alias.objects.update(calibration=None)
    admin.post(page("alias_copy", wall.pk, 1))
    wall = Alias.objects.get()
    assert (wall.ssim, wall.jpeg_quality, wall.live.number) == (0.93, None, 2)
    assert wall.measured() == old
    assert 'value="Publish"' in admin.get(page("alias_publish", wall.pk)).content.decode()
    rolled = text_of(admin.get(page("alias_roll_back", wall.pk, 1)))
    assert f"JPEG quality: 70 → {old.qualities['jpeg']}, measured" in rolled
    assert str(old) in rolled
    assert "Measure again" not in admin.get(page("alias_roll_back", wall.pk, 1)).content.decode()


def test_saving_the_draft_leaves_what_was_measured_alone(admin, wall):
    opened_before = Alias.objects.get()
    measured_in_pages(admin, wall)
    opened_before.label = "Wall"
    opened_before.save()
    assert Alias.objects.get().measured()


# --- Previews


def test_a_preview_takes_what_was_measured_for_the_draft(admin, wall):
    measured_in_pages(admin, wall)
    found = found_now()
    response = admin.post(page("alias_preview", wall.pk), form_of(wall), headers={"accept": "image/webp"})
    assert response["X-Facts"].startswith(f"120 x 80 pixels, WebP, quality {found.qualities['webp']}, ")
    assert len(response.content) == found.lines()[1].sample.bytes


def test_a_preview_of_what_is_not_measured_yet_is_measured_on_the_sample_alone(admin, wall, monkeypatch):
    fields = form_of(wall, width=100)
    response = admin.post(page("alias_preview", wall.pk), fields, headers={"accept": "image/avif"})
    told = re.search(r"AVIF, quality (\d+) \(measured on the sample alone\)", response["X-Facts"])
    assert told
    assert opened(response).size == (100, 67)
    assert Alias.objects.get().calibration is None
    # Remembered: the next look costs no measuring.
    monkeypatch.setattr("aliases.pictures.preview.measure", None)
    again = admin.post(page("alias_preview", wall.pk), {**fields, "label": "x"}, headers={"accept": "image/avif"})
    assert again.content == response.content


def test_a_preview_in_a_format_without_loss_says_nothing_of_qualities(admin, wall, service):
    service.put("people/ann.png", photograph())
    response = admin.post(
        page("alias_preview", wall.pk), form_of(wall, sample="people/ann.png"), headers={"accept": "image/png"}
    )
    assert "PNG" in response["X-Facts"]
    assert "quality" not in response["X-Facts"]


def test_the_form_says_what_to_empty(admin, wall):
    response = admin.post(page("alias_preview", wall.pk), form_of(wall, jpeg_quality=80))
    assert response.json()["errors"] == {
        "ssim": ["The qualities that keep it are found by measuring: empty JPEG quality, or empty this."]
    }


def test_qualities_that_make_files_larger_are_told_plainly_with_the_choice_beside_it(admin, wall):
    Alias.objects.filter(pk=wall.pk).update(ssim=0.99)
    measured_in_pages(admin, wall)
    asked = admin.get(page("alias_publish", wall.pk))
    assert "This makes files larger, not smaller." in text_of(asked)
    calibration = asked.context["calibration"]
    assert {line.name for line in calibration.larger} == {"AVIF", "JPEG", "WebP"}
    assert f"leave the sample an SSIM of {calibration.default_ssim}" in text_of(asked)
    assert f'href="{page("alias_change", wall.pk)}#id_ssim"' in asked.content.decode()
    done = admin.post(page("alias_default_qualities", wall.pk), follow=True)
    assert done.redirect_chain[-1][0] == page("alias_publish", wall.pk)
    assert Alias.objects.get(pk=wall.pk).ssim is None
    assert 'value="Publish"' in done.content.decode()
    assert "This makes files larger" not in text_of(done)


def test_qualities_that_make_them_smaller_are_no_reason_to_warn(admin, wall):
    Alias.objects.filter(pk=wall.pk).update(ssim=0.8)
    measured_in_pages(admin, wall)
    assert "This makes files larger" not in text_of(admin.get(page("alias_publish", wall.pk)))
