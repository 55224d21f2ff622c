"""The views: pictures, descriptions of pictures, and the state of the service."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from .catalogue.catalogue import UnknownAlias
from .dialects.raw_path import raw_path, raw_query
from .dialects.target import Target
from .http import by_key, delivery, health
from .http.caching import RETRY_AFTER
from .http.delivery import Responder
from .http.headers import cors
from .http.view import data_plane_view
from .routing import target_of

ROBOTS = "User-agent: *\nDisallow: /admin\nDisallow: /-/info/\nDisallow: /-/infos/\n"


@data_plane_view
def picture(request: HttpRequest) -> HttpResponse:
    target = target_of(raw_path(request), raw_query(request))
    if target.moved:
        return delivery.moved(request, target)
    respond = description(target) if target.meta or target.debug else delivery.picture
    return delivery.serve(request, target, respond)


def description(target: Target) -> Responder:
    """What responds to Thumbor's meta/ and debug/. Imported on demand: it opens files, which stored pictures need
    not."""
    from .http.descriptions import info

    return info.meta if target.meta else info.debug


@data_plane_view
def info(request: HttpRequest) -> HttpResponse:
    from .http.descriptions import info as descriptions

    target = target_of(raw_path(request).removeprefix("-/info/"), raw_query(request))
    if target.moved:
        return delivery.moved(request, target, under="/-/info")
    return delivery.serve(request, target, descriptions.info)


@data_plane_view
def infos(request: HttpRequest) -> HttpResponse:
    from .http.descriptions import infos as several

    return several.respond(request, raw_path(request).removeprefix("-/infos/"), target_of)


@data_plane_view
def aliases(request: HttpRequest) -> HttpResponse:
    from .http.descriptions import alias_list

    return alias_list.respond(request)


@data_plane_view
def derivative(request: HttpRequest) -> HttpResponse:
    return by_key.derivative_by_key(request, raw_path(request).removeprefix("-/d/"))


@data_plane_view
def metrics(request: HttpRequest) -> HttpResponse:
    from .http import metrics_page

    return metrics_page.respond(request)


@data_plane_view
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers ask for pictures, but not for the admin's pages or descriptions."""
    return HttpResponse(ROBOTS, content_type="text/plain", headers={**cors(), "Cache-Control": "public, max-age=86400"})


@data_plane_view
def no_pictures(request: HttpRequest) -> HttpResponse:
    raise UnknownAlias("Pictures are not answered here: this process serves only the admin (PLANE=admin)")


@data_plane_view
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: the process responds. Checks nothing else, so that no load balancer restarts it for others' faults."""
    return JsonResponse({"status": "ok"}, headers={**cors(), "Cache-Control": "no-store"})


@data_plane_view
def readyz(request: HttpRequest) -> HttpResponse:
    """Readiness: the catalogue has been read and every storage works; if not, which does not and why."""
    report = health.report()
    ready = all(state == "ok" for state in report.values())
    return JsonResponse(
        {"status": "ok" if ready else "not ready", "plane": settings.PLANE, "checks": report},
        status=200 if ready else 503,
        headers={**cors(), "Cache-Control": "no-store", **({} if ready else {"Retry-After": RETRY_AFTER})},
    )
