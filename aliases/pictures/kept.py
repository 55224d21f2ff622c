"""Pictures of live and earlier revisions, and of drafts, that are kept in the store of derivatives: whole ones, as
viewers get them, and beside each a small one for lists."""

import re
from contextlib import suppress

from rendering import conf
from rendering.catalogue import catalogue
from rendering.imaging.encoding import Accept
from rendering.pictures import derivative_store, derivatives
from rendering.storage.errors import StorageError

from . import preview
from .preview import Facts, Shot

#: What the keys of small pictures end in. No URL for viewers has such a key.
SMALL = ".small"
#: The note that is stored with a small picture: type, width, height and bytes of the picture that it is made of.
NOTE = re.compile(r"(image/[a-z]+) (\d+) (\d+) (\d+)")


def small(alias: catalogue.Alias, bucket: catalogue.Bucket, key: str, accept: Accept, *, draft: bool = False) -> Shot:
    """What an alias makes of an original, small, with the facts of the picture. Raises NoPicture.

    Of a draft only the small picture is kept.
    """
    with preview.raising_no_picture(key):
        wanted = derivatives.want(bucket, key, alias.recipe.settled(accept, conf.defaults()))
        name = wanted.key + SMALL
        stored = derivative_store.read(name, None)
        if stored and (found := NOTE.fullmatch(stored.note)):
            facts = Facts(found[1], int(found[2]), int(found[3]), int(found[4]))
            return Shot(stored.content, "image/webp", facts)
        payload = derivatives.find_or_render(wanted, keep=not draft)
        facts = preview.caption(preview.identify(payload.content))
        shot = preview.reduced_copy(payload.content, facts, preview.THUMBNAIL)
        if payload.lasting:
            keep(name, shot, derivatives.tag(bucket, key))
        return shot


def keep(name: str, shot: Shot, tag: str) -> None:
    facts = shot.facts
    note = f"{facts.type} {facts.width} {facts.height} {facts.bytes}"
    with suppress(StorageError):  # the store itself reports it; the picture is shown all the same
        derivative_store.write(name, shot.content, shot.type, cache_control="private", tag=tag, note=note)


def whole(alias: catalogue.Alias, bucket: catalogue.Bucket, key: str, accept: Accept, *, draft: bool = False) -> Shot:
    """What an alias makes of an original, as viewers get it. Raises NoPicture."""
    with preview.raising_no_picture(key):
        wanted = derivatives.want(bucket, key, alias.recipe.settled(accept, conf.defaults()))
        payload = derivatives.find_or_render(wanted, keep=not draft)
        return Shot(payload.content, payload.type, preview.caption(preview.identify(payload.content)))


def shrink(shot: Shot) -> Shot:
    """A small copy for a list, with the facts of the picture; the picture itself where it cannot be made smaller."""
    try:
        with preview.raising_no_picture(""):
            return preview.reduced_copy(shot.content, shot.facts, preview.THUMBNAIL)
    except preview.NoPicture:
        return shot
