"""The page of an alias's snippets: of what viewers get, or of a draft that they do not get yet."""

import html

import pytest

from aliases.models import Alias
from aliases.publishing.publishing import publish
from tests.aliases.forms import page
from tests.values import KEYS

pytestmark = pytest.mark.django_db


def codes(answer):
    return {one.title: one.code for _, snippets in answer.context["groups"] for one in snippets}


def test_they_are_of_what_viewers_get_with_the_sample_in_them(admin, alias):
    Alias.objects.filter(pk=alias.pk).update(widths="60, 120")
    publish(Alias.objects.get(pk=alias.pk), None)
    Alias.objects.filter(pk=alias.pk).update(widths="", width=50)
    answer = admin.get(page("alias_snippets", alias.pk))
    found = codes(answer)
    assert "http://testserver/profile-image/ios@60w/cat.jpg 60w" in found["HTML"]
    assert '"90x90/filters:format(png)/photos/cat.jpg"' in found["Python"]
    text = answer.content.decode()
    assert html.escape(found["React"]) in text
    assert "These are of the draft" not in text


def test_they_sign_as_the_deployment_does_or_there_are_none_that_sign(admin, alias, settings):
    def signing():
        return codes(admin.get(page("alias_snippets", alias.pk))).get("Python", "")

    assert "hashlib.sha1" in signing()
    settings.SIGNATURE_ALGORITHM = "sha256"
    assert "hashlib.sha256" in signing()
    settings.SIGNATURE_LENGTH = 40
    assert not signing()


def test_of_an_alias_that_does_not_answer_they_are_of_the_draft(admin, alias):
    Alias.objects.filter(pk=alias.pk).update(sample="", dprs="2")
    answer = admin.get(page("alias_snippets", alias.pk))
    assert "/profile-image/ios@2x/folder/picture.jpg 2x" in codes(answer)["HTML"]
    text = answer.content.decode()
    assert "These are of the draft" in text
    assert "“folder/picture.jpg” stands for the key" in text


@pytest.mark.parametrize("key", [*(key for key in KEYS if len(key) <= 500), "</code><script>alert(1)</script>.jpg"])
def test_no_key_is_more_than_text(key, admin, alias):
    Alias.objects.filter(pk=alias.pk).update(sample=key)
    answer = admin.get(page("alias_snippets", alias.pk))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_draft_that_cannot_be_read_says_so(admin, alias):
    Alias.objects.filter(pk=alias.pk).update(filters="nonsense()")
    answer = admin.get(page("alias_snippets", alias.pk))
    assert answer.status_code == 200
    assert "There is no filter named nonsense" in answer.content.decode()


def test_the_form_leads_there(admin, alias):
    assert f'href="{page("alias_snippets", alias.pk)}"' in admin.get(page("alias_change", alias.pk)).content.decode()
    assert admin.get(page("alias_snippets", 999)).status_code == 404
