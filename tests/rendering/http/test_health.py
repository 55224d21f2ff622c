"""Whether the service is well, as load balancers, monitors and status pages ask."""

import os

import pytest

from rendering.catalogue.catalogue import Bucket
from rendering.http import health
from rendering.storage.place import Place

PATHS = pytest.mark.parametrize("path", ["/healthz", "/healthcheck", "/readyz"])


def test_healthz_asks_nobody(service):
    assert service.get("/healthz").json() == {"status": "ok"}


def test_readyz_names_what_does_not_answer(service):
    elsewhere = Bucket(
        "elsewhere", Place("s3", "no-such-bucket", region="eu-west-1", endpoint_url="http://127.0.0.1:1")
    )
    service.publish(buckets=(service.bucket, elsewhere))
    response = service.get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    checks = response.json()["checks"]
    assert checks["catalogue"] == checks["bucket photos"] == checks["storage of derivatives"] == "ok"
    assert checks["bucket elsewhere"] != "ok"


def test_readyz_tells_of_a_folder_that_is_gone_or_none(service):
    service.publish()
    service.originals.rmdir()
    assert "missing" in service.get("/readyz").json()["checks"]["bucket photos"]
    health.forget()
    service.originals.write_bytes(b"in the way")
    service.derivatives.write_bytes(b"in the way")
    response = service.get("/readyz")
    assert response.status_code == 503
    assert "no folder" in response.json()["checks"]["bucket photos"]
    assert "no folder" in response.json()["checks"]["storage of derivatives"]


def test_readyz_tells_of_a_catalogue_that_is_older_in_its_storage(service):
    for _ in range(2):
        service.publish()
        assert service.get("/readyz").json()["checks"]["catalogue"] == "ok"
        health.forget()
    service.serial = 0
    service.publish()
    response = service.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["catalogue"] == "older in its storage: serial 1 is ignored, 2 is in use"
    service.serial = 2
    service.publish()
    health.forget()
    assert service.get("/readyz").json()["checks"]["catalogue"] == "ok"


def test_readyz_is_ok_when_everything_answers(service):
    service.publish()
    response = service.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@PATHS
def test_health_is_only_read_and_by_scripts_of_any_site(service, path):
    service.publish()
    service.client.handler.enforce_csrf_checks = True  # as where the admin runs in the same process
    whole, head = service.get(path), service.get(path, "HEAD")
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(whole.content)))
    assert whole["Access-Control-Allow-Origin"] == "*"
    assert whole["Cache-Control"] == "no-store"
    asked = service.get(path, "OPTIONS", origin="https://status.example", access_control_request_method="GET")
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    for method in ("POST", "PUT", "DELETE"):
        response = service.get(path, method)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_what_is_not_ready_says_so_to_scripts_too(service):
    response = service.get("/readyz")  # nothing is published
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (503, "*")


def test_readyz_tells_of_a_folder_that_cannot_be_written(service, monkeypatch):
    service.publish()
    # The user of these tests may be root, who may write anywhere but on a read-only disk.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    assert "denied" in service.get("/readyz").json()["checks"]["storage of derivatives"]


def test_readyz_has_what_else_this_process_needs(service, monkeypatch):
    service.publish()
    monkeypatch.setattr(health, "MORE", {"database": lambda: "away"})
    response = service.get("/readyz")
    assert (response.status_code, response.json()["checks"]["database"]) == (503, "away")
