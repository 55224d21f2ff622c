"""What each CDN is asked, as its documentation has it; and what becomes of an answer that is none."""

import hmac
import json

import pytest

from aliases.models import Outbox
from aliases.publishing import sending
from aliases.publishing.cdns import cloudflare, fastly, purgers, webhook
from aliases.publishing.cdns.http import NotPurged
from aliases.publishing.publishing import publish
from rendering import conf
from rendering.checks import purging_is_whole

TAGS = ["alias:profile-image/ios", "bucket:photos"]


@pytest.fixture
def everywhere(api, settings, monkeypatch):
    """All that speak HTTP, answered by one API."""
    monkeypatch.setattr(fastly, "API", api.url)
    monkeypatch.setattr(cloudflare, "API", f"{api.url}/client/v4")
    settings.FASTLY_SERVICE_ID, settings.FASTLY_TOKEN = "SU1Z0isxPaozGVKXdv0eY", "a-token-of-fastly"
    settings.CLOUDFLARE_ZONE_ID, settings.CLOUDFLARE_TOKEN = "023e105f4ecef8ad9ca31a8372d0c353", "a-token-of-cloudflare"
    settings.VARNISH_URLS = [api.url, f"{api.url}/two"]
    settings.PURGE_WEBHOOK_URL, settings.PURGE_WEBHOOK_KEY = f"{api.url}/hook", "a-key-of-16-characters"
    return api


def test_each_is_asked_as_it_documents(everywhere):
    purgers.purge(TAGS, "17")
    of_fastly, of_cloudflare, one, two, hook = everywhere.asked
    assert of_fastly[:2] == ("POST", "/service/SU1Z0isxPaozGVKXdv0eY/purge")
    assert of_fastly[2]["Fastly-Key"] == "a-token-of-fastly"
    assert of_fastly[2]["Surrogate-Key"] == "alias:profile-image/ios bucket:photos"
    assert of_cloudflare[:2] == ("POST", "/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353/purge_cache")
    assert of_cloudflare[2]["Authorization"] == "Bearer a-token-of-cloudflare"
    assert json.loads(of_cloudflare[3]) == {"tags": TAGS}
    for asked, path in ((one, "/"), (two, "/two")):
        assert asked[:2] == ("BAN", path)
        assert asked[2]["X-Ban-Tags"] == r"(^|,)(alias:profile\-image/ios|bucket:photos)(,|$)"
    assert hook[:2] == ("POST", "/hook")
    assert json.loads(hook[3]) == {"tags": TAGS, "reference": "17"}
    seconds, signature = (part.split("=")[1] for part in hook[2]["X-Signature"].split(","))
    signed = hmac.new(b"a-key-of-16-characters", f"{seconds}.".encode() + hook[3], "sha256").hexdigest()
    assert signature == signed
    assert webhook.sign(hook[3], int(seconds)) == hook[2]["X-Signature"]


@pytest.mark.parametrize(("number", "requests"), [(1, 5), (31, 6), (51, 8), (150, 13)])
def test_many_tags_are_sent_in_as_many_requests_as_each_takes(everywhere, number, requests):
    purgers.purge([f"alias:a-{one}" for one in range(number)], "17")
    assert len(everywhere.asked) == requests
    sent = [tag for asked in everywhere.asked if "/client" in asked[1] for tag in json.loads(asked[3])["tags"]]
    assert len(sent) == number


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 429, 500, 503])
def test_one_that_refuses_keeps_no_other_from_purging_and_is_told_without_its_secret(everywhere, status):
    everywhere.status = status
    with pytest.raises(NotPurged) as refused:
        purgers.purge(TAGS, "17")
    assert len(everywhere.asked) == 5  # and none was followed elsewhere, with its secret
    for name in ("Fastly", "Cloudflare", "Varnish", "the webhook"):
        assert f"{name}: NotPurged: " in str(refused.value)
    assert f"it answered {status}: said the API" in str(refused.value)
    assert "a-token" not in str(refused.value)


def test_one_that_is_away_is_asked_again_with_the_next_attempt(alias, everywhere, settings):
    settings.VARNISH_URLS = ["http://127.0.0.1:9"]
    publish(alias, None)
    assert sending.send_due() == 1
    row = Outbox.objects.get(kind="invalidate")
    assert "Varnish: NotPurged: http://127.0.0.1:9: it does not answer" in row.last_error
    assert row.sent_at is None
    settings.VARNISH_URLS = [everywhere.url]
    Outbox.objects.update(due_at=row.made_at)
    assert sending.send_due() == 1
    row.refresh_from_db()
    assert (row.last_error, row.sends_left) == ("", 1)


def test_the_catalogue_says_that_something_is_purged_for_each_of_them(settings):
    assert set(purgers.PURGERS) == set(conf.PURGED)
    for name in conf.PURGED:
        assert not conf.purges()
        before = getattr(settings, name)
        setattr(settings, name, "set")
        assert conf.purges()
        setattr(settings, name, before)


def test_what_is_missing_or_does_not_fit_is_told_at_start(everywhere, settings):
    settings.CACHE_TAG_HEADER = "Cache-Tag"
    assert [message.id for message in purging_is_whole()] == ["imageservice.W014"]  # of Fastly
    settings.CACHE_TAG_HEADER = "Surrogate-Key"
    assert [message.id for message in purging_is_whole()] == ["imageservice.W014"] * 2
    settings.FASTLY_TOKEN = settings.CLOUDFLARE_TOKEN = settings.PURGE_WEBHOOK_KEY = ""
    errors = [message for message in purging_is_whole() if message.id == "imageservice.E013"]
    assert len(errors) == 3
    assert "FASTLY_SERVICE_ID is set, but FASTLY_TOKEN is not" in errors[0].msg
