"""Publishing: the draft becomes a revision, the revision goes live, and the outbox gets what has to be sent for that.

Each function is one transaction that leaves two rows in the outbox, to write the catalogue and to invalidate tags. They
are sent after the commit, by this process or, should it die first, by the next one that looks (`sending.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from rendering import conf
from rendering.http.descriptions import alias_list
from rendering.imaging.errors import BadRecipe

from ..drafts import content
from ..drafts.words import differences
from ..models import Alias, Bucket, Outbox, Publication, Revision
from .page_tokens import require_unchanged
from .sending import MOST_TAGS, send_due, write_catalogue

__all__ = [
    "Outcome",
    "differences",
    "publish",
    "publish_buckets",
    "roll_back",
    "send_due",
    "set_enabled",
    "together",
    "write_catalogue",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request to publish. `publication` is None when there was nothing to do."""

    sentence: str
    publication: Publication | None = None
    #: The tags that the CDN is asked to invalidate.
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Together:
    """What several publications of one transaction add to the outbox."""

    publications: list[Publication] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


_together: ContextVar[Together | None] = ContextVar("together", default=None)


@contextmanager
def together(why: str) -> Iterator[None]:
    """In one transaction: all that is published within goes live, or nothing. The catalogue is written once for all of
    it, and the CDN is asked to purge all of it in few calls."""
    with transaction.atomic():
        made = Together()
        token = _together.set(made)
        try:
            yield
        finally:
            _together.reset(token)
        if made.publications:
            first, *others = made.publications
            add_to_outbox(why, made.tags, first, aliases=made.aliases)
            Publication.objects.filter(pk__in=[one.pk for one in others]).update(together=first)


def publish(alias: Alias, by: User | None, why: str = "", *, seen: str = "", against: Sequence[str] = ()) -> Outcome:
    """Freeze the draft as a revision and make it live. Raises ValidationError when the draft cannot be.

    A visual quality must have been measured before (`measuring.py`): no transaction waits for that.
    `seen` is the token of what the publisher saw (`page_tokens.py`); if something changed since, that is refused.
    `against` are the rules that it breaks, as sentences for the history.
    """
    with transaction.atomic():
        alias = lock(alias)
        alias.full_clean()
        require_place(alias.bucket)
        if alias.live and not alias.differs():
            return Outcome(f"“{alias}” is unchanged since revision {alias.live.number}, so nothing was published.")
        new = alias.content()
        require_unchanged(alias, seen, new)
        if alias.ssim is not None and not alias.measured():
            raise ValidationError(
                f"“{alias}” asks for a visual quality, which is not measured yet. Its "
                f"publish page does that, or: manage.py publish {alias}"
            )
        last = alias.revisions.first()
        revision = Revision.objects.create(alias=alias, number=last.number + 1 if last else 1, content=new)
        return go_live(alias, revision, Publication.Action.PUBLISH, by, why, against)


def roll_back(
    alias: Alias, revision: Revision, by: User | None, why: str = "", *, seen: str = "", against: Sequence[str] = ()
) -> Outcome:
    """Make an older revision live again; the draft does not change. Raises ValidationError when it cannot be, or when
    something else went live since the page whose token is `seen`. `against`: as of `publish`."""
    with transaction.atomic():
        alias = lock(alias)
        if revision.alias_id != alias.pk:
            raise ValidationError(f"Revision {revision.number} is not one of “{alias}”.")
        if alias.live_id == revision.pk:
            return Outcome(f"Revision {revision.number} of “{alias}” is live already.")
        require_readable(revision)
        require_unchanged(alias, seen, revision.content)
        return go_live(alias, revision, Publication.Action.ROLL_BACK, by, why, against)


def set_enabled(
    alias: Alias, enabled: bool, by: User | None, why: str = "", *, seen: str = "", against: Sequence[str] = ()
) -> Outcome:
    """Enable or disable an alias's URLs. Raises ValidationError as `roll_back` does. `against`: as of `publish`."""
    with transaction.atomic():
        alias = lock(alias)
        word = "enabled" if enabled else "disabled"
        if alias.enabled == enabled:
            return Outcome(f"“{alias}” is {word} already.")
        require_unchanged(alias, seen)
        if enabled and alias.live_bucket:
            require_place(alias.live_bucket)
        alias.enabled = enabled
        alias.save(update_fields=["enabled"])
        action = Publication.Action.ENABLE if enabled else Publication.Action.DISABLE
        publication = Publication.objects.create(
            alias=alias, revision=alias.live, before=alias.live, action=action, by=by, why=why, against=list(against)
        )
        tags = toggled_tags(alias)
        if alias.live:
            add_publication(f"{word} {alias}", tags, publication)
        return Outcome(f"“{alias}” was {word}.", publication, tuple(tags))


def publish_buckets(buckets: Iterable[Bucket], why: str) -> None:
    """Have the catalogue written after buckets were made, changed or deleted; they go live when this has committed."""
    with transaction.atomic():
        names = {bucket.name for bucket in buckets}
        # Pictures with an overlay carry the tag of their own bucket only.
        names |= set(Bucket.objects.filter(overlays_from__name__in=names).values_list("name", flat=True))
        add_to_outbox(why, [f"bucket:{name}" for name in sorted(names)], aliases=[])


def lock(alias: Alias) -> Alias:
    """The alias as it is now, locked against other publishers until the transaction ends."""
    # Without joins: after waiting for the lock, this row is read anew, but joined rows are as they were before.
    try:
        return Alias.objects.select_for_update().get(pk=alias.pk)
    except Alias.DoesNotExist:
        raise ValidationError(f"“{alias}” was deleted meanwhile.") from None


def require_place(bucket: Bucket) -> None:
    if not bucket.place_here():
        raise ValidationError(
            f"The bucket “{bucket}” has no place in the environment “{settings.ENVIRONMENT}”, so its pictures could "
            f"not be found. Add one in the bucket's page, or with: manage.py add_bucket {bucket} s3://name/prefix"
        )


def require_readable(revision: Revision) -> None:
    try:
        content.served(revision.alias.name, revision.content)
    except BadRecipe as error:
        raise ValidationError(
            f"Revision {revision.number} cannot be made live by this version of the service. {error}."
        ) from None


def go_live(
    alias: Alias,
    revision: Revision,
    action: Publication.Action,
    by: User | None,
    why: str,
    against: Sequence[str] = (),
) -> Outcome:
    before, tags = alias.live, tags_of(alias, revision.content)
    alias.live = revision
    alias.live_bucket = Bucket.objects.filter(name=revision.content["bucket"]).first()
    if not alias.live_bucket:
        raise ValidationError(
            f"Revision {revision.number} reads the bucket “{revision.content['bucket']}”, which is gone. Make a "
            "bucket of that name again, or copy the revision into the draft and choose another."
        )
    require_place(alias.live_bucket)
    alias.save(update_fields=["live", "live_bucket"])
    publication = Publication.objects.create(
        alias=alias, revision=revision, before=before, action=action, by=by, why=why, against=list(against)
    )
    add_publication(f"{publication.get_action_display()} {alias} {revision.number}", tags, publication)
    done = "is live" if alias.enabled else "will be live once the alias is enabled"
    return Outcome(f"Revision {revision.number} of “{alias}” {done}.", publication, tuple(tags))


def tags_of(alias: Alias, new_content: Mapping[str, Any]) -> list[str]:
    """The tags to invalidate when that content goes live in place of what is live now."""
    if not alias.enabled:
        return []
    if alias.live is None:
        return liveness_tags(alias)
    old = alias.live.content
    # Cached responses carry the lifetimes that they were made with.
    stays = content.only_ages_differ(old, new_content) and not content.ages_shorter(old, new_content)
    return [] if stays else [f"alias:{alias}"]


def toggled_tags(alias: Alias) -> list[str]:
    """The tags to invalidate when an alias is enabled or disabled."""
    return liveness_tags(alias) if alias.live else []


def liveness_tags(alias: Alias) -> list[str]:
    """The tags to invalidate when an alias starts or stops answering: its own, and those of the live aliases above it,
    whose URLs it takes over or gives back."""
    parts = alias.name.split("/")
    above = ["/".join(parts[:length]) for length in range(1, len(parts))]
    shadowed = Alias.objects.filter(name__in=above, enabled=True, live__isnull=False).values_list("name", flat=True)
    return [f"alias:{name}" for name in (alias.name, *shadowed)]


def add_publication(why: str, tags: list[str], publication: Publication) -> None:
    """Add a publication to the outbox, now or with those that it is made together with."""
    if (made := _together.get()) is None:
        add_to_outbox(why, tags, publication, aliases=[publication.alias.name])
    else:
        made.publications.append(publication)
        made.aliases.append(publication.alias.name)
        made.tags += tags


def add_to_outbox(
    why: str,
    tags: Iterable[str],
    publication: Publication | None = None,
    *,
    aliases: list[str],
    focus_of: Bucket | None = None,
) -> None:
    """Add the catalogue, then the tags, to the outbox, and have them sent after the commit. The catalogue gets the
    `aliases` of these names as they are then. `focus_of` is the bucket whose overruled focus is written before it."""
    row = {"why": why[:200], "publication": publication, "due_at": timezone.now()}
    Outbox.objects.create(kind=Outbox.Kind.CATALOGUE, aliases=aliases, bucket=focus_of, **row)
    unique = list(dict.fromkeys(tags))
    if unique and aliases and conf.lists_aliases():
        unique.append(alias_list.TAG)
    for begin in range(0, len(unique), MOST_TAGS):
        some = unique[begin : begin + MOST_TAGS]
        Outbox.objects.create(kind=Outbox.Kind.INVALIDATE, tags=some, sends_left=2, **row)
    transaction.on_commit(send_due, robust=True)  # the change is committed; what fails here is sent later
