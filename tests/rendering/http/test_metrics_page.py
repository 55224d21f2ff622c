"""Who may read the metrics: Prometheus, from the networks that are named, and nobody by a proxy."""

import json

import pytest

from rendering.catalogue.catalogue import NAME, READER
from rendering.http import metrics_page
from rendering.storage.factory import configured
from tests.service import Service

URL = "/-/metrics"


@pytest.fixture(autouse=True)
def on(settings, monkeypatch):
    settings.PROMETHEUS_NETWORKS = ["127.0.0.0/8"]
    # What the control plane adds is read from the database.
    monkeypatch.setattr(metrics_page, "MORE", {})


def test_who_is_in_the_network_and_asks_the_process_itself_reads_them(service: Service):
    response = service.get(URL)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert b"# HELP imageservice_requests_total Requests that were answered\n" in response.content
    assert service.get(URL, "HEAD").content == b""
    assert service.get(URL, "POST").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "127.0.0.1"},
        {"x_forwarded_for": ""},
        {"forwarded": "for=127.0.0.1"},
        {"via": "1.1 a.cloudfront.net"},
    ],
)
def test_who_comes_by_a_proxy_does_not_whatever_it_says(service: Service, headers):
    assert service.get(URL, **headers).status_code == 404


@pytest.mark.parametrize("networks", [[], ["10.0.0.0/8"], ["::1/128"]])
def test_who_is_elsewhere_does_not_and_cannot_tell_why(service: Service, settings, networks):
    allowed_but_by_a_proxy = service.get(URL, via="1.1 proxy")
    settings.PROMETHEUS_NETWORKS = networks
    refused = service.get(URL)
    assert refused.status_code == 404
    said, other = json.loads(refused.content), json.loads(allowed_but_by_a_proxy.content)
    assert {**said, "request_id": ""} == {**other, "request_id": ""}
    assert said["error"] == "unknown_alias"


def age(service: Service) -> list[float]:
    lines = service.get(URL).content.decode().splitlines()
    return [float(line.split()[1]) for line in lines if line.startswith("imageservice_catalogue_age_seconds ")]


def test_the_catalogue_grows_old_while_it_cannot_be_read_and_is_new_when_it_can(service: Service, settings):
    settings.CATALOGUE_MAX_AGE = 5
    assert age(service) == []  # nothing was published
    service.publish()
    service.ahead += 10
    (fresh,) = age(service)
    assert 0 <= fresh < 5
    configured("catalogue").write(NAME, b"broken", "application/json")
    service.ahead += 600
    (old,) = age(service)
    assert 600 <= old < 700
    assert READER.stale
    service.publish()
    service.ahead += 10
    (fresh,) = age(service)
    assert fresh < 5


def test_a_process_that_serves_no_pictures_does_not_read_the_catalogue_for_it(service: Service, settings):
    service.publish()
    settings.PLANE = "admin"
    assert age(service) == []
