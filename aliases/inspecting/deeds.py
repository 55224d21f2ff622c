"""What can be done about the picture of a URL: having the CDN fetch it anew, rendering it again. Both are recorded."""

from django.db import transaction

from rendering import conf, routing
from rendering.dialects.target import Target
from rendering.http.causes import CAUSES, sentence
from rendering.pictures import derivatives

from ..audit.recording import record
from ..publishing.purging import purge
from . import address as addresses
from . import originals
from .parts import INFO
from .recipes import CLASSES


class NotDone(Exception):
    """Nothing was done; the message says why, for staff."""


def purge_from_cdn(text: str) -> str:
    """Have the CDN forget everything that is made from the original of a URL. Returns what was done, as a sentence.
    Raises NotDone."""
    target = target_of(text)
    if not conf.purges():
        raise NotDone("No CDN that could be purged is set up here, so there is nothing to purge.")
    with transaction.atomic():
        purge([image_tag(target)], f"asked for in the inspector: {target.key}")
        record("pictures purged", subject(target), after={"tag": image_tag(target), "url": shown(text)})
    return f"The CDN is asked to fetch every picture of “{target.key}” anew; everybody gets it within a minute."


def render_again(text: str) -> str:
    """Render the picture of a URL anew, for every kind of browser, in place of the kept ones; then have the CDN fetch
    it. Returns what was done, as a sentence. Raises NotDone."""
    target = target_of(text)
    if not target.keep:
        raise NotDone("Pictures of unsigned URLs are not kept, so this one is rendered again anyway.")
    try:
        wanted = {one.key: one for one in (originals.want(target, accept) for accept in CLASSES)}
        for one in wanted.values():
            derivatives.render_again(one)
    except tuple(CAUSES) as error:
        raise NotDone(f"It was not rendered again: {sentence(error)}.") from error
    with transaction.atomic():
        if conf.purges():
            purge([image_tag(target)], f"rendered again: {target.key}")
        record("picture rendered again", subject(target), after={"derivatives": list(wanted), "url": shown(text)})
    count = len(wanted)
    return f"Rendered again, {f'in {count} formats' if count > 1 else 'once'}, and kept in place of what was there."


def target_of(text: str) -> Target:
    address = addresses.read(text)
    if address is None:
        raise NotDone("This is no URL, so it has no picture.")
    try:
        return routing.target_of(address.raw.removeprefix(INFO), address.query)
    except tuple(CAUSES) as error:
        raise NotDone(f"This URL has no picture. {sentence(error)}.") from error


def shown(text: str) -> str:
    """The URL for the audit log, percent-encoded: databases do not take every character."""
    address = addresses.read(text)
    assert address is not None
    host = "".join(character for character in address.host if character.isprintable())
    return f"{host}{address.path}"[:1000]


def subject(target: Target) -> str:
    return f"{target.bucket.name}/{target.key}"


def image_tag(target: Target) -> str:
    return derivatives.tag(target.bucket, target.key)
