"""Sends what is due in the outbox from within a server of the control plane: what a publisher left behind when it died,
what could not be sent, and the second invalidation. On Lambda a schedule does that, because sandboxes freeze."""

import logging
import threading

from django.db import DatabaseError, connections

from .sending import send_due

logger = logging.getLogger(__name__)

#: Seconds between two looks. When nothing is due, a look is two short queries.
PERIOD = 20


def start() -> threading.Thread:
    """Look from now on, in a thread that ends with the process."""
    thread = threading.Thread(target=look_again_and_again, name="outbox", daemon=True)
    thread.start()
    return thread


def look_again_and_again(stop: threading.Event | None = None) -> None:
    stop = stop or threading.Event()
    while not stop.is_set():
        look()
        stop.wait(PERIOD)


def look() -> None:
    """Send what is due. Whatever fails is tried again at the next look."""
    try:
        send_due()
    except DatabaseError as error:
        logger.error("the outbox could not be looked at: %s", error)
    except Exception:
        logger.exception("the outbox could not be sent")
    finally:
        connections.close_all()  # this thread's own: a database that pauses without connections may
