"""The page of the inspector, the box in the header that leads to it, and what its buttons do."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from aliases.inspecting import address as addresses
from aliases.inspecting import asking, deeds
from aliases.inspecting.inspection import Inspection, inspect
from aliases.inspecting.suggestions import Asker
from aliases.models import Alias
from aliases.pictures import preview

from ..pages.page import GET, Page, post_from
from ..pages.permissions import PUBLISH_ALIAS, SIGN_URL, VIEW_ALIAS, VIEW_BUCKET, may
from . import builder, display, links

#: Bytes of a picture that is put into the page itself; a larger one is asked for again.
MOST_INLINE = 1_000_000
#: Seconds for which browsers keep a picture of the page.
PICTURE_AGE = 60
#: Words that a name in the header's box has at most; each is a condition of the query.
MOST_WORDS = 8


def page(request: HttpRequest) -> HttpResponse:
    """Everything there is to say of ?url=. What the header's box sends, ?q=, may also be a name, which leads to the
    list."""
    if "q" in request.GET:
        return HttpResponseRedirect(destination(request.GET["q"].strip()))
    text = request.GET.get("url", "").strip()
    found = inspect(text, asker_of(request), hosts=[request.get_host().partition(":")[0]]) if text else None
    context = {
        **admin.site.each_context(request),
        "title": "Inspect a URL",
        "text": text,
        "inspection": found,
        "can_build": may(request, VIEW_BUCKET),
        **(shown(request, found) if found else {}),
    }
    return TemplateResponse(request, "admin/inspector/page.html", context)


def asker_of(request: HttpRequest) -> Asker:
    return Asker(sees_buckets=may(request, VIEW_BUCKET), signs=may(request, SIGN_URL))


def destination(text: str) -> str:
    """Where the header's box leads: a name to the list of aliases, and whatever else to the inspector."""
    if text.isprintable() and text and (addresses.read(text) is None or Alias.objects.filter(name=text).exists()):
        found = Q()
        for word in text.split()[:MOST_WORDS]:
            found &= Q(name__icontains=word) | Q(label__icontains=word)
        if Alias.objects.filter(found).exists():
            return f"{reverse('admin:aliases_alias_changelist')}?{urlencode({'q': text})}"
    return inspector_url(text)


def inspector_url(text: str) -> str:
    return f"{reverse('admin:inspect')}?{urlencode({'url': text})}"


def shown(request: HttpRequest, found: Inspection) -> dict[str, Any]:
    """What the page shows beside the inspection: the picture, where it leads, and what can be done."""
    target = found.target
    return {
        "steps": display.told(found),
        "rows": display.rows(found.answers),
        "picture": picture_of(request, found),
        "links": links.links(request, found),
        "suggestions": [
            {"why": one.why, "path": one.path, "url": inspector_url(one.path), "picture": picture_url(one.path)}
            for one in found.suggestions
        ],
        "can_act": target is not None and may(request, PUBLISH_ALIAS),
    }


def picture_url(path: str) -> str:
    return f"{reverse('admin:inspect_picture')}?{urlencode({'url': path})}"


def picture_of(request: HttpRequest, found: Inspection) -> dict[str, Any] | None:
    """The picture as this browser would get it; None where there is none."""
    pictures = [answer for answer in found.answers if answer.is_picture]
    if not pictures:
        return None
    wanted = asking.CLIENTS[preview.accept_of(request)][1]
    answer = next((one for one in pictures if one.client == wanted), pictures[0])
    url = f"data:{answer.type};base64,{b64encode(answer.body).decode()}"
    original = found.reading.found.facts.length if found.reading.found else 0
    return {
        "url": url if len(answer.body) <= MOST_INLINE else picture_url(found.text),
        "facts": f"{display.format_of(answer.type)}, {len(answer.body):,} bytes",
        "percentage": max(1, round(100 * len(answer.body) / original)) if len(answer.body) < original else None,
    }


def picture(request: HttpRequest) -> HttpResponse:
    """The picture of ?url= as this browser would get it; else the error that it would get, as JSON."""
    address = addresses.read(request.GET.get("url", ""))
    if address is None:
        return HttpResponse("This is no URL.", status=422, content_type="text/plain")
    answer = asking.ask(address, request.headers.get("Accept", ""))
    response = HttpResponse(answer.body, status=answer.status if answer.status >= 400 else 200)
    response["Content-Type"] = answer.headers.get("Content-Type", "text/plain")
    response["Cache-Control"] = f"private, max-age={PICTURE_AGE}" if answer.is_picture else "no-store"
    return response


def act(deed: Callable[[str], str]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that does something about the picture of the posted URL, and leads back to it."""

    def do(request: HttpRequest) -> HttpResponse:
        text = request.POST.get("url", "")
        try:
            messages.success(request, deed(text))
        except deeds.NotDone as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(inspector_url(text))

    return do


FROM_INSPECTOR = post_from("admin:inspect")
PAGES = (
    Page("inspect/", page, "inspect", (VIEW_ALIAS,), GET),
    Page("build/", builder.page, "build", (VIEW_BUCKET,), GET),
    Page("build/picture/", builder.picture, "build_picture", (VIEW_BUCKET,), GET),
    Page("inspect/picture/", picture, "inspect_picture", (VIEW_ALIAS,), GET, cacheable=True),
    Page("inspect/purge/", act(deeds.purge_from_cdn), "inspect_purge", (PUBLISH_ALIAS,), FROM_INSPECTOR),
    Page("inspect/render/", act(deeds.render_again), "inspect_render", (PUBLISH_ALIAS,), FROM_INSPECTOR),
)
