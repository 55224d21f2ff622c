"""A URL becomes a target; the rest is delivery's. And whether the service is well."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from . import delivery, health
from .catalogue import READER, Found
from .delivery import Target, answers
from .originals import NoPlace
from .rawpath import check_key, decoded, raw_path


@answers
def picture(request: HttpRequest) -> HttpResponse:
    return delivery.serve(request, target_of(raw_path(request)), delivery.picture)


@answers
def info(request: HttpRequest) -> HttpResponse:
    return delivery.serve(request, target_of(raw_path(request).removeprefix("-/info/")), delivery.info)


def target_of(raw: str) -> Target:
    """What a raw path stands for: `alias/key`, the alias's name the longest there is."""
    catalogue = READER.current()
    found: Found = catalogue.find(decoded(raw))
    check_key(found.key)
    alias = found.alias
    if alias.bucket not in catalogue.buckets:
        raise NoPlace(f"The bucket “{alias.bucket}” is not in this environment")
    return Target(catalogue.buckets[alias.bucket], found.key, found.recipe, alias.caching, alias)


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Asks nobody, so that a load balancer does not restart it for others' faults."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the catalogue is read and every storage answers; if not, which one and why."""
    report = health.report()
    ready = all(state == "ok" for state in report.values())
    return JsonResponse(
        {"status": "ok" if ready else "not ready", "plane": settings.PLANE, "checks": report},
        status=200 if ready else 503,
        headers={"Cache-Control": "no-store", **({} if ready else {"Retry-After": delivery.RETRY_AFTER})},
    )
