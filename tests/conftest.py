"""What all tests share: a service of its own for each test, with originals drawn for it."""

import gc
import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.loaders import create_loader
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from rendering.catalogue.reader import Reader
from rendering.http import health
from rendering.storage import files
from rendering.workers import forking, pool
from rendering.workers.jobs import Files, Job
from tests.running import MEASURED
from tests.service import Service, forget

# No test fails for the time it takes: the first draw of a text makes a table of all characters, and machines are busy.
hypothesis.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples at every run, so that nothing fails by chance; `make explore` looks for others.
hypothesis.register_profile("steady", hypothesis.get_profile("unhurried"), derandomize=True)
hypothesis.register_profile("exploring", hypothesis.get_profile("unhurried"), max_examples=2000, print_blob=True)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


# Every session of botocore looks for AWS's services in its folders and reads their descriptions anew, which is most of
# what a client costs, and most tests of S3 have new ones. Here all sessions share what was found.
botocore.session.create_loader = cache(create_loader)

# Processes that render get little of the environment; here also what measures them.
forking.PASSED = (*forking.PASSED, *MEASURED)


def pytest_collection_finish() -> None:
    """What there is once all tests are collected stays until the end; to look through it for garbage, again and again,
    would take a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The order of a run with failures, which pytest-randomly names at its quiet beginning only."""
    if terminalreporter.stats.keys() & {"failed", "error"} and config.pluginmanager.hasplugin("randomly"):
        terminalreporter.write_line(f"The same order again: --randomly-seed={config.getoption('randomly_seed')}")


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do jobs in this process, so that a test can see or change what happens in them; else children of it do them."""

    def run(job: Job[Any], *files: bytes, cpu: float | None = None) -> tuple[Any, Files]:
        return job.do(files)

    monkeypatch.setattr(pool, "run", run)


@pytest.fixture
def service(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A data plane on folders of its own, reading the catalogue at every request."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        "derivatives": {
            "BACKEND": "rendering.storage.factory.from_url",
            "OPTIONS": {"url": str(tmp_path / "derivatives")},
        },
        "catalogue": {
            "BACKEND": "rendering.storage.factory.from_url",
            "OPTIONS": {"url": str(tmp_path / "catalogue")},
        },
    }
    settings.FOLDER_ROOTS = [*settings.FOLDER_ROOTS, str(tmp_path)]
    settings.CATALOGUE_MAX_AGE = 0
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()  # or WhiteNoise warns that nothing was collected
    forget()
    made = Service(tmp_path)
    monkeypatch.setattr(Reader, "clock", lambda reader: time.time() + made.ahead)
    monkeypatch.setattr(health, "MORE", {})  # a test that needs no database gets none
    monkeypatch.setattr(files, "UNSETTLED", 0.0)  # originals are written and asked for in the same moment
    yield made
    forget()
