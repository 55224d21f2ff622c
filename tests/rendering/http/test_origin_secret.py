"""Requests that did not come through the CDN, and whose host is believed."""

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from rendering.http.origin_secret import OriginSecretMiddleware
from tests.values import TEXTS

SECRET = "s" * 32
OLDER = "o" * 32


def through(settings, **headers: str) -> tuple[HttpResponse, list[HttpRequest]]:
    """The middleware's answer, and the requests that it let through."""
    passed: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        passed.append(request)
        return HttpResponse("through")

    request = RequestFactory().get("/x", headers={name.replace("_", "-"): value for name, value in headers.items()})
    return OriginSecretMiddleware(view)(request), passed


def test_without_a_secret_requests_come_from_anywhere_and_no_header_is_believed(settings):
    _, (request,) = through(settings, X_Viewer_Host="evil.example.com")
    assert request.get_host() == "testserver"


@pytest.mark.parametrize("given", ["", "wrong", SECRET[:-1], f"{SECRET} ", "sécret"])
def test_with_a_secret_who_does_not_have_it_is_refused_in_json(settings, given):
    settings.ORIGIN_SECRET = SECRET
    response, passed = through(settings, X_Origin_Secret=given)
    assert (response.status_code, response["Cache-Control"], passed) == (403, "no-store", [])
    said = json.loads(response.content)
    assert said["error"] == "not_from_cdn"
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize("given", [SECRET, OLDER])
def test_the_current_secret_and_the_older_one_are_let_through_while_it_is_changed(settings, given):
    settings.ORIGIN_SECRET = SECRET
    settings.ORIGIN_SECRET_FALLBACKS = ["x" * 32, OLDER]
    settings.ALLOWED_HOSTS = ["images.example.com"]
    response, (request,) = through(settings, X_Origin_Secret=given, X_Viewer_Host="images.example.com")
    assert response.content == b"through"
    assert request.build_absolute_uri("/admin/") == "http://images.example.com/admin/"


def test_behind_it_nobody_can_read_the_secret(settings):
    settings.ORIGIN_SECRET = SECRET
    _, (request,) = through(settings, X_Origin_Secret=SECRET)
    assert SECRET not in str(request.META.values())


def test_an_older_secret_alone_still_closes_the_door(settings):
    settings.ORIGIN_SECRET_FALLBACKS = [OLDER]
    assert through(settings)[0].status_code == 403


def test_the_whole_service_is_behind_it(service, settings):
    service.put("one.jpg")
    service.publish()
    settings.ORIGIN_SECRET = SECRET
    for path in ("/profile-image/ios/one.jpg", "/healthz", "/admin/"):
        response = service.get(path)
        assert response.status_code == 403
        assert response["X-Request-Id"]
    assert service.get("/profile-image/ios/one.jpg", X_Origin_Secret=SECRET).status_code == 200


@pytest.mark.parametrize("secret", TEXTS)
def test_a_secret_may_be_any_text_as_servers_and_as_api_gateway_hand_it_on(settings, secret):
    settings.ORIGIN_SECRET = secret
    for given in (secret, secret.encode().decode("latin-1")):
        assert through(settings, X_Origin_Secret=given)[0].content == b"through"
        assert through(settings, X_Origin_Secret=given[:-1])[0].status_code == 403


@pytest.mark.parametrize(("secret", "expected"), [("", "192.0.2.1"), (SECRET, "203.0.113.9")])
def test_the_viewers_address_is_believed_only_with_the_secret(settings, secret, expected):
    settings.ORIGIN_SECRET = secret
    request = RequestFactory().get("/x", REMOTE_ADDR="192.0.2.1", headers={"X-Origin-Secret": SECRET})
    request.META["imageservice.viewer_address"] = "203.0.113.9"
    OriginSecretMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == expected
