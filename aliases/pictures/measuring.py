"""Finding the qualities that keep an alias's visual quality: on its sample, and on originals beside it in the bucket.

Measuring takes seconds, so it goes step by step, a picture a step, and is noted in the alias's row in between: a page
can show how far it is, and no request, least of all one that holds a transaction, waits for all of it.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError

from rendering import conf
from rendering.catalogue import catalogue
from rendering.imaging.encoding import FORMATS
from rendering.imaging.errors import BadRecipe
from rendering.imaging.quality.calibration import lossy_formats, measured, subject, sufficient
from rendering.imaging.recipe import Recipe
from rendering.pictures import derivatives
from rendering.storage.errors import StorageError
from rendering.storage.factory import at

from ..drafts import content
from ..drafts.calibration import Calibration
from ..models import Alias
from . import preview

#: Pictures that are measured, the sample among them; and seconds after which no further one is begun.
MOST_PICTURES, MOST_SECONDS = 6, 20
#: Keys among which the others are chosen: as many as S3 lists at once.
MOST_KEYS = 1000


def due(alias: Alias) -> Calibration | None:
    """The measuring that has to be done, or to be ended, before the draft can be published; None where all is done."""
    if alias.ssim is None:
        return None
    noted = content.noted(alias)
    if noted and not noted.complete:
        return noted
    return None if alias.measured() else Calibration(alias.ssim, (), {})


def unfinished(alias: Alias) -> bool:
    """Whether there is measuring to do that can be done."""
    calibration = due(alias)
    return calibration is not None and not calibration.trouble


def step(alias: Alias) -> Calibration:
    """Go on measuring the draft, by one picture; or begin, by choosing the pictures. The row keeps how far it is."""
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
    calibration = replace(calibration, seconds=calibration.seconds + time.monotonic() - began)
    alias.calibration = content.note(alias, calibration)
    store(alias)
    return calibration


def store(alias: Alias) -> None:
    """Save what was measured, and nothing else."""
    # By name, too: a draft that is only about to be imported has no row yet, and its number may be another's.
    Alias.objects.filter(pk=alias.pk, name=alias.name).update(calibration=alias.calibration)


def steps(alias: Alias, *, anew: bool = False) -> Iterator[Calibration]:
    """Measure the draft to the end; with `anew`, also when it is measured. Raises ValidationError if it cannot be."""
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
    """A new measuring, its pictures chosen. Raises NoPicture, BadRecipe."""
    bucket, key = preview.locate(alias.bucket, alias.prefix, alias.sample)
    samples = (key, *neighbours(bucket, alias.prefix, key))
    formats = lossy_formats(recipe_of(alias).encoding)
    return Calibration(ssim, samples, {name: (None,) * len(samples) for name in formats})


def neighbours(bucket: catalogue.Bucket, prefix: str, key: str) -> list[str]:
    """Keys of other originals that an alias of that prefix may be asked for: spread over the folder of one of them or,
    where it is alone there, over the nearest folder above. None where the bucket must not be listed."""
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
    """One more of the pictures measured, or left out."""
    if calibration.seconds > MOST_SECONDS and place and not calibration.looked_at(place):
        rest = [later for later in range(place, len(calibration.samples)) if not calibration.looked_at(later)]
        return calibration.without(rest, f"Not begun after {MOST_SECONDS} seconds.")
    recipe, key = recipe_of(alias), calibration.samples[place]
    bucket, _ = preview.locate(alias.bucket, alias.prefix, alias.sample)
    try:
        with preview.raising_no_picture(key):
            picture = derivatives.worked(derivatives.want(bucket, key, recipe), subject)
    except preview.NoPicture as error:
        why = str(error)
        # What is wrong with the sample the editor has to know; the others are only there to be asked as well.
        return calibration.without([place], why) if place else replace(calibration, trouble=why)
    if not calibration.defaults:
        defaults = {name: getattr(recipe.encoding, f"{name}_quality") for name in calibration.measures}
        calibration = replace(
            calibration,
            defaults={
                name: measured(picture, FORMATS[name], recipe.encoding, quality) for name, quality in defaults.items()
            },
        )
    return calibration.with_measures(
        place, sufficient(picture, recipe.encoding, calibration.ssim, calibration.qualities)
    )


def recipe_of(alias: Alias) -> Recipe:
    """The draft's recipe, settled, with the service's default qualities. Raises BadRecipe."""
    return content.unmeasured(alias, 0).recipe.settled("any", conf.defaults())
