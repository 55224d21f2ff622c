"""gunicorn's worker with threads. It measures how long requests wait for one, so that deadlines count from arrival.

gunicorn has no hook for that: requests that arrive while all threads are busy wait in its thread pool
before any hook or middleware runs. What waits in the backlog of the socket, or behind a client that is slow to send its
headers, is not known to any program.
"""

import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    def enqueue_req(self, conn: TConn) -> None:
        conn.enqueued = time.perf_counter()
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        # Imported here, in the thread: this module is imported before the settings are there.
        from rendering import trace

        trace.queued.set(time.perf_counter() - conn.enqueued)
        return super().handle(conn)
