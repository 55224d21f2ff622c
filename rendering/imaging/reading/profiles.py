"""Colour profiles: originals are converted to sRGB, and derivatives carry no profile."""

import logging
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageCms

from .limits import LARGEST_PROFILE

logger = logging.getLogger(__name__)

#: A profile's colour space for each mode. Given a transform for other channels, lcms writes out of bounds.
SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}

#: What ImageCms raises for a profile that lcms cannot read or use for a transform.
UNUSABLE = (OSError, ValueError, TypeError, RuntimeError, ImageCms.PyCMSError)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a picture (mode L, LA, RGB, RGBA, CMYK or LAB) to sRGB (mode L, LA, RGB or RGBA).

    A profile that is broken, too large or for another colour space is ignored: the picture then counts as sRGB.
    """
    if image.mode == "LAB":
        return apply_transform(image, lab_transform())
    plain = {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode)
    transform = cached_transform(profile, plain) if profile else None
    if transform is None:
        return image.convert("RGB") if image.mode == "CMYK" else image
    converted = apply_transform(image.convert(plain), transform)
    if plain == "L":
        converted = converted.convert("L")
    if plain != image.mode:
        converted.putalpha(image.getchannel("A"))
    return converted


def apply_transform(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    return transform.apply(image)


# Building one takes 2 ms, for profiles of print 22 ms: as long as everything else for a small derivative. The profile
# itself is the key, so the cache holds at most 16 MB.
@lru_cache(maxsize=16)
def cached_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform of pictures of that mode from a profile to sRGB; None if the profile is unusable or equivalent to
    sRGB."""
    if len(profile) > LARGEST_PROFILE:
        logger.warning("Ignored a colour profile of %d bytes", len(profile))
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        space = source.profile.xcolor_space
    except UNUSABLE as error:  # no picture fails because of its profile
        logger.warning("Ignored a colour profile that cannot be used: %s", error)
        return None
    if space.strip() != SPACES[mode]:
        logger.warning("Ignored a colour profile for %r on a picture in %s", space, mode)
        return None
    # Black point compensation, as in browsers and Photoshop: the black of paper becomes that of a screen.
    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    target = srgb()
    try:
        transform = ImageCms.ImageCmsTransform(source, target, mode, "RGB", intent, flags=flags)
    except UNUSABLE as error:
        logger.warning("Ignored a colour profile that cannot be used: %s", error)
        return None
    return None if changes_nothing(transform, mode) else transform


@lru_cache(maxsize=1)
def lab_transform() -> ImageCms.ImageCmsTransform:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.ImageCmsTransform(lab, srgb(), "LAB", "RGB")


@lru_cache(maxsize=1)
def srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a transform changes test colours by at most one level. A profile's name does not tell: Android's for a
    wide gamut is called "sRGB EOTF with DCI-P3 Color Gamut"."""
    if mode == "CMYK":
        return False
    steps = range(0, 256, 51)
    colours = [(red, green, blue) for red in steps for green in steps for blue in steps]
    patch = Image.new("RGB", (len(colours), 1))
    patch.putdata(colours)
    patch = patch.convert(mode)
    difference = ImageChops.difference(apply_transform(patch, transform), patch.convert("RGB")).getextrema()
    return all(band[1] <= 1 for band in difference if isinstance(band, tuple))
