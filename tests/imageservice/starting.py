"""Starts the service in a process of its own, by each way in."""

import os
import subprocess
import sys
from pathlib import Path

from tests.running import MEASURED, ROOT


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return start_code("import imageservice.wsgi", folder=ROOT, **environment)


def start_code(code: str, *, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**MEASURED, "PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


WAYS_IN = {
    "gunicorn": ["-m", "gunicorn", "imageservice.wsgi", "--bind", "127.0.0.1:0"],
    "a command": ["manage.py", "migrate", "--check"],
    "help": ["manage.py", "help"],
    "Lambda": ["-c", "from imageservice.lambda_entry import lambda_handler"],
    "WSGI": ["-c", "import imageservice.wsgi"],
}
