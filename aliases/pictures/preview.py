"""Pictures for the admin's pages: of drafts, revisions and originals. They come from the same renderer, within the same
limits, as what viewers get. None is stored; only the focus of an original is."""

import logging
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat

from rendering import conf, trace
from rendering.catalogue import catalogue
from rendering.http.causes import CAUSES, SERVICE, cause_of, sentence
from rendering.imaging.encoding import FORMATS, Accept, Encoding, accept_class
from rendering.imaging.errors import BadRecipe
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.pillow.formats import spelled
from rendering.imaging.quality.calibration import LOWEST
from rendering.imaging.recipe import Recipe
from rendering.names import wrong_with_key
from rendering.pictures import derivatives, originals
from rendering.pictures.originals import LostFolder, MissingOriginal
from rendering.storage.errors import StorageError
from rendering.workers import jobs, pool
from rendering.workers.facts import Facts as PictureFacts
from rendering.workers.facts import Measured, Reviewed

from ..drafts import content
from ..drafts.content import served
from ..models import Alias, Bucket

logger = logging.getLogger(__name__)

#: How originals are shown that browsers cannot show themselves: uncropped, with this many pixels a side at most, as
#: WebP, which keeps transparency and animation.
REDUCED = Recipe(Geometry(width=800, height=800, fit=Fit.CONTAIN), Encoding(format="webp", webp_quality=80))
#: Originals up to these bytes and pixels are shown unchanged, in formats that every browser shows or this one accepts.
MOST_BYTES, MOST_PIXELS = 1_000_000, 12_000_000
EVERY = ("image/jpeg", "image/png", "image/gif")
KNOWN: dict[Accept, tuple[str, ...]] = {
    "any": EVERY, "webp": (*EVERY, "image/webp"), "avif": (*EVERY, "image/webp", "image/avif")
}  # fmt: skip
#: How pictures are shown in lists, for sharp screens too; transparency and animation are kept.
THUMBNAIL = Recipe(Geometry(width=192, height=144, fit=Fit.CONTAIN), Encoding(format="webp", webp_quality=70))

#: How keys of pictures usually end; only for suggesting keys.
ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".tif", ".tiff", ".heic", ".heif", ".jp2")
#: Seconds for which the quality found for a preview is cached.
REMEMBERED = 600
TROUBLE = tuple(CAUSES)


class NoPicture(Exception):
    """No picture can be shown; the message says why, for staff."""

    @property
    def status(self) -> int:
        """422 for what is wrong with draft or original; for a fault of the service, the status that viewers get."""
        if isinstance(self.__cause__, TROUBLE):
            cause = cause_of(self.__cause__)
            return cause.status if cause.whose == SERVICE else 422
        return 500 if self.__cause__ else 422


@dataclass(frozen=True, slots=True)
class Facts:
    """The caption of a picture."""

    type: str
    width: int
    height: int
    bytes: int
    #: A remark on its quality.
    quality: str = ""

    def __str__(self) -> str:
        name = spelled(self.type.removeprefix("image/").upper())
        size = f"{self.width} × {self.height} pixels"
        return ", ".join(said for said in (size, name, self.quality, filesizeformat(self.bytes)) if said)


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture for a page. The facts of a reduced copy are those of its original."""

    content: bytes
    type: str
    facts: Facts
    #: What was found when it was reviewed.
    reviewed: Reviewed | None = None

    @property
    def url(self) -> str:
        return f"data:{self.type};base64,{b64encode(self.content).decode()}"

    def of_quality(self, quality: str) -> Self:
        return replace(self, facts=replace(self.facts, quality=quality))


def draft(alias: Alias, accept: Accept = "any") -> Shot:
    """The sample as the draft makes it. Raises NoPicture."""
    return drafted(alias, lambda frozen: render_at(frozen, *locate(alias.bucket, frozen.prefix, alias.sample), accept))


def drafted(alias: Alias, shoot: Callable[[catalogue.Alias], Shot]) -> Shot:
    """What `shoot` makes by the draft. Raises NoPicture.

    Where its visual quality is not measured yet, with the quality that its sample needs.
    """
    frozen, found = frozen_draft(alias), alias.measured()
    shot = shoot(frozen)
    name = shot.type.removeprefix("image/")
    if alias.ssim is None or not FORMATS[name].lossy:
        return shot
    if found:
        return shot.of_quality(f"quality {found.qualities[name]}")
    quality = find_sufficient_quality(frozen, alias.bucket, alias.sample, name, alias.ssim)
    shot = shoot(content.with_qualities(frozen, {name: quality}))
    return shot.of_quality(f"quality {quality} (measured on the sample alone)")


def find_sufficient_quality(alias: catalogue.Alias, bucket: Bucket, sample: str, name: str, ssim: float) -> int:
    """The lowest quality of a format at which the sample keeps that SSIM; cached. Raises NoPicture."""
    frozen, key = locate(bucket, alias.prefix, sample)
    with raising_no_picture(key):
        wanted = derivatives.want(frozen, key, alias.recipe.settled("any", conf.defaults()))
        known = f"visual-quality:{wanted.key}:{name}:{ssim}"
        quality: int | None = cache.get(known)
        if quality is None:
            quality = measure(wanted, ssim, {name: LOWEST}).lowest[name][0]
            cache.set(known, quality, REMEMBERED)
    return quality


def measure(
    wanted: derivatives.Wanted, ssim: float, start: Mapping[str, int], asked: Mapping[str, int] | None = None
) -> Measured:
    """Measure a derivative, as jobs.MeasureQualities says. Raises as rendering does."""
    measured, _, _ = derivatives.do(
        wanted,
        lambda look: jobs.MeasureQualities(
            limits=conf.limits(),
            recipe=wanted.recipe,
            ssim=ssim,
            start=dict(start),
            asked=dict(asked or {}),
            overlays=tuple(wanted.overlays),
            look=look,
        ),
        with_overlays=True,
        cpu=conf.deadline(),  # each picture is encoded some twenty times
    )
    return measured


def revision(alias: Alias, content: dict[str, Any], accept: Accept = "any") -> Shot:
    """The sample as a revision makes it. Raises NoPicture."""
    frozen, bucket = frozen_revision(alias, content)
    return render_at(frozen, *locate(bucket, frozen.prefix, alias.sample), accept)


def frozen_draft(alias: Alias) -> catalogue.Alias:
    """The draft as the data plane would read it. Raises NoPicture."""
    with raising_no_picture(""):
        return alias.frozen(0)


def frozen_revision(alias: Alias, content: dict[str, Any]) -> tuple[catalogue.Alias, Bucket]:
    """A revision as the data plane reads it, and its bucket. Raises NoPicture."""
    try:
        frozen = served(alias.name, content)
    except BadRecipe as error:
        raise NoPicture(str(error)) from None
    bucket = Bucket.objects.filter(name=frozen.bucket).first()
    if bucket is None:
        raise NoPicture(f"The bucket “{frozen.bucket}” is gone.")
    return frozen, bucket


def render_at(alias: catalogue.Alias, bucket: catalogue.Bucket, key: str, accept: Accept) -> Shot:
    """The original with that key in that bucket, whatever its place, as an alias makes it. Raises NoPicture."""
    with raising_no_picture(key):
        derivative, made = derivatives.render(bucket, key, alias.recipe, accept)
    return Shot(made, derivative.type, Facts(derivative.type, derivative.width, derivative.height, len(made)))


def original_facts(bucket: Bucket, prefix: str, sample: str) -> Facts:
    """Type, size and bytes of the sample, from its header. Raises NoPicture."""
    frozen, key = locate(bucket, prefix, sample)
    with raising_no_picture(key):
        return caption(identify(originals.read(originals.find(frozen, key))))


def identify(original: bytes) -> PictureFacts:
    """What an original's header says of it. Raises PictureError, and Busy."""
    return pool.run(jobs.Identify(limits=conf.limits()), original)[0]


def caption(of: PictureFacts) -> Facts:
    return Facts(of.picture.type, of.picture.width, of.picture.height, of.length)


def show_original(bucket: Bucket, prefix: str, sample: str, accept: Accept) -> Shot:
    """The sample itself, where browsers show it as we render it; else a reduced copy. Raises NoPicture."""
    frozen, key = locate(bucket, prefix, sample)
    with raising_no_picture(key):
        original = originals.read(originals.find(frozen, key))
        facts = identify(original)
        picture = facts.picture
        small = facts.length <= MOST_BYTES and picture.width * picture.height * picture.frames <= MOST_PIXELS
        # Browsers follow the orientation that EXIF gives as we do in JPEGs, and hardly in other formats.
        turned_alike = picture.type == "image/jpeg" or facts.orientation == 1
        if small and picture.type in KNOWN[accept] and turned_alike:
            return Shot(original, picture.type, caption(facts))
        return reduced_copy(original, caption(facts), REDUCED)


def reduced_copy(original: bytes, facts: Facts, recipe: Recipe) -> Shot:
    """What a recipe without overlays or a smart crop makes of an original, with the facts of the original. Raises what
    rendering raises."""
    settled = recipe.settled("any", conf.defaults())
    reduced, files = pool.run(jobs.Render(limits=conf.limits(), recipe=settled), original)
    return Shot(files[0], reduced.type, facts)


def locate(bucket: Bucket, prefix: str, sample: str) -> tuple[catalogue.Bucket, str]:
    """The bucket as the data plane gets it, and the sample's key in it. Raises NoPicture."""
    if not sample:
        raise NoPicture("No sample is named: give the key of a typical original in the field “sample” to see it here.")
    key = prefix + sample
    if wrong := wrong_with_key(key):
        raise NoPicture(wrong)
    return bucket.frozen(settings.ENVIRONMENT), key


@contextmanager
def raising_no_picture(key: str) -> Iterator[None]:
    """Turn whatever goes wrong with the original of that key into NoPicture, including faults of ours: they must not
    take down the page on which the alias can be corrected."""
    try:
        yield
    except NoPicture:
        raise
    except TROUBLE as error:
        raise NoPicture(describe_error(error, key)) from error
    except Exception as error:
        logger.exception("unexpected")
        raise NoPicture(f"This picture could not be made: {describe_fault()}") from error


def describe_fault() -> str:
    """The end of a sentence about a fault of this program, whose details are in the log."""
    under = f" under request id {trace.request_id()}" if trace.request_id() else ""
    return f"a fault of the service. Its log has more{under}."


def describe_error(error: BaseException, key: str) -> str:
    """What went wrong with a picture, as a sentence for staff; the storage's own message is for the log."""
    if isinstance(error, LostFolder):
        return str(error)
    if isinstance(error, StorageError):
        state = cause_of(error).state
        return f"The bucket's storage did not give the original ({state}). “Test this bucket”, on its page, tells why."
    if isinstance(error, MissingOriginal):
        return f"{error}: {key}"
    return sentence(error)


def accept_of(request: HttpRequest) -> Accept:
    """What the browser accepts; or the kind of browser that the request names, to see what others get."""
    kind = request.POST.get("_browser") or request.GET.get("browser")
    return kind if kind in KNOWN else accept_class(request.headers.get("Accept"))


def answer(shot: Shot, max_age: int = 0) -> HttpResponse:
    """A response with the picture, its facts in headers."""
    response = HttpResponse(shot.content, content_type=shot.type)
    response["Cache-Control"] = f"private, max-age={max_age}" if max_age else "no-store"
    response["X-Facts"] = str(shot.facts).replace("×", "x").replace("\xa0", " ")  # headers are ASCII
    response["X-Bytes"] = str(shot.facts.bytes)
    return response


def refusal(
    why: NoPicture, errors: dict[str, list[str]] | None = None, cautions: Iterable[str] = (), badge: str = ""
) -> JsonResponse:
    said = {"message": str(why), "badge": badge, "errors": errors or {}, "cautions": list(cautions)}
    return JsonResponse(said, status=why.status)
