"""One Lambda sandbox on this machine: the unpacked package at /var/task, read-only, under Lambda's own runtime client.

The client (awslambdaric) asks an HTTP API for the next event and posts the answer, as documented in Lambda's manual
under "Using the Lambda runtime API". That API is the part that is ours.
"""

import hashlib
import json
import queue
import re
import shutil
import subprocess
import threading
import time
import uuid
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.rendering.moto_server import POLL

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / ".tools"
#: What Lambda takes back from a function, in bytes; more is an error of the function's.
LARGEST_ANSWER = 6_291_556
API = "/2018-06-01/runtime"


class FunctionError(Exception):
    """What Lambda calls a function error: the handler raised, the process ended, or the answer was too large."""


class Sandbox:
    """Starts at once; `invoke` answers events one after the other. `init_seconds` is what starting took."""

    def __init__(self, package: Path, folder: Path, function: str = "imageservice-production", **environment: str):
        self._events: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self._answers: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._ready = threading.Event()
        self._serve()
        self.task = task = unpacked(package, folder / "task")
        self.log = folder / "log"
        (folder / "tmp").mkdir()
        run = command(task)
        root = Path("/var/task") if namespace() else task
        with self.log.open("wb") as log:
            self.started = time.perf_counter()
            self.process = subprocess.Popen(
                run,
                env=self._environment(folder, root, function) | environment,
                stdout=log,
                stderr=log,
                cwd=task,
            )
        while not self._ready.wait(0.02):
            if self.process.poll() is not None:
                self._ready.set()
        self.init_seconds = time.perf_counter() - self.started

    def _environment(self, folder: Path, root: Path, function: str) -> dict[str, str]:
        """As in "Defined runtime environment variables" of Lambda's manual."""
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PYTHONPATH": f"{root}:{runtime_client(folder)}",
            "PYTHONNOUSERSITE": "1",
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": function,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "LAMBDA_TASK_ROOT": str(root),
            "_HANDLER": "imageservice.lambda_entry.lambda_handler",
        }

    def invoke(self, event: dict[str, Any]) -> Any:
        """The handler's answer to an event. Raises FunctionError."""
        if self.process.poll() is not None:
            raise FunctionError(self.log.read_text())
        self._events.put((str(uuid.uuid4()), json.dumps(event).encode()))
        while True:
            try:
                kind, content = self._answers.get(timeout=0.2)
                break
            except queue.Empty:
                if self.process.poll() is not None:
                    raise FunctionError(self.log.read_text()) from None
        if kind != "response":
            raise FunctionError(content.decode())
        if len(content) > LARGEST_ANSWER:
            raise FunctionError(f"Response payload size ({len(content)} bytes) exceeded maximum allowed")
        return json.loads(content)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()

    def _serve(self) -> None:
        sandbox = self

        class RuntimeApi(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                assert self.path == f"{API}/invocation/next"
                sandbox._ready.set()
                event = sandbox._events.get()
                if event is None:
                    return
                headers = {
                    "Aws-Request-Id": event[0],
                    "Deadline-Ms": str(int(time.time() * 1000) + 29_000),
                    "Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:imageservice-production",
                    "Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
                }
                self.reply(200, event[1], {f"Lambda-Runtime-{name}": value for name, value in headers.items()})

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if answered := re.fullmatch(rf"{API}/invocation/[^/]+/(response|error)", self.path):
                    sandbox._answers.put((answered[1], content))
                else:
                    sandbox._answers.put(("init error", content))
                self.reply(202, b'{"status":"OK"}', {})

            def reply(self, status: int, content: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {
                    "Content-Type": "application/json",
                    **headers,
                    "Content-Length": str(len(content)),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None: ...

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A function that is killed while it waits for the next event is no error."""

        self._server = Server(("127.0.0.1", 0), RuntimeApi)
        threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True).start()


#: Where packages are unpacked, by their hash.
_unpacked: dict[bytes, Path] = {}


def unpacked(package: Path, folder: Path) -> Path:
    """Where a package lies unpacked: in that folder, unless it was before. Nobody can write there, so that all
    sandboxes of one package share it."""
    content = hashlib.sha256(package.read_bytes()).digest()
    if content not in _unpacked:
        subprocess.run(["unzip", "-q", package, "-d", folder], check=True)
        _unpacked[content] = folder
    return _unpacked[content]


@cache
def runtime_python() -> str:
    """The runtime's Python, without the tools' packages."""
    code = "import sys; print(sys._base_executable)"
    return subprocess.run([TOOLS / "bin/python", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


#: In a mount namespace of its own: the folder one is in becomes /var/task, where it cannot be written to. Who may not
#: make that folder hides /var behind an empty one. A user's namespace keeps what its mounts were forbidden before.
MOUNTED = """
    { mkdir -p /var/task 2>/dev/null || { mount -t tmpfs tmpfs /var && mkdir /var/task; }; } &&
    mount --no-canonicalize --bind . /var/task &&
    { mount -o remount,ro,bind /var/task || mount -o remount,ro,bind,nosuid,nodev /var/task; } 2>/dev/null &&
    cd /var/task && exec "$@"
"""
NAMESPACES = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])
UNMOUNTED = (
    "This user may make no mount, not even in a namespace of its own (unshare --map-root-user --mount): the package "
    "was run in a folder without the right to write, instead of at /var/task."
)


@cache
def namespace() -> list[str] | None:
    """How this user gets a namespace to mount in; None where it may have none."""
    for one in NAMESPACES:
        with TemporaryDirectory() as folder:
            command = [*one, "sh", "-c", MOUNTED, "sh", "true"]
            if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0:
                return one
    return None


def command(task: Path) -> list[str]:
    """The runtime client where the package is, which cannot be written to."""
    client = [runtime_python(), "-m", "awslambdaric", "imageservice.lambda_entry.lambda_handler"]
    if found := namespace():
        return [*found, "sh", "-c", MOUNTED, "sh", *client]
    subprocess.run(["chmod", "-R", "a-w", task], check=True)
    return client


def runtime_client(folder: Path) -> Path:
    """A folder with the runtime client and nothing else: what the package lacks must not come from the tools."""
    target = folder / "runtime"
    target.mkdir()
    (packages,) = TOOLS.glob("lib/python3.*/site-packages")
    for pattern in ("awslambdaric", "simplejson", "snapshot_restore_py.py", "runtime_client.*"):
        for path in packages.glob(pattern):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, target / path.name)
    return target
