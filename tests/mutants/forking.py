"""A process that has imported what tests need, and forks for each run of pytest: most mutants fall to a test or two,
and a start takes longer than these. `python -m tests.mutants.forking`, in a copy of the checkout

Each line that it reads is a run, `{"arguments": […], "variables": {…}, "seconds": 9.5, "log": path}`; each that it
writes is the exit code, or `null` for a run that took longer than these seconds. Nothing of the service is imported
here, because a mutant is in it.
"""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import pytest

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


def main() -> None:
    for name in SLOW:
        import_module(name)
    for line in sys.stdin:
        print(json.dumps(ended(**json.loads(line))), flush=True)


def ended(arguments: list[str], variables: dict[str, str], seconds: float | None, log: str) -> int | None:
    """Run pytest in a child. Its exit code; None where it took longer."""
    child = os.fork()
    if not child:
        run(arguments, variables, log)
    deadline = time.monotonic() + seconds if seconds else None
    try:
        while not (status := os.waitpid(child, os.WNOHANG))[0]:
            if deadline and time.monotonic() > deadline:
                return None
            time.sleep(0.02)
        return os.waitstatus_to_exitcode(status[1])
    finally:
        # Also what tests started.
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def run(arguments: list[str], variables: dict[str, str], log: str) -> NoReturn:
    """Become a run of pytest, which ends this process."""
    os.setsid()
    os.environ.update(variables)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = 1
    try:
        code = int(pytest.main(arguments))
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
