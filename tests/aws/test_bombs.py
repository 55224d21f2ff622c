"""Small files with large claims, and filters that are laborious on small files, those of `make attack`, under Lambda's
runtime client: each ends alone."""

import json
from urllib.parse import quote

import pytest

from benchmarks.attack import costs
from benchmarks.attack.costs import BOMBS
from benchmarks.attack.service import BUCKET
from benchmarks.attack.workpieces import WORKPIECES
from rendering.dialects.signing import sign
from tests.aws.rest_api import ask
from tests.aws.sandbox import Sandbox
from tests.aws.stage import SECRETS, environment
from tests.drawings import drawn

#: Words in the names of laborious costs: one of each kind, on originals that are drawn at once.
LABORIOUS = "sharpen on a dot,300 frames,convolutions,10 x blur,10 x noise,max_bytes of noise"


@pytest.fixture(scope="module")
def bounded(package, s3, stored, tmp_path_factory):
    """The function, with at most a second of CPU time for a picture, which one of the files passes."""
    folder = tmp_path_factory.mktemp("bounded")
    # A busy machine may take minutes for that second: what ends a picture here is never the deadline.
    sandbox = Sandbox(package, folder, **environment("production", s3.url), MAX_CPU="0.1", DEADLINE="600")
    yield sandbox
    sandbox.close()


def get(sandbox, stored, name, content, alias="pictures"):
    stored.put_object(Bucket="originals", Key=name, Body=content)
    return ask(sandbox, f"/{alias}/{quote(name)}", X_Origin_Secret=SECRETS["ORIGIN_SECRET"])


def get_laborious(sandbox, stored, cost):
    """The answer to a cost whose URL is signed, and asks for the bucket of these tests."""
    names = [cost.original, "dot.png", *(f"overlay-{one}.png" for one in range(10) if f"overlay-{one}" in cost.path)]
    for name in names:
        stored.put_object(Bucket="originals", Key=f"{costs.FOLDER}/0/{name}", Body=WORKPIECES[name]())
    key = f"{BUCKET}/{costs.FOLDER}/0/{cost.original}"
    path = cost.path.replace("{key}", key).replace(f"{BUCKET}/", "photos/").removeprefix("/unsafe/")
    return ask(sandbox, f"/{sign(SECRETS['SECURITY_KEY'], path)}/{path}", X_Origin_Secret=SECRETS["ORIGIN_SECRET"])


def test_each_kind_is_served_or_refused_and_the_next_picture_is_well(bounded, stored):
    found = {}
    # One of each format: what differs here is how a process ends, and tests/rendering has them all.
    kinds = {name.rpartition(".")[2]: name for name in BOMBS}
    for number, name in enumerate(kinds.values()):
        make = BOMBS[name]
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


def test_laborious_filters_are_refused_at_once_ended_or_done_in_time_and_the_next_picture_is_well(bounded, stored):
    found = {}
    for number, cost in enumerate(costs.chosen(LABORIOUS)):
        answer = get_laborious(bounded, stored, cost)
        found[cost.name] = answer.status, json.loads(answer.body)["error"] if answer.status == 422 else ""
        assert get(bounded, stored, f"after-{number}.jpg", drawn(80 + number, 70)).status == 200, cost.name
    assert len(found) > 10
    # Some are known to be too much, some are ended; a fast processor has done others by then.
    refused = {(422, "too_large"), (422, "too_costly")}
    assert {name: what for name, what in found.items() if what not in {(200, ""), *refused}} == {}
    assert refused <= {*found.values()}
    assert bounded.process.poll() is None
    assert "Traceback" not in bounded.log.read_text()
