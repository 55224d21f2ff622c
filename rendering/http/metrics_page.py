"""The metrics of this server, at /-/metrics: for Prometheus, and for nobody who comes by a CDN or a proxy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .. import conf
from ..catalogue.catalogue import READER, UnknownAlias
from ..metrics import prometheus
from ..metrics.declaration import CATALOGUE_AGE, Metric
from .addresses import client_address, is_within

#: Each of these is added by proxies, of which the process cannot know whether they let in who may read this.
PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA")

#: What else can be read in this process: the control plane adds what it knows.
MORE: dict[Metric, Callable[[], float | None]] = {}


def respond(request: HttpRequest) -> HttpResponse:
    """Respond with Prometheus' text. Raises UnknownAlias where it is not for this client."""
    networks = conf.prometheus_networks()
    if (
        not networks
        or any(name in request.META for name in PROXIED)
        or not is_within(client_address(request), networks)
    ):
        raise UnknownAlias(
            "Metrics are not shown here: only Prometheus reads them, from PROMETHEUS_NETWORKS and without a proxy "
            "between"
        )
    served = {} if conf.plane() == "admin" else {CATALOGUE_AGE: catalogue_age}
    text, content_type = prometheus.page({**served, **MORE})
    return HttpResponse(text, content_type=content_type, headers={"Cache-Control": "no-store"})


def catalogue_age() -> float | None:
    """Seconds since the catalogue was last known to be the newest, after reading it again if it may be old. None if it
    never was."""
    READER.newest()
    return None if READER.known_at is None else max(0.0, READER.clock() - READER.known_at)
