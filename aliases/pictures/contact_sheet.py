"""The contact sheet: every sample of an alias as its draft, or a revision, makes it, with what is found in it.

Its samples are the alias's own and those of its bucket that its prefix reaches.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from msgspec.structs import replace

from rendering import conf
from rendering.catalogue import catalogue
from rendering.imaging.encoding import Accept
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import derivatives
from rendering.workers import jobs
from rendering.workers.facts import Reviewed

from ..drafts import content
from ..drafts.choices import Rule
from ..models import Alias, Bucket
from . import preview, samples
from .findings import Finding, judge
from .preview import Facts, Shot

#: The most samples of a sheet.
MOST = 16
#: Seconds for which a review is remembered: whoever publishes has just seen the same on the page.
REMEMBERED = 600
#: The kind of browser by which rules are judged: most viewers have one.
JUDGED: Accept = "avif"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of a sheet: its key as it follows the alias's name in a URL, and why it is one, for people."""

    key: str
    why: str
    own: bool = False

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Version:
    """What is judged: the draft of an alias or one of its revisions, as the data plane reads it, and its bucket."""

    #: By whose rules, and whose crop and background.
    alias: Alias
    frozen: catalogue.Alias
    bucket: Bucket


def version(alias: Alias, said: Mapping[str, Any] | None = None) -> Version:
    """The draft, or the revision with that content. Raises NoPicture where there is no such bucket any more, or this
    version of the service cannot read it."""
    if said is None:
        return Version(alias, preview.frozen_draft(alias), alias.bucket)
    frozen, bucket = preview.frozen_revision(alias, dict(said))
    judged = copy(alias)
    with preview.raising_no_picture(""):
        fields = content.thawed(said)
    judged.crop, judged.background = fields["crop"], fields["background"]
    return Version(judged, frozen, bucket)


def samples_of(bucket: Bucket, prefix: str, sample: str) -> list[Sample]:
    """The samples of an alias with that bucket, prefix and sample: its own first, then those of the bucket that the
    prefix reaches."""
    own = [Sample(sample, "the alias's own", own=True)] if sample else []
    reached = [one for one in samples.of(bucket) if one.key.startswith(prefix) and len(one.key) > len(prefix)]
    others = [Sample(one.key.removeprefix(prefix), one.why) for one in reached if one.key != prefix + sample]
    return [*own, *others][:MOST]


def draft(alias: Alias, sample: str, accept: Accept) -> tuple[Shot, list[Finding]]:
    """One sample as the draft makes it, and what is found in it. Raises NoPicture."""
    shot = preview.drafted(alias, lambda frozen: reviewed(Version(alias, frozen, alias.bucket), sample, accept))
    return shot, findings_in(alias, shot)


def revision(alias: Alias, said: Mapping[str, Any], sample: str, accept: Accept) -> tuple[Shot, list[Finding]]:
    """One sample as the revision with that content makes it, and what is found in it. Raises NoPicture."""
    of = version(alias, said)
    shot = reviewed(of, sample, accept)
    return shot, findings_in(of.alias, shot)


def findings_in(alias: Alias, shot: Shot) -> list[Finding]:
    assert shot.reviewed is not None
    return judge(alias, shot.reviewed, len(shot.content))


def reviewed(of: Version, sample: str, accept: Accept) -> Shot:
    """One sample as a version of an alias makes it, reviewed for its rules. Raises NoPicture."""
    wanted, faces = want(of, sample, accept), of.alias.faces_rule != Rule.OFF
    with preview.raising_no_picture(wanted.original.key):
        found, file = review(wanted, faces=faces)
    cache.set(remembered(wanted, faces=faces), (found, len(file)), REMEMBERED)
    made = found.rendered
    return Shot(file, made.type, Facts(made.type, made.width, made.height, len(file)), found)


def want(of: Version, sample: str, accept: Accept) -> derivatives.Wanted:
    """The derivative of a sample. Raises NoPicture."""
    bucket, key = preview.locate(of.bucket, of.frozen.prefix, sample)
    with preview.raising_no_picture(key):
        return derivatives.want(bucket, key, of.frozen.recipe.settled(accept, conf.defaults()))


def review(wanted: derivatives.Wanted, *, faces: bool) -> tuple[Reviewed, bytes]:
    """Render a derivative and review it; with `faces`, its faces are found where the crop may cut one. Raises as
    rendering does."""
    found, files, _ = derivatives.do(
        looking_for_faces(wanted) if faces and may_cut(wanted.recipe.geometry) else wanted,
        lambda look: jobs.ReviewRecipe(
            limits=conf.limits(), recipe=wanted.recipe, overlays=tuple(wanted.overlays), look=look
        ),
        with_overlays=True,
        always=True,
    )
    return found, files[0]


def may_cut(geometry: Geometry) -> bool:
    cuts = geometry.fit is Fit.COVER and bool(geometry.width and geometry.height)
    return cuts or geometry.crop is not None or geometry.trim is not None


def looking_for_faces(wanted: derivatives.Wanted) -> derivatives.Wanted:
    """The same with a smart crop, for which faces are looked for, unless it has one."""
    geometry = wanted.recipe.geometry
    if geometry.smart:
        return wanted
    settled = Recipe(Geometry(smart=Smart())).settled("any", conf.defaults()).geometry.smart
    recipe = replace(wanted.recipe, geometry=replace(geometry, smart=settled))
    original = wanted.original
    overruled = derivatives.overruled_recipe(original.bucket, original.key, recipe)
    return derivatives.Wanted(original, overruled, wanted.overlays)


def remembered(wanted: derivatives.Wanted, *, faces: bool) -> str:
    """The name under which a review is cached."""
    return f"review:{wanted.key}:{faces}"
