"""What a server of the control plane does by itself, in a thread: it sends what is due in the outbox (what a publisher
left behind when it died, what could not be sent, the second invalidation), and looks after health and samples. On
Lambda a schedule does that, because sandboxes freeze."""

import logging
import threading

from django.conf import settings
from django.db import DatabaseError, connections

from .publishing.sending import send_due
from .publishing.upkeep import look_after

logger = logging.getLogger(__name__)

#: Seconds between two looks. When nothing is due, a look is a few short queries.
PERIOD = 20


def start() -> threading.Thread:
    """Look from now on, in a thread that ends with the process."""
    thread = threading.Thread(target=look_again_and_again, name="background", daemon=True)
    thread.start()
    return thread


def look_again_and_again(stop: threading.Event | None = None) -> None:
    stop, away = stop or threading.Event(), False
    while not stop.is_set():
        away = look(away=away)
        stop.wait(PERIOD)


def look(*, away: bool = False) -> bool:
    """Do what is due. What fails is tried again at the next look. Returns whether the database was away; if it was at
    the last look too (`away`), that is not logged again."""
    try:
        send_due()
        if settings.UPKEEP:
            look_after()
    except DatabaseError as error:
        if not away:
            logger.error("the database did not answer when asked what is due; trying again: %s", error)
        return True
    except Exception:
        logger.exception("what is due could not be done")
    finally:
        connections.close_all()  # this thread's own: some databases pause only while nobody is connected
    return False
