"""Formats, qualities, options of encoders, and negotiation by Accept. Pure functions; `pipeline/writing.py` encodes.

A recipe's format is one of FORMATS, ORIGINAL (as the original's) or NEGOTIATED (the best that the browser accepts). An
Accept header belongs to one of three classes, so a cache has at most three pictures for one negotiated URL.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from zlib import Z_RLE

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from . import documents
from .parameters import RGB


class Format(Struct, frozen=True):
    """A format that pictures are served in."""

    name: str  # the word in recipes and URLs
    pillow: str  # Pillow's name for its plugin
    type: str  # media type
    alpha: bool
    animated: bool
    lossy: bool  # whether a quality means anything


FORMATS = {
    kind.name: kind
    for kind in (
        Format("jpeg", "JPEG", "image/jpeg", alpha=False, animated=False, lossy=True),
        Format("png", "PNG", "image/png", alpha=True, animated=True, lossy=False),
        Format("webp", "WEBP", "image/webp", alpha=True, animated=True, lossy=True),
        Format("avif", "AVIF", "image/avif", alpha=True, animated=True, lossy=True),
        Format("gif", "GIF", "image/gif", alpha=True, animated=True, lossy=False),
    )
}
#: Media types of the formats that are read but not written, by Pillow's names in lower case.
READ_ONLY = {
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "ico": "image/x-icon",
    "heif": "image/heic",
    "jpeg2000": "image/jp2",
}
SVG = "svg"
#: Media types of all that is served, by the names of formats. A drawing is only ever passed on.
MEDIA_TYPES = {**{one.name: one.type for one in FORMATS.values()}, **READ_ONLY, SVG: "image/svg+xml"}
ORIGINAL = "original"
NEGOTIATED = "auto"
#: The file of the original, byte for byte.
UNCHANGED = "unchanged"

#: The class of an Accept header: the best format that the browser accepts beyond those that every browser reads, or
#: "any" if there is none. Also "any" where the recipe fixes the format.
Accept = Literal["avif", "webp", "any"]
#: A format that negotiation may choose.
Offer = Literal["avif", "webp"]


FormatWord = Annotated[str, Meta(pattern=rf"^(?:{'|'.join((*FORMATS, ORIGINAL, NEGOTIATED, UNCHANGED))})\Z")]


class Encoding(Struct, frozen=True):
    """How a derivative is written. A quality of None is the service's default, which `Recipe.settled` fills in."""

    format: FormatWord = ORIGINAL
    jpeg_quality: documents.Quality | None = None
    webp_quality: documents.Quality | None = None
    avif_quality: documents.Quality | None = None
    #: The colour behind transparent parts where the format has no alpha.
    background: documents.Hex = "ffffff"
    accept: Accept = "any"
    #: The formats that negotiation may choose, if the browser accepts them.
    offers: tuple[Offer, ...] = ("avif", "webp")
    #: The most bytes that a file may have. The quality is then the best that fits.
    max_bytes: documents.Bytes | None = None
    #: Where nothing else decides the format, write a PNG without transparency as JPEG.
    png_to_jpeg: bool = False
    #: Show an animation as its first frame.
    still: bool = False
    #: Refuse an animation that is over the limits, instead of showing its first frame.
    keep_animation: bool = False
    #: Keep the creator and copyright of the original.
    keep_copyright: bool = False
    #: Write a picture that does not fit into `max_bytes` as small as possible, instead of refusing it.
    smallest: bool | UnsetType = UNSET

    @property
    def background_rgb(self) -> RGB:
        red, green, blue = bytes.fromhex(self.background)
        return red, green, blue

    @property
    def negotiated(self) -> bool:
        return self.format == NEGOTIATED


def choose(encoding: Encoding, original_format: str, alpha: bool, animated: bool) -> Format:
    """Choose the format to write.

    `original_format` is a name as in FORMATS, or another such as "tiff", "bmp" or "ico". `alpha` and `animated` say
    whether the finished picture has transparent parts and whether it has several frames.
    """
    if encoding.format in FORMATS:
        return FORMATS[encoding.format]
    plain = FORMATS["png"] if alpha else FORMATS["jpeg"]
    if encoding.format in (ORIGINAL, UNCHANGED):
        if encoding.png_to_jpeg and original_format == "png" and not animated:
            return plain
        # TIFFs are lossless. What else is not written, such as BMP and HEIC, mostly holds photographs.
        return FORMATS["png"] if original_format == "tiff" else FORMATS.get(original_format, plain)
    # Negotiated. Animations are never AVIF, because few browsers that show AVIF stills play its animations, and
    # negotiation must not turn an animation into a still.
    if animated:
        if encoding.accept != "any":
            return FORMATS["webp"]
        return FORMATS["png"] if original_format == "png" else FORMATS["gif"]
    if encoding.accept != "any":
        return FORMATS[encoding.accept]
    if encoding.png_to_jpeg and original_format == "png":
        return plain
    if original_format in ("png", "gif") or (original_format == "jpeg" and not alpha):
        return FORMATS[original_format]
    return plain


#: AVIFs of up to this many pixels get the better and slower encoding, which takes 40 ms more at 400 x 400.
SMALL_AVIF = 200_000


#: JPEGs of up to SMALL_JPEG pixels always get optimised Huffman tables. Larger ones are encoded again with such tables
#: if they turn out smooth: at least SMOOTH_JPEG pixels for each byte.
SMALL_JPEG, SMOOTH_JPEG = 200_000, 8

#: Formats that mostly hold photographs, with their grain. A WebP or PNG may just as well be a drawing.
PHOTOGRAPHIC = ("jpeg", "avif", "heif")


def options(
    chosen: Format, encoding: Encoding, pixels: int, animated: bool, *, photographic: bool = False
) -> dict[str, Any]:
    """The options of Pillow's encoder for a picture of `pixels` pixels; for an animation, of each frame.

    `photographic` says whether the original is in a PHOTOGRAPHIC format. The figures below are CPU time and bytes of
    photographs, measured with Pillow 13 on one thread.
    """
    # Qualities cannot be None here: Recipe.settled fills them in.
    match chosen.name:
        case "jpeg":
            # Optimised Huffman tables take 2 to 3 times as long: at 90 pixels 0.01 ms more, for 8 to 27 % fewer bytes;
            # at 400 pixels 0.5 ms for 2 to 10 %; at 800 pixels 2 ms for 1.4 %, but see `better_options`. Progressive
            # scans take seven times as long.
            return {"quality": encoding.jpeg_quality, "optimize": pixels <= SMALL_JPEG, "progressive": False}
        case "webp":
            # Method 6 would save 4 % and take 2.5 times as long. kmin=kmax=0 turns off Pillow's key frames, which
            # encode a frame twice.
            webp = {"quality": encoding.webp_quality, "method": 4, **({"kmin": 0, "kmax": 0} if animated else {})}
            # As in Thumbor, 100 means lossless. The quality is then an effort, and 50 takes half the time of 100.
            return webp | {"lossless": True, "quality": 50} if encoding.webp_quality == 100 else webp
        case "avif":
            # One thread, because several give other bytes from run to run, and equal recipes must give equal files.
            avif = {"quality": encoding.avif_quality, "max_threads": 1}
            if pixels <= SMALL_AVIF and not animated:
                # Chroma is not subsampled. Against the options below, photographs of 400 pixels take 3 % fewer bytes
                # with 10 % less error, and flat graphics a third of the bytes with a quarter of the error, in 45 ms
                # instead of 10.
                return avif | {"speed": 8, "subsampling": "4:4:4"}
            # Speed 9 takes 0.1 s for two megapixels where speed 6 takes 1 s, for 10 % more bytes.
            return avif | {"speed": 9}
        case "png":
            if photographic:
                # In a photograph only runs of a byte repeat. Without a search for more the file has 2 % fewer bytes and
                # takes 60 % of the time.
                return {"compress_type": Z_RLE}
            return {"compress_level": 6}
        case _:
            return {}  # animation/gif.py writes GIFs, which have no options


def better_options(chosen: Format, first: dict[str, Any], pixels: int, length: int) -> dict[str, Any] | None:
    """The options for encoding once more, if that is worth its time; else None.

    `first` are the options used so far, with which the file of `pixels` pixels has `length` bytes.
    """
    # Huffman codes are much of a smooth picture, such as a product on white: optimised tables save 5 to 15 %, for 1 ms
    # at 800 pixels.
    if chosen.name == "jpeg" and not first["optimize"] and length * SMOOTH_JPEG < pixels:
        return first | {"optimize": True}
    return None


def quality(chosen: Format, encoding: Encoding) -> int:
    """The quality of that format in an encoding; 0 if the format has none."""
    return getattr(encoding, f"{chosen.name}_quality") or 0 if chosen.lossy else 0


def with_quality(encoding: Encoding, value: int) -> Encoding:
    """The encoding with one quality, from 1 to 100, for all lossy formats."""
    return replace(encoding, jpeg_quality=value, webp_quality=value, avif_quality=value)


def accept_class(header: str | None, offers: Sequence[str] = ("avif", "webp")) -> Accept:
    """The class of an Accept header, among the formats that are offered.

    Only a format's own name counts. `image/*` and `*/*` do not, because clients send them whatever they can read.

    A CDN function in JavaScript classifies the header before us. `tests/accept.json` tests both with one table.
    """
    wanted = {"image/avif": 0.0, "image/webp": 0.0}
    for entry in (header or "").lower().split(","):
        name, *parameters = (part.strip(" \t") for part in entry.split(";"))
        if name in wanted:
            wanted[name] = max(wanted[name], weight(parameters))
    avif, webp = (wanted[f"image/{name}"] if name in offers else 0.0 for name in ("avif", "webp"))
    if avif and avif >= webp:
        return "avif"
    return "webp" if webp else "any"


def weight(parameters: list[str]) -> float:
    """The q of an entry of an Accept header (RFC 9110, 12.4.2): 1 if it is missing, 0 if it is malformed."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip(" \t") == "q":
            value = value.strip(" \t")
            return float(value) if re.fullmatch(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", value) else 0.0
    return 1.0
