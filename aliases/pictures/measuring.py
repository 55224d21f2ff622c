"""Finding the qualities that reach an alias's visual quality: on its sample, and on neighbouring originals.

Measuring takes seconds, so each step measures one picture and stores the result in the alias's row. A page can show the
progress, and no request waits for all of it, least of all within a transaction.
"""

import time
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from msgspec.structs import replace

from rendering import conf
from rendering.catalogue import catalogue
from rendering.imaging.errors import BadRecipe
from rendering.imaging.quality.calibration import Measure, lossy_formats
from rendering.imaging.recipe import Recipe
from rendering.pictures import derivatives
from rendering.storage.errors import StorageError
from rendering.storage.factory import at

from ..drafts import content
from ..drafts.calibration import Calibration
from ..models import Alias
from . import preview

#: Pictures to measure, including the sample; and seconds after which no further one is begun.
MOST_PICTURES, MOST_SECONDS = 6, 20
#: Keys from which the others are chosen: as many as S3 lists in one request.
MOST_KEYS = 1000


def due(alias: Alias) -> Calibration | None:
    """The measuring that must be begun or finished before the draft can be published; None where there is none."""
    if alias.ssim is None:
        return None
    noted = content.noted(alias)
    if noted and not noted.complete:
        return noted
    return None if alias.measured() else Calibration(alias.ssim, (), {})


def unfinished(alias: Alias) -> bool:
    """Whether there is measuring left that can be done."""
    calibration = due(alias)
    return calibration is not None and not calibration.trouble


def step(alias: Alias) -> Calibration:
    """Measure one more picture for the draft; the first step chooses the pictures. Stores the progress in the row."""
    assert alias.ssim is not None
    began = time.monotonic()
    calibration = content.noted(alias)
    if calibration is None or calibration.trouble:
        try:
            calibration = begin(alias, alias.ssim)
        except (preview.NoPicture, BadRecipe) as error:
            calibration = Calibration(alias.ssim, (), {}, trouble=str(error))
    elif calibration.due is not None:
        calibration = measure_next(alias, calibration, calibration.due)
    calibration = replace(calibration, seconds=round(calibration.seconds + time.monotonic() - began, 1))
    alias.calibration = content.note(alias, calibration)
    store(alias)
    return calibration


def store(alias: Alias) -> None:
    """Save what was measured, and no other field."""
    # By name as well: a draft that is being imported has no row yet, and its key may be that of another alias.
    Alias.objects.filter(pk=alias.pk, name=alias.name).update(calibration=alias.calibration)


def steps(alias: Alias, *, anew: bool = False) -> Iterator[Calibration]:
    """Measure the draft to the end; with `anew`, also when it is measured already. Raises ValidationError."""
    if alias.ssim is None:
        return
    alias.full_clean()
    if anew:
        alias.calibration = None
    while anew or due(alias):
        anew, calibration = False, step(alias)
        if calibration.trouble:
            raise ValidationError(f"The visual quality of “{alias}” cannot be measured. {calibration.trouble}")
        yield calibration


def begin(alias: Alias, ssim: float) -> Calibration:
    """Choose the pictures for a new measuring. Raises NoPicture, BadRecipe."""
    bucket, key = preview.locate(alias.bucket, alias.prefix, alias.sample)
    samples = (key, *neighbours(bucket, alias.prefix, key))
    formats = lossy_formats(recipe_of(alias).encoding)
    return Calibration(ssim, samples, {name: (None,) * len(samples) for name in formats})


def neighbours(bucket: catalogue.Bucket, prefix: str, key: str) -> list[str]:
    """Keys of other originals below the prefix: spread evenly over the folder of `key` or, if it is alone there, over
    the nearest folder above. Empty where the bucket cannot be listed."""
    folder = key
    while folder and bucket.place:
        folder = folder[: folder.rstrip("/").rfind("/") + 1]
        try:
            keys = at(bucket.place).keys(folder, MOST_KEYS)
        except StorageError:
            return []
        others = [one for one in keys if one != key and one.startswith(prefix)]
        if found := [one for one in others if one.lower().endswith(preview.ENDINGS)] or others:
            count = min(len(found), MOST_PICTURES - 1)
            return [found[place * len(found) // count] for place in range(count)]
        if len(folder) <= len(prefix):
            break
    return []


def measure_next(alias: Alias, calibration: Calibration, place: int) -> Calibration:
    """Measure one more picture, or leave it out."""
    if calibration.seconds > MOST_SECONDS and place and not calibration.looked_at(place):
        rest = [later for later in range(place, len(calibration.samples)) if not calibration.looked_at(later)]
        return calibration.without(rest, f"Not begun after {MOST_SECONDS} seconds.")
    recipe, key = recipe_of(alias), calibration.samples[place]
    bucket, _ = preview.locate(alias.bucket, alias.prefix, alias.sample)
    try:
        with preview.raising_no_picture(key):
            # The qualities that are served where nothing is measured are measured once, on the first picture.
            asked = {} if calibration.defaults else qualities_of(recipe, calibration.measures)
            wanted = derivatives.want(bucket, key, recipe)
            measured = preview.measure(wanted, calibration.ssim, calibration.qualities, asked)
    except preview.NoPicture as error:
        why = str(error)
        # The editor has to know what is wrong with the sample; the other pictures are optional.
        return calibration.without([place], why) if place else replace(calibration, trouble=why)
    if not calibration.defaults:
        calibration = replace(calibration, defaults={name: Measure(*one) for name, one in measured.asked.items()})
    return calibration.with_measures(place, {name: Measure(*one) for name, one in measured.lowest.items()})


def qualities_of(recipe: Recipe, formats: Iterable[str]) -> dict[str, int]:
    """The qualities of a settled recipe, by format."""
    return {name: getattr(recipe.encoding, f"{name}_quality") for name in formats}


def recipe_of(alias: Alias) -> Recipe:
    """The draft's recipe, settled, with the service's default qualities. Raises BadRecipe."""
    return content.unmeasured(alias, 0).recipe.settled("any", conf.defaults())
