"""What the C library does with freed memory, seen from outside: each in a process of its own, which it sets up."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux is asked")

#: Threads that each hold a file of 20 MB for a moment, as requests do; then what the process has in memory, in MB.
THREADS = """
from concurrent.futures import ThreadPoolExecutor
from rendering import process
from rendering.workers.child import memory

def hold(number):
    held = [b"x" * (20 << 20), b"x" * 300]
    return [len(one) for one in held]

{setting}
before = memory("VmRSS")
with ThreadPoolExecutor(8) as pool:
    list(pool.map(hold, range(16)))
    print((memory("VmRSS") - before) >> 20)
"""

#: What a process that keeps memory has of a buffer of 100 MB, after it was freed, and after resting for a moment.
RESTING = """
import socket
from rendering import process
from rendering.workers import child

process.keep_memory()
before = child.memory("VmRSS")
held = [b"x" * 100_000 for _ in range(1000)]
last = b"y"
del held
print((child.memory("VmRSS") - before) >> 20)
child.REST = 0.01
connection, other = socket.socketpair()
child.rest(connection)
print((child.memory("VmRSS") - before) >> 20)
"""


def said(program: str) -> list[int]:
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return [int(line) for line in ran.stdout.split()]


def test_a_process_that_answers_keeps_nothing_of_large_files():
    (kept,) = said(THREADS.format(setting="process.return_memory()"))
    assert kept < 10


def test_a_process_that_works_keeps_memory_until_it_rests():
    at_work, resting = said(RESTING)
    assert at_work > 60
    assert resting < 10
