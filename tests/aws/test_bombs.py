"""Small files with large claims, those of `make attack`, under Lambda's runtime client: each ends alone."""

import json
from urllib.parse import quote

import pytest

from benchmarks.attack.costs import BOMBS
from tests.aws.rest_api import ask
from tests.aws.sandbox import Sandbox
from tests.aws.stage import SECRETS, environment
from tests.drawings import drawn


@pytest.fixture(scope="module")
def bounded(package, s3, stored, tmp_path_factory):
    """The function, with at most a second of CPU time for a picture, which one of the files passes."""
    folder = tmp_path_factory.mktemp("bounded")
    sandbox = Sandbox(package, folder, **environment("production", s3.url), MAX_CPU="0.1")
    yield sandbox
    sandbox.close()


def get(sandbox, stored, name, content, alias="pictures"):
    stored.put_object(Bucket="originals", Key=name, Body=content)
    return ask(sandbox, f"/{alias}/{quote(name)}", X_Origin_Secret=SECRETS["ORIGIN_SECRET"])


def test_each_is_served_or_refused_and_the_next_picture_is_well(bounded, stored):
    found = {}
    for number, (name, make) in enumerate(BOMBS.items()):
        found[name] = get(bounded, stored, name, make()).status
        assert get(bounded, stored, f"next-{number}.jpg", drawn(80 + number, 60)).status == 200, name
    assert {name: status for name, status in found.items() if status not in (200, 422)} == {}
    assert bounded.process.poll() is None
    assert "Traceback" not in bounded.log.read_text()


def test_what_passes_its_cpu_time_is_ended_in_a_process_of_its_own(bounded, stored):
    answer = get(bounded, stored, "canvas.webp", BOMBS["canvas.webp"](), "moving")
    assert (answer.status, json.loads(answer.body)["error"]) == (422, "too_costly")
    assert get(bounded, stored, "after.jpg", drawn(90, 70)).status == 200
    # The function itself forks the next process: it has still one thread.
    assert "a new one is started" not in bounded.log.read_text()
