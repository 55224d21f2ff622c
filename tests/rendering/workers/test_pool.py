"""Jobs in processes of their own: what they answer, and what ends one without harm to any other."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from rendering import conf
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BrokenPicture, TooCostly, UnsupportedFormat
from rendering.imaging.focus import yunet
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.quality.calibration import LOWEST
from rendering.imaging.recipe import Defaults, Recipe
from rendering.workers import pool
from rendering.workers.child import NICE
from rendering.workers.errors import Busy, Failed, NoSeat
from rendering.workers.forking import Template
from rendering.workers.jobs import Files, Find, Identify, MeasureQualities, Render
from rendering.workers.looking import Look

from ..imaging.pictures import gradient, saved

SMALL = Recipe(Geometry(width=60, height=40), Encoding(format="png")).settled("any", Defaults())
WHOLE = Recipe(Geometry(), Encoding(format="webp")).settled("any", Defaults())


def render(recipe: Recipe = SMALL, content: bytes | None = None) -> bytes:
    files: Files = pool.run(Render(limits=conf.limits(), recipe=recipe), content or saved(gradient(300, 200)))[1]
    return files[0]


def slow_job() -> MeasureQualities:
    """Seconds of work on a picture of a megapixel."""
    start = {"avif": LOWEST, "webp": LOWEST}
    return MeasureQualities(limits=conf.limits(), recipe=WHOLE, ssim=0.999, start=start, asked={})


@cache
def noise() -> bytes:
    return bytes(saved(Image.effect_noise((1000, 1000), 100).convert("RGB")))


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    made = Template()
    yield made
    made.close()


@pytest.fixture
def own_pool(monkeypatch, template) -> Iterator[pool.Pool]:
    """A pool that no other test uses."""
    made = pool.Pool()
    made.forker = template
    monkeypatch.setattr(pool, "pool", lambda: made)
    yield made
    while made.idle:
        made.idle.pop().end()
    if made.forker is not template:
        made.close()


def end_at_work(made: pool.Pool, pid: int, number: int) -> None:
    """Send a signal to a child as soon as it works."""
    while not made.quick.taken:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(pid, number)


def run_in_vain(job: MeasureQualities) -> None:
    with suppress(Busy):
        pool.run(job, noise(), cpu=60)


def children(made: pool.Pool) -> list[int]:
    return [child.pid for child in made.idle]


def gone(pid: int) -> bool:
    """Whether a process has ended, within five seconds."""
    for _ in range(100):
        try:
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_a_child_makes_what_this_process_would():
    job, content = Render(limits=conf.limits(), recipe=SMALL), saved(gradient(300, 200))
    answer, files = pool.run(job, content)
    assert (answer, list(files)) == (job.do([content])[0], list(job.do([content])[1]))


def test_errors_of_pictures_come_back_as_they_are(caplog):
    with pytest.raises(UnsupportedFormat, match="The file is text"):
        render(content=b"no picture")
    with caplog.at_level(logging.INFO), pytest.raises(BrokenPicture, match="damaged or cut off"):
        render(content=noise()[:2000])
    assert "could not be decoded" in caplog.text  # in the service's own log


def test_a_fault_of_this_program_comes_back_with_its_traceback():
    with pytest.raises(Failed, match=r"Traceback(?s:.*)zip"):
        pool.run(Render(limits=conf.limits(), recipe=SMALL, overlays=("photos/missing.png",)), saved(gradient(9, 9)))


@pytest.mark.skipif(not yunet.installed(), reason="ONNX Runtime is not installed")
def test_the_detector_of_faces_runs_in_a_child():
    seen, _ = pool.run(Find(limits=conf.limits(), look=Look(yunet.NAME)), saved(gradient(300, 200)))
    assert (seen.focus.detector, seen.new, seen.stand_in) == (yunet.NAME, True, False)


def test_too_much_processor_time_ends_one_and_the_next_is_well(own_pool):
    with pytest.raises(TooCostly, match=r"0\.1 CPU seconds"):
        pool.run(slow_job(), noise(), cpu=0.1)
    assert render()


def test_too_much_memory_is_a_refusal_and_the_next_is_well(own_pool, settings, monkeypatch):
    monkeypatch.setattr(pool, "MORE_MEMORY", 0)
    large = saved(Image.new("RGB", (5000, 5000)))
    job = Render(limits=conf.limits(), recipe=WHOLE)
    settings.MAX_MEMORY = 64 * 1024 * 1024
    with pytest.raises(TooCostly, match="64 MB"):
        pool.run(job, large)
    assert render()


def test_the_deadline_ends_one_and_the_next_is_well(own_pool, settings):
    settings.DEADLINE = 0.5
    with pytest.raises(Busy, match="not rendered in time"):
        pool.run(slow_job(), noise(), cpu=60)
    settings.DEADLINE = 20
    assert render()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_child_that_is_ended_while_idle_is_replaced(own_pool, number):
    render()
    (pid,) = children(own_pool)
    os.kill(pid, number)
    assert number == signal.SIGTERM or gone(pid)
    assert render()


def test_a_child_that_is_ended_at_work_is_a_503_and_the_next_is_well(own_pool, caplog):
    render()
    (pid,) = children(own_pool)
    threading.Thread(target=end_at_work, args=(own_pool, pid, signal.SIGKILL)).start()
    with pytest.raises(Busy):
        pool.run(slow_job(), noise(), cpu=60)
    assert "ended from outside" in caplog.text
    assert render()


def test_a_decoder_that_crashes_is_told_as_the_files_fault(own_pool, caplog):
    render()
    (pid,) = children(own_pool)
    threading.Thread(target=end_at_work, args=(own_pool, pid, signal.SIGSEGV)).start()
    with pytest.raises(BrokenPicture, match="the decoder of its format fails on it"):
        pool.run(slow_job(), noise(), cpu=60)
    assert "SIGSEGV" in str([vars(record).get("facts") for record in caplog.records])


def test_a_template_that_is_ended_is_replaced_and_its_children_end(own_pool):
    render()
    (child,) = children(own_pool)
    own_pool.forker = None
    made = own_pool.forker = Template()
    own_pool.rest(pool.Child(made))
    child = children(own_pool)[-1]
    made.process.kill()
    made.process.wait()
    assert gone(child)
    assert render()


def test_children_and_template_end_with_the_service(tmp_path):
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'imageservice.settings'; django.setup()\n"
        "from rendering.workers import pool; pool.start()\n"
        "print(pool.pool().forker.process.pid, pool.pool().idle[0].pid, flush=True); input()"
    )
    root = Path(__file__).parents[3]
    service = subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PLANE": "images"},
    )  # fmt: skip
    assert service.stdout
    pids = [int(pid) for pid in service.stdout.readline().split()]
    assert len(pids) == 2
    with service:
        service.kill()
    assert all(gone(pid) for pid in pids)


def test_nothing_is_left_of_those_that_were_ended(own_pool, settings):
    render()
    before = len(list(Path("/proc/self/fd").iterdir()))
    settings.DEADLINE = 0.05
    for _ in range(5):
        with suppress(Busy, NoSeat):
            pool.run(slow_job(), noise(), cpu=60)
    settings.DEADLINE = 20
    render()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    status = Path(f"/proc/{own_pool.forker.process.pid}/task/{own_pool.forker.process.pid}/children").read_text()
    assert status.split() == [str(pid) for pid in children(own_pool)]


def test_a_child_knows_no_secret_and_has_few_rights(own_pool, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of the admin")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the account")
    render()
    (pid,) = children(own_pool)
    assert b"of the" not in Path(f"/proc/{pid}/environ").read_bytes()
    status = Path(f"/proc/{pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert any(line.split()[:5] == ["Max", "core", "file", "size", "0"] for line in limits.splitlines())


def test_a_child_yields_to_the_service(own_pool):
    render()
    (child,) = own_pool.idle
    assert os.getpriority(os.PRIO_PROCESS, child.pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + NICE, 19)


def test_whoever_finds_no_seat_in_time_is_told(own_pool, settings):
    settings.RENDERS_AT_ONCE = 1
    seat = own_pool.take_seat(time.monotonic() + 10)
    with pytest.raises(NoSeat):
        own_pool.take_seat(time.monotonic() + 0.1)
    own_pool.leave(seat)
    own_pool.leave(own_pool.take_seat(time.monotonic() + 10))


def test_a_slow_job_makes_room_for_a_quick_one(own_pool, settings, monkeypatch):
    monkeypatch.setattr(pool, "SLOW_AFTER", 0.05)
    settings.RENDERS_AT_ONCE, settings.DEADLINE = 1, 5
    noise()
    slow = threading.Thread(target=run_in_vain, args=(slow_job(),))
    slow.start()
    while own_pool.quick.taken == 0 and own_pool.slow == 0:
        time.sleep(0.01)
    assert render()
    assert slow.is_alive()
    slow.join()
    assert (own_pool.quick.taken, own_pool.slow) == (0, 0)


def test_where_the_slow_seat_is_taken_and_others_wait_a_slow_job_is_ended(own_pool, settings, monkeypatch):
    monkeypatch.setattr(pool, "SLOW_AFTER", 0.1)
    settings.RENDERS_AT_ONCE = 1
    taken = own_pool.take_seat(time.monotonic() + 10)
    assert own_pool.move(taken)
    told: list[Exception] = []

    def run() -> None:
        try:
            pool.run(slow_job(), noise(), cpu=60)
        except Busy as error:
            told.append(error)

    slow = threading.Thread(target=run)
    slow.start()
    while own_pool.quick.taken == 0:
        time.sleep(0.01)
    assert render()
    slow.join()
    assert ["others wait" in str(error) for error in told] == [True]
    own_pool.leave(taken)


def test_a_child_ends_after_many_jobs(own_pool, monkeypatch):
    monkeypatch.setattr(pool, "MOST_JOBS", 2)
    job, content = Identify(limits=conf.limits()), saved(gradient(9, 9))
    pids = []
    for _ in range(4):
        pool.run(job, content)
        pids.append(children(own_pool))
    assert [len(one) for one in pids] == [1, 0, 1, 0]
    assert pids[0] != pids[2]


def test_edges_are_added_to_faces_that_were_found_elsewhere():
    from rendering.imaging.focus.faces import Face, Focus

    face = Face.at(0.1, 0.1, 0.3, 0.3)
    assert face
    seen, _ = pool.run(Find(limits=conf.limits(), look=Look(found=Focus("rekognition", (face,)))), noise())
    assert (seen.focus.detector, seen.focus.faces) == ("rekognition", (face,))
    assert seen.focus.edges
    assert seen.focus.is_current


def test_what_c_libraries_and_readers_murmur_of_files_is_dropped_and_tracebacks_are_not():
    code = (
        "import os, sys, warnings; from rendering.workers.child import ignore_murmurs; ignore_murmurs();"
        "os.write(2, b'Bad code word'); warnings.warn('Skipping tag 9'); print('a traceback', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "a traceback\n"
