"""Slow misses: many pictures at once whose originals come from an S3 that takes its time."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import faulty, s3

from . import service
from .asking import compose
from .service import BUCKET, ORDINARY, Service
from .shots import Kind, Shot

#: Seconds that S3 takes to answer, while the misses last.
DELAYS = (0.8, 3.0, 30.0)
#: Seconds for which the service serves its stored picture before, so that each worker has done so.
WARM = 3.0


@contextlib.contextmanager
def running(misses: int) -> Iterator[tuple[Service, faulty.Faulty]]:
    """The service on an S3 behind a proxy that delays, with an original for each miss."""
    with tempfile.TemporaryDirectory() as folder, s3.running() as variables:
        picture = Path(folder) / ORDINARY
        service.ordinary().save(picture, quality=85)
        keys = [ORDINARY, *(key(delay, one) for delay in DELAYS for one in range(misses))]
        proxy = faulty.Faulty(variables["AWS_ENDPOINT_URL"])
        try:
            originals = dict.fromkeys(keys, picture.read_bytes())
            with service.on_s3(Path(folder), originals, variables, proxy.url) as running:
                time.sleep(WARM)
                yield running, proxy
        finally:
            proxy.stop()


def key(delay: float, number: int) -> str:
    return f"slow-{delay}-{number}.jpg"


def shots(misses: int, proxy: faulty.Faulty) -> Iterator[Shot]:
    """A shot for each delay, which begins when the shot is taken. The stored picture's derivative comes at once."""
    for delay in DELAYS:
        proxy.fault = lambda method, path, delay=delay: (  # type: ignore[misc]
            faulty.Fault(seconds=delay) if "/slow-" in path else faulty.NONE
        )
        requests = tuple(compose(f"/unsafe/100x100/{BUCKET}/{key(delay, one)}") for one in range(misses))
        yield Shot(Kind.SLOW, f"{misses} misses, S3 takes {delay:g} s", requests)
