"""What a tree of processes uses, as /proc says it."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from benchmarks import processes

#: Starts a child that computes for 0.3 s of CPU and holds 60 MB until it is told to end; then says so.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", '''
import sys, time
held = bytearray(60_000_000)
while time.process_time() < 0.3: pass
print("held", flush=True)
sys.stdin.readline()
'''])
child.wait()
print("ended", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_what_a_child_uses_is_its_parents_also_when_it_has_ended(parent):
    assert said(parent) == "held"
    assert len(list(processes.family(parent.pid))) == 2
    assert processes.proportional(parent.pid) > 60_000_000
    assert processes.resident(parent.pid) >= processes.proportional(parent.pid)
    assert processes.processor_seconds(parent.pid) >= 0.3
    tell(parent)
    assert said(parent) == "ended"
    assert list(processes.family(parent.pid)) == [parent.pid]
    assert processes.processor_seconds(parent.pid) >= 0.3
    assert processes.proportional(parent.pid) < 60_000_000


def test_the_peak_is_kept_until_another_look_begins(parent):
    assert said(parent) == "held"
    memory = processes.Memory(parent.pid)
    memory.idle = 0
    deadline = time.monotonic() + 30
    while memory.highest < 60_000_000:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    tell(parent)
    assert said(parent) == "ended"
    memory.look()
    assert memory.highest >= 60_000_000
    assert memory.begin() == memory.highest < 60_000_000
    memory.stop()


def test_a_process_that_has_ended_uses_nothing():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert processes.used(process.pid) == 0
    assert list(processes.family(process.pid)) == [process.pid]
