"""Every fault of the catalogue's store while something is published: nothing is lost, no failure is believed.

The catalogue has parts; `tests/rendering/test_faults.py` tries each fault with a single document.
"""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import pytest
from django.utils import timezone

from aliases.models import Alias, Outbox
from aliases.publishing import sending
from aliases.publishing.publishing import publish, together
from rendering.catalogue import parts
from rendering.catalogue.catalogue import Catalogue
from rendering.storage.errors import StorageError
from rendering.storage.factory import configured
from rendering.storage.s3 import connections
from tests.rendering.faults import FAULTS
from tests.rendering.played_s3 import PlayedS3
from tests.rendering.world import OURS, played_s3
from tests.service import forget

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[PlayedS3]:
    with played_s3() as server:
        yield server


@pytest.fixture
def s3(server: PlayedS3, settings: Any, monkeypatch: pytest.MonkeyPatch) -> PlayedS3:
    """The S3 that has the catalogue, empty and well. Parts have four aliases at most, and timeouts are soon over."""
    server.kept.clear()
    server.seen.clear()
    server.fault = lambda asked: ""
    options = {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": f"s3://{OURS}/catalogue"}}
    settings.STORAGES = {**settings.STORAGES, "catalogue": options}
    monkeypatch.setattr(parts, "MOST", 4)
    monkeypatch.setattr(connections, "READ", 0.3)
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda seconds: None))
    settings.DEADLINE = 3
    forget()
    return server


def live() -> dict[str, int]:
    """The revisions in the catalogue, as a process finds them that has just started."""
    stored = configured("catalogue").read("catalogue.json")
    assert stored
    read = Catalogue.read(stored.content)
    return {name: alias.revision for name in read.aliases if (alias := read.alias(name))}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_publication(s3, bucket, fault):
    made = [Alias.objects.create(name=f"a{number}", bucket=bucket) for number in range(6)]
    with together("made"):
        for alias in made:
            publish(alias, None)
    before = live()
    assert before == {alias.name: 1 for alias in made}
    made[0].width = 50
    made[0].save()
    s3.fault = lambda asked: fault if asked.bucket == OURS else ""
    publish(made[0], None)
    s3.fault = lambda asked: ""
    forget()
    after = {**before, made[0].name: 2}
    if Outbox.objects.filter(kind="catalogue", sent_at=None).exists():
        assert live() in (before, after)  # what was put may be there although nobody was told
    else:
        assert live() == after
    sending.send_due(timezone.now() + timedelta(minutes=10))
    assert live() == after
    assert not Outbox.objects.filter(kind="catalogue", sent_at=None).exists()


def test_a_failure_is_told_as_the_stores(s3, bucket):
    s3.fault = lambda asked: "slowdown"
    publish(Alias.objects.create(name="a", bucket=bucket), None)
    row = Outbox.objects.get(kind="catalogue")
    assert row.sent_at is None
    assert row.last_error.partition(":")[0] in {kind.__name__ for kind in StorageError.__subclasses__()}
