"""What the files of originals claim of their colours, and which claim counts: the one place that decides.

PNG: cICP, then the ICC profile, then sRGB, then gAMA with cHRM. AVIF and HEIC: the ICC profile, then nclx, then what an
AVIF's stream says. All others: the ICC profile. What contradicts itself or is reserved is ignored and logged, and the
next claim counts.
"""

import logging
from struct import unpack

from PIL import Image

from ...pillow.formats import format_of
from ..files import bmp, jpeg, png
from ..limits import LARGEST_PROFILE
from . import av1, codes, icc, nclx, tones
from .matrices import are_usable
from .space import SRGB, Chromaticities, ColourSpace, Signal

logger = logging.getLogger(__name__)

#: gAMA has five decimal places. That of sRGB stands for its curve, and so do those within 5 % of it, as in browsers.
UNIT, GAMMA_OF_SRGB, NEAR = 100_000, 0.45455, 0.05
#: The smallest and the largest gAMA of a picture: the exponents are 10 and 1/10.
GAMMAS = (0.1, 10.0)
#: By how much equal chromaticities may differ: writers round them.
ALIKE = 0.002


def colour_space_of(image: Image.Image, content: bytes) -> ColourSpace:
    """The colour space of an opened picture whose file is `content`."""
    match format_of(image):
        case "PNG":
            return of_png(content)
        case "AVIF" | "HEIF" as name:
            return of_profile(image.info.get("icc_profile")) or of_container(content, name) or SRGB
        case "JPEG":
            return of_profile(jpeg.icc_profile(content)) or SRGB
        case "BMP":
            return of_profile(bmp.icc_profile(content)) or SRGB
    return of_profile(image.info.get("icc_profile")) or SRGB


def of_png(content: bytes) -> ColourSpace:
    chunks = png.colours(content)
    if b"cICP" in chunks and (space := of_code_points(chunks[b"cICP"])):
        return space
    if b"iCCP" in chunks and (space := of_profile(png.icc_profile(chunks[b"iCCP"]))):
        return space
    if b"sRGB" in chunks or b"gAMA" not in chunks:
        return SRGB
    return of_gamma(chunks[b"gAMA"], chunks.get(b"cHRM"))


def of_profile(profile: bytes | None) -> ColourSpace | None:
    """The space of a profile; None if it is no profile. If its `cicp` names PQ or HLG, that counts, as in browsers: the
    rest of such a profile is for readers without tone mapping."""
    if not profile:
        return None
    if len(profile) > LARGEST_PROFILE:
        logger.warning("Ignored a colour profile of %d bytes", len(profile))
        return None
    if not icc.is_profile(profile):
        logger.warning("Ignored a colour profile that cannot be used: it does not begin as one, or is cut off")
        return None
    if icc.is_laborious(profile):
        logger.warning("Ignored a colour profile that takes too much to calculate")
        return None
    claimed = icc.code_points(profile)
    if claimed and claimed[1] in (codes.PQ, codes.HLG) and (space := of_code_points(claimed)):
        return space
    return ColourSpace(profile=profile)


def of_code_points(claimed: bytes) -> ColourSpace | None:
    """The space of a cICP; None unless it is full-range RGB with known code points."""
    if len(claimed) != 4 or claimed[2] or claimed[3] != 1:
        logger.warning("Ignored colours by code points that are not those of full-range RGB: %s", claimed.hex(" "))
        return None
    primaries, curve = claimed[0], claimed[1]
    if primaries not in codes.PRIMARIES or curve not in (*codes.CURVES, codes.PQ, codes.HLG):
        logger.warning("Ignored colours by code points that are reserved or not specified: %s", claimed.hex(" "))
        return None
    return space_of(codes.PRIMARIES[primaries], curve)


def of_container(content: bytes, name: str) -> ColourSpace | None:
    """The space that the nclx of an AVIF or HEIC names or, where an AVIF has none, the header of its stream."""
    claimed = nclx.code_points(content)
    return of_video(claimed or (av1.code_points(content) if name == "AVIF" else None))


def of_video(claimed: tuple[int, ...] | None) -> ColourSpace | None:
    """The space of code points whose matrix and range the decoder has applied already. Unspecified and reserved ones
    count as sRGB's. With the reserved curves 0 and 3 the primaries are ignored too, as in browsers."""
    if not claimed or claimed[1] in codes.RESERVED:
        return None
    primaries, curve = claimed[:2]
    if curve in codes.AS_SRGB or curve not in (*codes.CURVES, codes.PQ, codes.HLG):
        curve = codes.SRGB
    return space_of(codes.PRIMARIES.get(primaries, codes.BT709), curve)


def space_of(primaries: Chromaticities, curve: int) -> ColourSpace:
    """The space of primaries and the code point of a curve."""
    if curve == codes.PQ:
        return ColourSpace(levels=tones.even_levels(), signal=Signal(codes.PQ, primaries))
    if curve == codes.HLG:
        return ColourSpace(signal=Signal(codes.HLG, primaries))
    levels = None if curve == codes.SRGB else levels_of(codes.CURVES[curve])
    return ColourSpace(levels=levels, profile=profile_of(primaries))


def of_gamma(gamma: bytes, chromaticities: bytes | None) -> ColourSpace:
    """The space of gAMA and of cHRM, if there is one."""
    value = int.from_bytes(gamma, "big") / UNIT
    if len(gamma) != 4 or not GAMMAS[0] <= value <= GAMMAS[1]:
        logger.warning("Ignored a gAMA that is no picture's: %s", gamma.hex(" "))
        return SRGB
    primaries = codes.BT709
    if chromaticities is not None:
        named = primaries_of(chromaticities)
        if named:
            primaries = named
        else:
            logger.warning("Ignored a cHRM whose primaries span no colours: %s", chromaticities[:32].hex(" "))
    profile = profile_of(primaries)
    # With sRGB's primaries, its gamma is how sRGB was written before there was a chunk for it. With others it is exact.
    if profile is None and abs(value / GAMMA_OF_SRGB - 1) <= NEAR:
        return SRGB
    return ColourSpace(levels=levels_of(codes.power(1 / value)), profile=profile)


def primaries_of(chromaticities: bytes) -> Chromaticities | None:
    """The primaries and the white point of a cHRM; None if they are impossible."""
    if len(chromaticities) != 32:
        return None
    white_x, white_y, *rest = (value / UNIT for value in unpack(">8I", chromaticities))
    red_x, red_y, green_x, green_y, blue_x, blue_y = rest
    primaries = (red_x, red_y, green_x, green_y, blue_x, blue_y, white_x, white_y)
    return primaries if are_usable(primaries) else None


def profile_of(primaries: Chromaticities) -> bytes | None:
    """The profile of primaries, unless they are sRGB's."""
    same = all(abs(one - other) <= ALIKE for one, other in zip(primaries, codes.BT709, strict=True))
    return None if same else icc.profile_of(primaries)


def levels_of(curve: codes.Curve) -> bytes:
    """For each of 256 values of a curve, the sRGB value of the same light."""
    return bytes(round(255 * codes.to_srgb(curve(value / 255))) for value in range(256))
