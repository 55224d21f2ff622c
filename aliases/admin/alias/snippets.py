"""The admin's page of snippets: code that shows an alias's pictures, or signs URLs of the same recipe."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from aliases.drafts import content
from aliases.models import Alias
from aliases.snippets.pages import in_pages
from aliases.snippets.picture import Picture, Snippet
from aliases.snippets.signing import signing
from rendering import conf
from rendering.catalogue.catalogue import Alias as LiveAlias
from rendering.imaging.errors import BadRecipe

from ..pages.page import render_page

#: The key in snippets of an alias without a sample.
ANY_KEY = "folder/picture.jpg"


def page(request: HttpRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(Alias.objects.select_related("bucket", "live"), pk=pk)
    context = {"title": "Snippets", "any_key": "" if alias.sample else ANY_KEY, "draft": not alias.served}
    try:
        picture = Picture.of(request.build_absolute_uri("/").rstrip("/"), shown(alias), alias.sample or ANY_KEY)
        context |= {"groups": [("In pages", in_pages(picture)), *signed(picture)]}
    except BadRecipe as error:
        context |= {"wrong": str(error)}
    return render_page(request, "alias/snippets", alias, context)


def signed(picture: Picture) -> list[tuple[str, list[Snippet]]]:
    """Those that sign URLs, as this deployment reads them; none where imagor's are read or signatures are cut, for
    which no snippet is written."""
    if conf.reads_imagor() or conf.signature_length():
        return []
    return [("Signed Thumbor URLs", signing(picture, conf.signature_algorithm()))]


def shown(alias: Alias) -> LiveAlias:
    """What viewers get; of an alias that does not answer, the draft. Raises BadRecipe."""
    if alias.served and alias.live:
        return content.served(alias.name, alias.live.content)
    return alias.frozen(0)
