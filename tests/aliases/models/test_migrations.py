"""A database of a released version, with data, is migrated to this one: nothing that was published changes."""

import json

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from aliases.models import Alias, Outbox, Publication
from aliases.publishing import sending
from rendering.catalogue.catalogue import Catalogue
from rendering.storage.factory import configured
from tests.released import RECORD

RELEASED = sorted({record["release"] for record in json.loads(RECORD.read_text()).values()})


@pytest.fixture
def executor(transactional_db):
    """Migrates the database, and leaves it as it is in this version."""
    yield lambda targets: MigrationExecutor(connection).migrate(targets)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate(newest)


@pytest.mark.parametrize("release", RELEASED)
def test_a_database_of_a_release_is_migrated_with_all_that_is_in_it(executor, release):
    records = json.loads(RECORD.read_text())
    last = max(name for name, record in records.items() if record["release"] <= release)
    target = [("aliases", last.removesuffix(".py"))]
    old = executor(target).apps
    bucket = old.get_model("aliases", "Bucket").objects.create(name="photos")
    places = old.get_model("aliases", "BucketPlace").objects
    places.create(bucket=bucket, environment="local", kind="folder", location="/srv/photos é")
    aliases = old.get_model("aliases", "Alias").objects
    alias = aliases.create(name="profile/ios", bucket=bucket, live_bucket=bucket, prefix="a b/%20/")
    content = {"bucket": "photos", "prefix": "a b/%20/", "recipe": {"geometry": {"width": 90}}}
    revision = old.get_model("aliases", "Revision").objects.create(alias=alias, number=3, content=content)
    aliases.filter(pk=alias.pk).update(live=revision)
    publication = old.get_model("aliases", "Publication").objects.create(
        alias=alias, revision=revision, action="publish", why="as it was"
    )
    old.get_model("aliases", "CatalogueState").objects.create(pk=1, serial=7)
    old.get_model("aliases", "Outbox").objects.create(
        kind="catalogue", publication=publication, why="left behind", due_at=timezone.now()
    )
    executor(MigrationExecutor(connection).loader.graph.leaf_nodes())
    kept = Alias.objects.get()
    assert (kept.name, kept.prefix, kept.live and kept.live.number) == ("profile/ios", "a b/%20/", 3)
    assert Publication.objects.get().why == "as it was"
    assert sending.send_due() == 1
    assert Outbox.objects.get().sent_at
    stored = configured("catalogue").read("catalogue.json")
    assert stored
    read = Catalogue.read(stored.content)
    found = read.alias("profile/ios")
    assert found
    assert (read.serial, found.revision, found.recipe.geometry.width) == (8, 3, 90)
