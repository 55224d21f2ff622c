"""Varnish: a ban on what carries one of the tags, by the VCL of hosting/varnish.vcl, in each Varnish there is."""

import re

from django.conf import settings

from .http import NotPurged, send, split

#: Tags in one request: a header of Varnish has 8 KiB at most, and a tag 110 characters.
MOST = 50


def purge(tags: list[str], reference: str) -> None:
    """Ask each Varnish, also after one has failed. Raises NotPurged."""
    failed = []
    for url in settings.VARNISH_URLS:
        try:
            for some in split(tags, MOST):
                send("BAN", url, {"X-Ban-Tags": pattern(some)})
        except NotPurged as error:
            failed.append(f"{url}: {error}")
    if failed:
        raise NotPurged(", ".join(failed))


def pattern(tags: list[str]) -> str:
    """A regular expression for a list of tags, separated by commas, that has one of these. It has no space, at which
    Varnish would end it."""
    return f"(^|,)({'|'.join(map(re.escape, tags))})(,|$)"
