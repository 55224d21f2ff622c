"""The certificates of RDS: downloaded once, checked, and in the admin's package alone."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy import stages
from deploy.package import certificates
from deploy.stages import Refused

ONE = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmg\n-----END CERTIFICATE-----\n"


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What is at the address, and how often it was asked."""
    said = {"text": ONE + "\n" + ONE, "asked": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said["asked"] += "x"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said["text"].encode())

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("RDS_CERTIFICATES_URL", f"http://127.0.0.1:{server.server_port}/bundle.pem")
    monkeypatch.setattr(certificates, "FOLDER", tmp_path)
    yield said
    server.shutdown()
    server.server_close()


def test_they_are_downloaded_once(published):
    path = certificates.ensure("eu-west-1")
    assert path.read_text().replace("\n\n", "\n") == ONE + ONE
    certificates.ensure("eu-west-1")
    assert published["asked"] == "x"


@pytest.mark.parametrize("text", ["<html>not found</html>", "", "é", "-----BEGIN CERTIFICATE-----\n?\n"])
def test_what_is_no_certificate_is_refused_and_not_kept(published, text, tmp_path):
    published["text"] = text
    with pytest.raises(Refused, match=r"is no list of certificates|cannot be had"):
        certificates.ensure("eu-west-1")
    assert list(tmp_path.iterdir()) == []


def test_no_way_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(certificates, "FOLDER", tmp_path)
    monkeypatch.setenv("RDS_CERTIFICATES_URL", "http://127.0.0.1:9/bundle.pem")
    with pytest.raises(Refused, match=r"The certificates of RDS cannot be had from http://127.0.0.1:9/bundle.pem"):
        certificates.ensure("eu-west-1")


def test_they_are_in_the_admins_package_alone(published):
    images, admin = (stages.stage(name, stages.read()) for name in ("production", "production_admin"))
    assert certificates.packed(admin) == {}
    certificates.ensure(admin.region)
    assert list(certificates.packed(admin)) == ["certificates/rds.crt"]
    assert certificates.packed(images) == {}
