"""Pictures for the admin's pages: of drafts, revisions and originals. Nothing made here is kept but where an original's
faces are, and all of it is made by the same renderer within the same limits as what viewers get."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat

from rendering import catalogue, conf, derivatives, originals
from rendering.imaging.encoding import Accept, Encoding, accept_class
from rendering.imaging.errors import BadRecipe, PictureError
from rendering.imaging.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe
from rendering.imaging.render import probe
from rendering.names import wrong_with_key
from rendering.originals import MissingOriginal, MissingOverlay
from rendering.slots import Busy
from rendering.stores import StorageError

from .models import Alias, Bucket

#: How originals are shown: whole, as a JPEG of at most this many pixels a side.
REDUCED = Recipe(Geometry(width=800, height=800, fit=Fit.CONTAIN), Encoding(format="jpeg", jpeg_quality=80))
SMALL = Recipe(Geometry(width=160, height=160, fit=Fit.CONTAIN), Encoding(format="jpeg", jpeg_quality=75))


class NoPicture(Exception):
    """There is no picture to show; the message says why, for staff."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a picture below it."""

    type: str
    width: int
    height: int
    bytes: int

    def __str__(self) -> str:
        name = self.type.removeprefix("image/").upper()
        return f"{self.width} × {self.height} pixels, {name}, {filesizeformat(self.bytes)}"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture for a page. Its facts are those of the original, where a reduced copy of one is shown."""

    content: bytes
    type: str
    facts: Facts

    @property
    def url(self) -> str:
        return f"data:{self.type};base64,{b64encode(self.content).decode()}"


def draft(alias: Alias, accept: Accept = "any") -> Shot:
    """The sample as the draft makes it. Raises NoPicture."""
    try:
        return made(alias.frozen(0), alias.bucket, alias.sample, accept)
    except BadRecipe as error:
        raise NoPicture(str(error)) from None


def revision(alias: Alias, content: dict[str, Any], accept: Accept = "any") -> Shot:
    """The sample as a revision makes it. Raises NoPicture."""
    bucket = Bucket.objects.filter(name=content["bucket"]).first()
    if bucket is None:
        raise NoPicture(f"The bucket “{content['bucket']}” is gone.")
    try:
        frozen = catalogue.Alias.from_json(alias.name, {"revision": 0, **content})
    except BadRecipe as error:
        raise NoPicture(str(error)) from None
    return made(frozen, bucket, alias.sample, accept)


def made(alias: catalogue.Alias, bucket: Bucket, sample: str, accept: Accept) -> Shot:
    frozen, key = located(bucket, alias.prefix, sample)
    try:
        derivative = derivatives.render(frozen, key, alias.recipe, accept)
    except TROUBLE as error:
        raise NoPicture(told(error, key)) from error
    facts = Facts(derivative.type, derivative.width, derivative.height, len(derivative.content))
    return Shot(derivative.content, derivative.type, facts)


def original_facts(bucket: Bucket, prefix: str, sample: str) -> Facts:
    """What the sample is, from its header. Raises NoPicture."""
    frozen, key = located(bucket, prefix, sample)
    try:
        content = originals.read(originals.find(frozen, key))
        picture = probe(content, conf.limits())
    except TROUBLE as error:
        raise NoPicture(told(error, key)) from error
    return Facts(picture.type, picture.width, picture.height, len(content))


def original(bucket: Bucket, prefix: str, sample: str, recipe: Recipe = REDUCED) -> Shot:
    """A reduced copy of the sample itself, with the facts of the original. Raises NoPicture."""
    facts = original_facts(bucket, prefix, sample)
    frozen, key = located(bucket, prefix, sample)
    try:
        reduced = derivatives.render(frozen, key, recipe)
    except TROUBLE as error:
        raise NoPicture(told(error, key)) from error
    return Shot(reduced.content, reduced.type, facts)


def located(bucket: Bucket, prefix: str, sample: str) -> tuple[catalogue.Bucket, str]:
    """The bucket as the data plane knows it, and the sample's key in it. Raises NoPicture."""
    if not sample:
        raise NoPicture("No sample is named: give the key of a typical original in the field “sample” to see it here.")
    key = prefix + sample
    if wrong := wrong_with_key(key):
        raise NoPicture(wrong)
    return bucket.frozen(settings.ENVIRONMENT), key


TROUBLE = (PictureError, StorageError, MissingOriginal, MissingOverlay, Busy, catalogue.NoCatalogue)


def told(error: BaseException, key: str) -> str:
    """What went wrong with a picture, as a sentence for staff; storages' own words are for the log."""
    if isinstance(error, StorageError):
        return "The bucket's storage did not give the original. “Test this bucket”, in the bucket's page, tells why."
    if isinstance(error, MissingOriginal):
        return f"{error}: {key}"
    return str(error)


def accepted(request: HttpRequest) -> Accept:
    return accept_class(request.headers.get("Accept"))


def answer(shot: Shot, max_age: int = 0) -> HttpResponse:
    """The picture itself, its facts in headers."""
    response = HttpResponse(shot.content, content_type=shot.type)
    response["Cache-Control"] = f"private, max-age={max_age}" if max_age else "no-store"
    response["X-Facts"] = str(shot.facts).replace("×", "x").replace("\xa0", " ")  # headers are ASCII
    response["X-Bytes"] = str(shot.facts.bytes)
    return response


def refusal(sentence: str, errors: dict[str, list[str]] | None = None) -> JsonResponse:
    return JsonResponse({"message": sentence, "errors": errors or {}}, status=422)
