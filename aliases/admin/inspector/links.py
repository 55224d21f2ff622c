"""Where an inspected URL leads in the admin: each link for who may follow it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from aliases.inspecting import recipes
from aliases.inspecting.inspection import Inspection
from aliases.models import Alias, Bucket
from rendering import conf
from rendering.pictures.originals import MissingOriginal
from rendering.routing import UNSIGNED

from ..focus.urls import focus_url
from ..pages.permissions import ADD_ALIAS, CHANGE_ALIAS, VIEW_BUCKET, may


@dataclass(frozen=True, slots=True)
class Links:
    """Paths in the admin; empty where there is none, or the person may not follow it."""

    alias: str = ""
    #: “Edit” for who may.
    verb: str = ""
    history: str = ""
    original: str = ""
    focus: str = ""
    bucket: str = ""
    #: The pictures of the folder in which an original is missing, and what the folder is called.
    browse: str = ""
    folder: str = ""
    #: The field of the alias's form for a fallback, where a missing original shows that it has none.
    fallback: str = ""
    builder: str = ""
    #: The form of a new alias that does the same.
    new_alias: str = ""
    #: Whether there is a CDN to purge.
    cdn: bool = False


def links(request: HttpRequest, found: Inspection) -> Links:
    target = found.target
    if target is None:
        return Links()
    row = found.reading.alias
    bucket = Bucket.objects.filter(name=target.bucket.name).first() if may(request, VIEW_BUCKET) else None
    there = bucket is not None and found.reading.found is not None
    key = urlencode({"key": target.key})
    # With its signature, which nobody needs to fill in a form, the URL could be too long.
    same = urlencode({"url": f"/{UNSIGNED}/{recipes.canonical(target)}"})
    plain = row is None and found.reading.found is not None
    missing = isinstance(found.reading.trouble, MissingOriginal)
    lonely = missing and target.alias and not target.alias.fallback
    folder = target.key[: target.key.rfind("/") + 1]
    return Links(
        alias=of_alias("change", row),
        fallback=f"{of_alias('change', row)}#id_fallback" if lonely and row and may(request, CHANGE_ALIAS) else "",
        verb="Edit" if may(request, CHANGE_ALIAS) else "See",
        history=of_alias("history", row),
        original=f"{reverse('admin:aliases_bucket_picture', args=[bucket.pk])}?{key}" if bucket and there else "",
        focus=focus_url(bucket, target.key) if bucket and there else "",
        bucket=reverse("admin:aliases_bucket_change", args=[bucket.pk]) if bucket else "",
        browse=browser_url(bucket, folder) if bucket and missing else "",
        folder=folder or target.bucket.name,
        builder=f"{reverse('admin:build')}?{same}" if there else "",
        new_alias=f"{reverse('admin:aliases_alias_add')}?{same}" if plain and may(request, ADD_ALIAS) else "",
        cdn=conf.purges(),
    )


def browser_url(bucket: Bucket, prefix: str) -> str:
    return f"{reverse('admin:aliases_bucket_browse', args=[bucket.pk])}?{urlencode({'prefix': prefix})}"


def of_alias(page: str, row: Alias | None) -> str:
    return reverse(f"admin:aliases_alias_{page}", args=[row.pk]) if row else ""
