"""What the control plane's tests share: a database, a bucket of a folder, aliases in it, and people."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from aliases.models import Alias, Bucket, BucketPlace
from aliases.publishing.cdns import cloudfront
from tests.aliases.browser.chromium import Browser, started
from tests.aliases.cdn import Cloud
from tests.drawings import drawn, photograph
from tests.rendering.moto_server import MotoServer
from tests.service import Service, forget


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as it runs: the one in memory has locks of its own kind, and no threads."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def own_service(service: Service, settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # nothing is collected, and WhiteNoise wants a folder
    settings.CLOUDFRONT_DISTRIBUTION_ID = ""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def bucket(db: None, service: Service) -> Bucket:
    """A bucket named photos, of a folder with the picture cat.jpg."""
    service.put("cat.jpg", drawn(300, 200))
    made = Bucket.objects.create(name="photos")
    BucketPlace.objects.create(bucket=made, environment="local", kind="folder", location=str(service.originals))
    return made


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch, bucket: Bucket) -> Iterator[MotoServer]:
    """S3 over HTTP. The bucket named photos is one there named many, to be filled."""
    server = MotoServer()
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "s"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    server.reset()
    forget()
    boto3.client("s3").create_bucket(Bucket="many")
    BucketPlace.objects.filter(bucket=bucket).update(kind="s3", location="many", prefix="")
    yield server
    server.stop()
    forget()


@pytest.fixture
def alias(bucket: Bucket) -> Alias:
    return Alias.objects.create(
        name="profile-image/ios", bucket=bucket, width=90, height=90, format="png", sample="cat.jpg"
    )


@pytest.fixture
def wall(bucket, service: Service) -> Alias:
    """An alias that asks for a visual quality; its sample takes less quality for it than the picture beside that."""
    service.put("people/ann.jpg", photograph(contrast=40))
    service.put("people/bob.jpg", photograph(contrast=120))
    return Alias.objects.create(
        name="wall", bucket=bucket, width=120, format="auto", ssim=0.93, sample="people/ann.jpg"
    )


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """`with committed():` does what a commit would: it sends what is due."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def cloud(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The CDN that the service invalidates."""
    settings.CLOUDFRONT_DISTRIBUTION_ID = "E123"
    made = Cloud()
    monkeypatch.setattr(cloudfront, "client", lambda: made)
    return made


@pytest.fixture
def made(db: None) -> Callable[..., User]:
    """Make a member of staff with these permissions."""

    def make(name: str, *codenames: str, **fields: Any) -> User:
        user = User.objects.create_user(name, password="secret", **{"is_staff": True, **fields})
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert user.user_permissions.count() == len(codenames)
        return user

    return make


@pytest.fixture
def admin(client: Client, made: Callable[..., User]) -> Client:
    """A client logged in as a superuser."""
    client.force_login(made("root", is_superuser=True))
    return client


@pytest.fixture
def address(own_service: None, transactional_db: None) -> Iterator[str]:
    """Of a server that has started with this test's settings; pytest-django's own would start once for all tests."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One for all tests: starting it takes longer than most of them."""
    driver = started()
    yield driver
    driver.quit()


@pytest.fixture
def browser(address: str, chromium: Any) -> Iterator[Browser]:
    """Chromium as if it had just been started: no cookies, one tab, and nothing said in its console."""
    browser = Browser(chromium, address)
    browser.forget()
    yield browser
    browser.forget()


@pytest.fixture
def root(browser: Browser) -> None:
    User.objects.create_superuser("root", password="secret")
    browser.log_in("root")
