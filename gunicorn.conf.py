"""How gunicorn runs the service. gunicorn reads this file from the folder in which it is started.

Options on its command line take precedence.
"""

import os
import shutil
import sys
import tempfile
from threading import Thread
from typing import Any

#: gunicorn's maximum. Its default, 4,094, is too short for URLs with long keys, watermarks or base64.
limit_request_line = 8190

#: gthread, which also measures how long requests wait for a thread.
worker_class = "imageservice.worker.Worker"
workers = 2
#: One slow place may hold some of them (rendering/storage/bulkhead.py), and MAX_WAITING requests that have pictures
#: rendered others; the rest serve what is stored.
threads = 32
loglevel = "warning"

#: A wrong setting then ends gunicorn at once with a sentence, instead of its workers again and again. Not with
#: --reload: what was loaded before the workers started would never be reloaded.
preload_app = "--reload" not in sys.argv

#: The control socket would be in the home folder of the service's user, which may not exist. Nothing here uses it.
control_socket_disable = True


#: Where each process writes what it counts for Prometheus, so that any of them can add it up. A new folder at every
#: start: what is in an older one is of processes that have ended.
counts = ""
if os.environ.get("PROMETHEUS_NETWORKS", "").strip():
    counts = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="imageservice-metrics-")


def child_exit(server: object, worker: Any) -> None:
    """Forget what a worker that has ended had waiting; what it counted stays."""
    if counts:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid, counts)  # type: ignore[no-untyped-call]


def on_exit(server: object) -> None:
    if counts:
        shutil.rmtree(counts, ignore_errors=True)


def post_worker_init(worker: object) -> None:
    """Start the process that renders, while the worker begins to serve. Have each worker of the control plane send what
    is due in the outbox, and look after health and samples."""
    from django.conf import settings

    from rendering.workers import pool

    Thread(target=pool.start, daemon=True).start()
    if settings.PLANE != "images":
        from aliases import background

        background.start()
