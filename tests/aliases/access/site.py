"""A service of the control plane as it is served, and a browser of requests in front of it."""

import base64
import hashlib
import hmac
import json
import re
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.running import MEASURED, ROOT

PASSWORD = "a-Long-one-17"


class Site:
    """A service with these settings, and a browser of requests in front of it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        places = {name: (folder / name).as_uri() for name in ("CATALOGUE_URL", "DERIVATIVES_URL")}
        self.environ = {
            **MEASURED,
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "SECRET_KEY": "k" * 50,
            "DEBUG": "on",  # static files that nobody collected
            "UPKEEP": "off",
            **places,
            **settings,
        }
        self.manage("migrate", "-v0")
        self.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
        self.manage("createsuperuser", "--noinput", "--username", "root", "--email", "")
        command = [sys.executable, "-m", "gunicorn", "imageservice.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen([*command, "--workers", "1"], cwd=ROOT, env=self.environ)
        wait_for(f"{self.url}/healthz")
        self.browser = requests.Session()

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True)
        return done.stdout

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.browser.get(path if path.startswith("http") else self.url + path, timeout=20, **more)

    def send(self, page: requests.Response, action: str = "", **fields: str) -> requests.Response:
        """Post a form of a page, with its token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page.text)
        assert token, page.text
        to = urljoin(page.url, action) if action else page.url
        data = {"csrfmiddlewaretoken": token[1], **fields}
        return self.browser.post(to, data, headers={"Referer": page.url}, timeout=20)

    def log_in(self, name: str = "root", password: str = PASSWORD) -> requests.Response:
        self.browser = requests.Session()
        return self.send(self.get("/admin/"), login=name, password=password, next="/admin/")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(url, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def code(secret: str, ahead: int = 0) -> str:
    """What an authenticator shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


@contextmanager
def saml_provider(folder: Path, people: dict[str, Any]) -> Iterator[str]:
    """Run the identity provider of saml_provider.py; the address of its metadata."""
    port = free_port()
    module = ["-W", "ignore", "-m", "tests.aliases.access.saml_provider"]
    command = [sys.executable, *module, str(folder), str(port), json.dumps(people)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/metadata"
    wait_for(url)
    yield url
    process.terminate()
    process.wait(20)


def leave(site: Site, dialect: str) -> str:
    """Press the button of single sign-on; where it leads to."""
    site.browser = requests.Session()
    page = site.get("/admin/")
    action = re.search(rf'action="([^"]*/{dialect}/sso/login/[^"]*)"', page.text)
    assert action, page.text
    leaving = site.send(page, unescape(action[1]))
    led = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', leaving.text)
    assert led, leaving.text
    return unescape(led[1])
