"""The inspector's page by role, what its buttons do, and where the header's box leads."""

from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from aliases.models import AuditEntry
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import READER
from tests.aliases.forms import text_of
from tests.values import KEYS, NO_KEYS, ODD_TEXTS

pytestmark = pytest.mark.django_db

URL = "/profile-image/ios/cat.jpg"


@pytest.fixture
def live(alias, settings, committed):
    settings.SECURITY_KEY = "a-key-of-sixteen-or-more"
    with committed():
        publish(alias, None)
    READER.forget()
    return alias


def ask(client, url=URL, name="inspect", **more):
    return client.get(f"{reverse(f'admin:{name}')}?{urlencode({'url': url}, errors='replace')}", **more)


def test_it_shows_everything_to_a_publisher(live, admin):
    page = ask(admin)
    said = text_of(page)
    for words in (
        "Works. The alias profile-image/ios, revision 1, of cat.jpg.",
        "the original’s key",
        "Edit profile-image/ios",
        "Copy as signed Thumbor URL",
        "Show the original",
        "Move its focus",
        "Render it again",
        "HTTP/1.1 200 OK",
    ):
        assert words in said, words
    assert "data:image/png;base64," in page.content.decode()


def test_a_viewer_sees_no_signature_and_no_button(live, made, client):
    client.force_login(made("viewer", "view_alias"))
    page = ask(client)
    said = text_of(page)
    assert "See profile-image/ios" in said
    for words in (
        "signed Thumbor URL",
        "Render it again",
        "Show the original",
        "Move its focus",
        "Open in the builder",
    ):
        assert words not in said
    assert "Choose a fallback" not in text_of(ask(client, "/profile-image/ios/nothing.jpg"))
    wrong = text_of(ask(client, "/AAAAAAAAAAAAAAAAAAAAAAAAAAA=/30x20/photos/cat.jpg"))
    assert "Only those who may publish aliases see the signed URL here." in wrong
    assert "The bucket “photos” has" not in text_of(ask(client, "/profile-image/ios/cat.jpeg"))


def test_an_editor_cannot_forge_what_a_publisher_may(live, made, client, service):
    client.force_login(made("editor", "view_alias", "change_alias", "view_bucket"))
    for name in ("inspect_purge", "inspect_render"):
        assert client.post(reverse(f"admin:{name}"), {"url": URL}).status_code == 403
    client.force_login(made("publisher", "view_alias", "publish_alias"))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(reverse("admin:inspect_render"), {"url": URL}).status_code == 403
    assert not AuditEntry.objects.filter(action="picture rendered again").exists()
    assert service.kept() == []


def test_buttons_lead_back_to_the_url(live, admin):
    for name, words in (("inspect_render", "Rendered again"), ("inspect_purge", "No CDN is set up here")):
        response = admin.post(reverse(f"admin:{name}"), {"url": URL}, follow=True)
        assert parse_qs(urlsplit(response.redirect_chain[0][0]).query) == {"url": [URL]}
        assert words in text_of(response)
        led = admin.get(reverse(f"admin:{name}"))
        assert led["Location"] == reverse("admin:inspect")
    assert AuditEntry.objects.get(action="picture rendered again").who == "root"


def test_what_is_nearest_is_offered_with_its_picture(live, admin):
    page = ask(admin, "/profile-image/ios/people/cat.jpeg").content.decode()
    folder = reverse("admin:aliases_bucket_browse", args=[live.bucket_id])
    assert f'href="{folder}?prefix=people%2F"' in page
    assert "Browse people/" in text_of(ask(admin, "/profile-image/ios/people/cat.jpeg"))
    assert "Browse photos" in text_of(ask(admin, "/profile-image/ios/cat.jpeg"))
    assert "Browse photos" not in text_of(ask(admin))
    page = ask(admin, "/profile-image/ios/cat.jpeg").content.decode()
    assert "Choose a fallback…" in page
    assert f'href="{reverse("admin:inspect")}?url=%2Fprofile-image%2Fios%2Fcat.jpg"' in page
    picture = ask(admin, URL, "inspect_picture")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert ask(admin, "/nobody/x", "inspect_picture").status_code == 404
    assert ask(admin, "", "inspect_picture").status_code == 422


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("https://x.example.com/profile-image/ios/cat.jpg", "inspect"),
        ("/profile-image/ios/cat.jpg", "inspect"),
        ("profile-image/ios", "aliases_alias_changelist"),
        ("profile", "aliases_alias_changelist"),
        ("IOS profile", "aliases_alias_changelist"),
        ("zebra cat", "inspect"),
        ("", "inspect"),
    ],
)
def test_the_box_in_the_header_leads_to_the_inspector_or_the_list(text, leads, live, admin):
    led = admin.get(reverse("admin:inspect"), {"q": text})["Location"]
    assert urlsplit(led).path == reverse(f"admin:{leads}")
    assert [text] in ([*parse_qs(urlsplit(led).query, keep_blank_values=True).values()])
    assert admin.get(led).status_code == 200


def test_the_list_leads_to_the_inspector_for_a_url(live, admin):
    lists = reverse("admin:aliases_alias_changelist")
    page = unescape(admin.get(lists, {"q": f"https://x.example.com{URL}"}).content.decode())
    assert "profile-image/ios" in page
    assert f"{reverse('admin:inspect')}?url=https%3A%2F%2Fx.example.com%2Fprofile-image%2Fios%2Fcat.jpg" in page
    assert "Inspect the URL" not in admin.get(lists, {"q": "profile"}).content.decode()


def test_the_box_is_on_every_page_for_who_may_look_at_aliases(live, made, client):
    client.force_login(made("viewer", "view_alias"))
    assert 'id="ask"' in client.get(reverse("admin:index")).content.decode()
    client.force_login(made("nobody"))
    assert 'id="ask"' not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    "text", [*KEYS[:6], *KEYS[-1:], *NO_KEYS, *ODD_TEXTS, "/" * 4000, "http://[", "/profile-image/ios/<b>&\"'.jpg"]
)
def test_whatever_is_pasted_is_answered_with_a_page(text, live, admin):
    for url in (text, f"/profile-image/ios/{text}"):
        page = ask(admin, url)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
    sent = text.encode(errors="replace").decode()
    assert admin.get(reverse("admin:inspect"), {"q": sent}).status_code == 302
    for url in (sent, f"/profile-image/ios/cat.jpg?{sent}"):
        assert admin.post(reverse("admin:inspect_render"), {"url": url}).status_code == 302
