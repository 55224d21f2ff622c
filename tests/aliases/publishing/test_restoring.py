"""docs/backup.md, rehearsed: what an older dump says is live again, under a serial that was never used."""

import os
import shutil
import subprocess
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from aliases.models import Alias, CatalogueState
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import READER
from tests.drawings import drawn, opened

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"] or not shutil.which("pg_restore"),
        reason="PostgreSQL's own tools restore a database of PostgreSQL",
    ),
]


def run(program: str, *arguments: str) -> None:
    kept: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{name: str(kept[key]) for name, key in names.items() if kept[key]}}
    connections.close_all()
    subprocess.run([program, *arguments], env=environment, check=True)


def widened(alias: Alias, width: int) -> None:
    alias.refresh_from_db()
    alias.width, alias.height = width, 40
    alias.save()
    publish(alias, None)


def test_a_restored_dump_is_live_again_and_nothing_is_used_twice(alias, service, tmp_path):
    service.put("one.jpg", drawn(200, 100))
    url = f"/{alias.name}/one.jpg"

    def size() -> Any:
        READER.forget()
        response = service.get(url)
        return opened(response).size, response["ETag"]

    widened(alias, 50)
    before = size()
    name = str(connection.settings_dict["NAME"])
    run("pg_dump", "--format=custom", f"--file={tmp_path}/images.dump", name)
    widened(alias, 60)
    lost, serial = size(), READER.current().serial
    number = alias.revisions.first().number
    run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={name}", f"{tmp_path}/images.dump")
    assert size() == lost  # until the catalogue is written
    call_command("write_catalogue")
    assert size() == before
    assert READER.current().serial > serial
    assert CatalogueState.objects.get().serial == READER.current().serial
    alias = Alias.objects.get(pk=alias.pk)
    widened(alias, 70)
    assert alias.revisions.first().number == number  # the lost one's, with another content
    assert size()[0][0] == 70
    assert len({size()[1], lost[1], before[1]}) == 3
