"""Colour profiles: transforms to sRGB, by lcms."""

import logging
from functools import lru_cache
from io import BytesIO
from itertools import product

from PIL import Image, ImageChops, ImageCms

logger = logging.getLogger(__name__)

#: The colour spaces of profiles that fit a mode, and the mode that lcms is given for each. Given a transform for other
#: channels, lcms writes out of bounds. Greys are colours too: a profile for RGB says how light they are.
SPACES = {
    "RGB": {"RGB": "RGB"},
    "L": {"GRAY": "L", "RGB": "RGB"},
    "CMYK": {"CMYK": "CMYK"},
}

#: What ImageCms raises for a profile that lcms cannot read or use for a transform.
UNUSABLE = (OSError, ValueError, TypeError, RuntimeError, ImageCms.PyCMSError)

#: How much darker than black, in L* of 255, another corner of RGB may be, and how far black's a* and b* from NEUTRAL.
AS_DARK, AS_GREY, NEUTRAL = 3, 16, 128

INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC


# Building one takes 2 ms, for profiles of print 22 ms: as long as everything else for a small derivative. The profile
# itself is the key, so the cache holds at most 32 MB.
@lru_cache(maxsize=8)
def cached_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform of pictures of that mode (L, RGB or CMYK) from a profile to sRGB; None if the profile is unusable
    or equivalent to sRGB. The transform's own `input_mode` is RGB where a profile for RGB is that of a picture in L."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        space = source.profile.xcolor_space
    except UNUSABLE as error:  # no picture fails because of its profile
        logger.warning("Ignored a colour profile that cannot be used: %s", error)
        return None
    given = SPACES[mode].get(space.strip())
    if given is None:
        logger.warning("Ignored a colour profile for %r on a picture in %s", space, mode)
        return None
    try:
        # Black point compensation, as in Photoshop: the black of paper becomes that of a screen.
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION if has_black(source, given) else ImageCms.Flags.NONE
        transform = ImageCms.ImageCmsTransform(source, srgb(), given, "RGB", INTENT, flags=flags)
    except UNUSABLE as error:
        logger.warning("Ignored a colour profile that cannot be used: %s", error)
        return None
    return None if changes_nothing(transform, mode) else transform


@lru_cache(maxsize=1)
def lab_transform() -> ImageCms.ImageCmsTransform:
    return ImageCms.ImageCmsTransform(lab(), srgb(), "LAB", "RGB")


@lru_cache(maxsize=1)
def lab() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))


@lru_cache(maxsize=1)
def srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def has_black(source: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Whether (0, 0, 0) is black in an RGB profile, the darkest colour and neutral, as black point compensation
    assumes. It is not where the channels are luma and chroma: everything would become too dark."""
    if mode != "RGB" or source.profile.is_matrix_shaper:
        return True
    corners = Image.new("RGB", (8, 1))
    corners.putdata(list(product((0, 255), repeat=3)))
    measured = ImageCms.ImageCmsTransform(source, lab(), "RGB", "LAB", INTENT).apply(corners)
    lightness, *chroma = (band.tobytes() for band in measured.split())  # (0, 0, 0) is first
    return lightness[0] <= min(lightness) + AS_DARK and all(abs(band[0] - NEUTRAL) <= AS_GREY for band in chroma)


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
    changed = transform.apply(patch.convert(transform.input_mode))
    difference = ImageChops.difference(changed, patch.convert("RGB")).getextrema()
    return all(band[1] <= 1 for band in difference if isinstance(band, tuple))
