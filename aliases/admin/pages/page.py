"""The pages of an admin beside Django's own: a table of them, made into URL patterns; and the frame they share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from .permissions import Need, require

View = Callable[..., HttpResponse]
Decorator = Callable[[View], View]

GET: Decorator = require_GET
FORM: Decorator = require_http_methods(["GET", "POST"])


@dataclass(frozen=True, slots=True)
class Page:
    """A line of the table. The view is called once the methods allow the request and its user meets every need."""

    route: str
    view: View
    #: Of the URL pattern; in a model's admin after the model's: “publish” becomes “aliases_alias_publish”.
    name: str
    needs: tuple[Need, ...]
    methods: Decorator
    #: Whether browsers may keep the answer; else Django's admin forbids it.
    cacheable: bool = False


def url_patterns(model_admin: Any, pages: Iterable[Page]) -> list[URLPattern]:
    """The pages of a model's admin."""
    prefix = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_"
    return site_patterns(model_admin.admin_site, pages, prefix)


def site_patterns(site: Any, pages: Iterable[Page], prefix: str = "") -> list[URLPattern]:
    """The pages of the site itself; with a prefix before their names, of a model's admin."""
    return [
        path(
            page.route,
            site.admin_view(page.methods(with_permission(page.view, page.needs)), cacheable=page.cacheable),
            name=f"{prefix}{page.name}",
        )
        for page in pages
    ]


def with_permission(view: View, needs: Iterable[Need]) -> View:
    def check_and_answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request, *needs)
        return view(request, *args, **kwargs)

    return check_and_answer


def post_from(page: str, *words: str, ajax: bool = False) -> Decorator:
    """Allow only POST, for a URL that a page posts to and that has no page of its own. A GET, such as the one after
    logging in again, is redirected to the page with that name and those arguments of the URL. `ajax`: a script posts,
    so there is no button to press again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            if not ajax:
                messages.info(request, "Nothing was done yet: press the button again.")
            return HttpResponseRedirect(reverse(page, args=[kwargs[word] for word in words]))

        return answer

    return decorate


def render_page(request: HttpRequest, template: str, original: Model, context: dict[str, Any]) -> TemplateResponse:
    """A page about one row, in the admin's frame; its template extends “admin/aliases/page.html”."""
    shared = {**admin.site.each_context(request), "opts": original._meta, "original": original}
    return TemplateResponse(request, f"admin/aliases/{template}.html", {**shared, **context})
