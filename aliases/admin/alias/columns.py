"""The columns of the list of aliases, and the state of an alias as its chip says it."""

from datetime import datetime, timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from aliases.models import Alias
from aliases.pictures import health

from ..pages.signs import chip, line

#: By the state of its health: the kind and the sign of its line.
SIGNS = {
    health.State.BROKEN: ("bad", "bad"),
    health.State.UNKNOWN: ("", "clock"),
    health.State.WELL: ("good", "check"),
    health.State.NO_SAMPLE: ("", "pic"),
}


@admin.display(description="sample")
def thumbnail(alias: Alias) -> SafeString:
    if not (alias.served and alias.sample):
        return format_html('<span class="pic none th" title="{}"></span>', "live aliases with a sample show it here")
    if trouble := health.known(alias).trouble:
        return format_html('<span class="pic none th broken" title="{}">!</span>', trouble)
    url = reverse("admin:aliases_alias_thumbnail", args=[alias.pk])
    return format_html(
        '<span class="pic whole th"><img src="{}?v={}" alt="" loading="lazy"></span>', url, health.subject(alias)
    )


@admin.display(description="state")
def state(alias: Alias) -> SafeString:
    return state_of(alias)


@admin.display(description="health", ordering="health__trouble")
def looked_at(alias: Alias) -> SafeString:
    found = health.known(alias)
    if found.state is health.State.NOT_LIVE:
        return format_html('<span class="quiet">{}</span>', "–")
    looked = ago(found.looked_at) if found.looked_at else ""
    return format_html(
        '{}{}<span class="line looked" title="looked at">{}</span>',
        line(*SIGNS[found.state], found.state.value),
        format_html('<span class="line bad reason">{}</span>', found.trouble) if found.trouble else "",
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
        '<code>{}…</code> <button type="button" class="btn tiny" data-copy="{}" aria-label="Copy the URL of {}">copy'
        "</button>",
        path,
        alias.sample_path(),
        alias.name,
    )


def ago(moment: datetime) -> str:
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


def state_of(alias: Alias) -> SafeString:
    """What viewers get of it, in two or three words, as a chip."""
    if alias.live is None:
        return chip("", "pen", "never published" if alias.enabled else "never published, disabled")
    if not alias.enabled:
        return chip("", "off", "disabled")
    return chip("info", "pen", "live, draft differs") if alias.differs() else chip("good", "check", "live")
