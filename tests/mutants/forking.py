"""A process that has imported what tests need, and forks for each run of pytest: most mutants fall to a test or two,
and a start takes longer than these. `python -m tests.mutants.forking`, in a copy of the checkout

Each line that it reads is a run, `{"arguments": […], "variables": {…}, "patience": seconds, "log": path}`; each that it
writes is `{"code": 1, "tests": [test, …]}`: the exit code, or `null` where the first test did not begin, or a test did
not end, within these seconds; and the tests that began, in order. A test is a function, with all its parameters.
Nothing of the service is imported here, because a mutant is in it.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol

#: What takes long to import and is not of the checkout. No plugin of pytest, which rewrites assertions as it imports.
SLOW = (
    "boto3",
    "botocore.session",
    "django.core.management",
    "django.db.models",
    "django.forms",
    "django.template",
    "django.test",
    "moto.moto_server.werkzeug_app",
    "msgspec",
    "PIL.Image",
    "whitenoise.middleware",
)


class Twice:
    """A plugin of pytest that writes the name of each test as it begins, and has one that fails run once more, which
    counts: on a busy machine a test may fail by chance."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe

    def pytest_runtest_protocol(self, item: pytest.Function, nextitem: pytest.Item | None) -> bool:
        os.write(self.pipe, f"{function(item.nodeid)}\n".encode())
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if any(report.failed for report in reports):
            item._initrequest()
            reports = runtestprotocol(item, nextitem=nextitem, log=False)
        for report in reports:
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True


def function(node: str) -> str:
    return node.partition("[")[0]


def main() -> None:
    for name in SLOW:
        import_module(name)
    for line in sys.stdin:
        print(json.dumps(ended(**json.loads(line))), flush=True)


def ended(arguments: list[str], variables: dict[str, str], patience: float | None, log: str) -> dict[str, Any]:
    """Run pytest in a child. What main() writes of it; without `patience`, it may take any time."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    child = os.fork()
    if not child:
        run(arguments, variables, log, writing)
    os.close(writing)
    began: list[str] = []
    code = None
    since = time.monotonic()
    try:
        while code is None and not (patience and time.monotonic() > since + patience):
            status = os.waitpid(child, os.WNOHANG)
            with suppress(BlockingIOError):
                if some := os.read(reading, 1 << 16):
                    began += some.decode().split()
                    since = time.monotonic()
            if status[0]:
                code = os.waitstatus_to_exitcode(status[1])
            else:
                time.sleep(0.02)
        return {"code": code, "tests": list(dict.fromkeys(began))}
    finally:
        os.close(reading)
        # Also what tests started.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def run(arguments: list[str], variables: dict[str, str], log: str, pipe: int) -> NoReturn:
    """Become a run of pytest, which ends this process."""
    os.setsid()
    os.environ.update(variables)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = 1
    try:
        code = int(pytest.main(arguments, plugins=[Twice(pipe)]))
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
