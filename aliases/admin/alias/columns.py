"""The columns of the list of aliases, and the state of an alias as its badge says it."""

from datetime import datetime, timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from aliases.models import Alias
from aliases.pictures import health


@admin.display(description="sample")
def thumbnail(alias: Alias) -> SafeString:
    if not (alias.served and alias.sample):
        return format_html('<span class="no-picture" title="{}"></span>', "live aliases with a sample show it here")
    if trouble := health.known(alias).trouble:
        return format_html('<span class="no-picture broken" title="{}">!</span>', trouble)
    url = reverse("admin:aliases_alias_thumbnail", args=[alias.pk])
    return format_html('<img class="thumbnail" src="{}?v={}" alt="" loading="lazy">', url, health.subject(alias))


@admin.display(description="state")
def state(alias: Alias) -> SafeString:
    kind, words = state_of(alias)
    return format_html('<span class="badge badge-{}">{}</span>', kind, words)


@admin.display(description="health", ordering="health__trouble")
def looked_at(alias: Alias) -> SafeString:
    found = health.known(alias)
    if found.state is health.State.NOT_LIVE:
        return format_html('<span class="quiet">{}</span>', "–")
    looked = ago(found.looked_at) if found.looked_at else ""
    return format_html(
        '<span class="badge badge-{}">{}</span>{}<span class="quiet looked" title="looked at">{}</span>',
        found.state.name.lower().replace("_", "-"),
        found.state.value,
        format_html('<span class="trouble reason">{}</span>', found.trouble) if found.trouble else "",
        looked,
    )


@admin.display(description="revision", ordering="live__number")
def revision(alias: Alias) -> str:
    return str(alias.live.number) if alias.live else "–"


@admin.display(description="URL")
def url(alias: Alias) -> SafeString:
    path = f"/{alias.name}/"
    if not alias.sample:
        return format_html('<code title="{}">{}…</code>', "name a sample to copy its complete URL", path)
    return format_html(
        '<code>{}…</code> <button type="button" class="copy" data-copy="{}" aria-label="Copy the URL of {}">copy'
        "</button>",
        path,
        alias.sample_path(),
        alias.name,
    )


def ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


def state_of(alias: Alias) -> tuple[str, str]:
    """The badge's colour, as a word of its CSS class, and its text."""
    if alias.live is None:
        return "never", "never published" if alias.enabled else "never published, disabled"
    if not alias.enabled:
        return "disabled", "disabled"
    return ("differs", "live, draft differs") if alias.differs() else ("live", "live")
