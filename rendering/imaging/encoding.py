"""Formats, qualities and what a browser accepts. Pure functions; `render.py` does the encoding itself.

A recipe's format is one of FORMATS, ORIGINAL ("as the original") or NEGOTIATED ("whatever the browser likes best"). A
negotiated recipe is settled by one of three Accept classes, so that a cache has at most three pictures for one URL.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zlib import Z_RLE

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from . import documents
from .parameters import RGB


@dataclass(frozen=True, slots=True)
class Format:
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
ORIGINAL = "original"
NEGOTIATED = "auto"

#: What a browser accepts, as far as it matters here; "any" also stands where the recipe fixes the format.
Accept = Literal["avif", "webp", "any"]
#: What a negotiated format may become.
Offer = Literal["avif", "webp"]


FormatWord = Annotated[str, Meta(pattern=rf"^(?:{'|'.join((*FORMATS, ORIGINAL, NEGOTIATED))})\Z")]


class Encoding(Struct, frozen=True):
    """How a derivative is written. A quality of None is the service's default, filled in by `Recipe.settled`."""

    format: FormatWord = ORIGINAL
    jpeg_quality: documents.Quality | None = None
    webp_quality: documents.Quality | None = None
    avif_quality: documents.Quality | None = None
    #: What shows through transparent parts where the format has no alpha.
    background: documents.Hex = "ffffff"
    accept: Accept = "any"
    #: What a negotiated format may become, if the browser accepts it.
    offers: tuple[Offer, ...] = ("avif", "webp")
    #: Bytes that a file may have; its quality is the best with which it has no more.
    max_bytes: documents.Bytes | None = None
    #: Where nothing else decides the format, write a PNG without transparency as JPEG.
    png_to_jpeg: bool = False
    #: Show an animation as its first frame.
    still: bool = False
    #: Refuse an animation that is over the limits, instead of showing its first frame.
    keep_animation: bool = False
    #: Hand on who made the picture and whose it is.
    keep_copyright: bool = False
    #: Write what does not fit in `max_bytes` as small as it can be, instead of refusing it.
    smallest: bool | UnsetType = UNSET

    @property
    def background_rgb(self) -> RGB:
        red, green, blue = bytes.fromhex(self.background)
        return red, green, blue

    @property
    def negotiated(self) -> bool:
        return self.format == NEGOTIATED


def choose(encoding: Encoding, original_format: str, alpha: bool, animated: bool) -> Format:
    """The format to write, for an original of that format (a word as in FORMATS, or "tiff", "bmp", "ico") and a picture
    that has transparent parts or moves."""
    if encoding.format in FORMATS:
        return FORMATS[encoding.format]
    plain = FORMATS["png"] if alpha else FORMATS["jpeg"]
    if encoding.format == ORIGINAL:
        if encoding.png_to_jpeg and original_format == "png" and not animated:
            return plain
        return FORMATS.get(original_format, plain)
    # Negotiated. Films: few browsers that read AVIF play it, and no negotiation turns one into a still.
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


#: Pixels up to which an AVIF gets the time for a better encoding: it costs 40 ms for a picture of 400 x 400.
SMALL_AVIF = 200_000


#: Pixels up to which a JPEG's code is always fitted to it, and pixels for each byte from which it is worth coding a
#: larger one twice for that.
SMALL_JPEG, SMOOTH_JPEG = 200_000, 8

#: Formats that hold what a lens saw, grain and all. (A WebP or PNG may as well be a drawing.)
PHOTOGRAPHIC = ("jpeg", "avif", "heif")


def options(
    chosen: Format, encoding: Encoding, pixels: int, animated: bool, *, photographic: bool = False
) -> dict[str, Any]:
    """What Pillow's encoder is told for a picture of so many pixels, whose original is in a PHOTOGRAPHIC format or not.
    The one place for it; the figures are CPU time and bytes on photographs, of Pillow 13 on one thread."""
    # No quality can be None here: Recipe.settled fills them in.
    match chosen.name:
        case "jpeg":
            # A code fitted to the picture (optimised Huffman tables) takes 2 to 3 times the time: at 90 pixels 0.01 ms
            # for 8 to 27 % of the bytes, at 400 pixels 0.5 ms for 2 to 10 %; at 800 pixels 2 ms for 1.4 %, but see
            # `better`. Progressive scans take seven times the time.
            return {"quality": encoding.jpeg_quality, "optimize": pixels <= SMALL_JPEG, "progressive": False}
        case "webp":
            # Method 6 would save 4 % for 2.5 times the time. Pillow's keyframes encode a frame twice: kmin=kmax=0.
            webp = {"quality": encoding.webp_quality, "method": 4, **({"kmin": 0, "kmax": 0} if animated else {})}
            # As in Thumbor, 100 means without loss. A quality then is the effort: this much takes half the time of all.
            return webp | {"lossless": True, "quality": 50} if encoding.webp_quality == 100 else webp
        case "avif":
            # One thread: several give other bytes from run to run, and equal recipes have to give equal files.
            avif = {"quality": encoding.avif_quality, "max_threads": 1}
            if pixels <= SMALL_AVIF and not animated:
                # With every pixel's colour of its own: photographs of 400 pixels take 3 % fewer bytes and are 10 %
                # nearer than below, flat graphics take a third and are four times as near; 45 ms instead of 10.
                return avif | {"speed": 8, "subsampling": "4:4:4"}
            # Speed 9 takes a tenth of the time of speed 6 for 10 % more bytes: 0.1 s for two megapixels, not 1.
            return avif | {"speed": 9}
        case "png":
            if photographic:
                # Nothing in a photograph occurs twice. Not looking for it takes 2 % fewer bytes and 60 % of the time.
                return {"compress_type": Z_RLE}
            return {"compress_level": 6}
        case _:
            return {}  # a GIF is written by gif.py, with nothing to choose


def better(chosen: Format, told: dict[str, Any], pixels: int, length: int) -> dict[str, Any] | None:
    """What the encoder is told instead where it is worth encoding once more, after so many bytes came out."""
    # Of smooth pictures, as of products on white, the code takes much: fitted it is 5 to 15 % less, for 1 ms at 800
    # pixels.
    if chosen.name == "jpeg" and not told["optimize"] and length * SMOOTH_JPEG < pixels:
        return told | {"optimize": True}
    return None


def quality(chosen: Format, encoding: Encoding) -> int:
    """The quality with which that format is written; 0 if it has none."""
    return getattr(encoding, f"{chosen.name}_quality") or 0 if chosen.lossy else 0


def with_quality(encoding: Encoding, value: int) -> Encoding:
    return replace(encoding, jpeg_quality=value, webp_quality=value, avif_quality=value)


def accept_class(header: str | None, offers: Sequence[str] = ("avif", "webp")) -> Accept:
    """The Accept class that a browser's header belongs to, of those that are offered.

    Only a format's own name counts. `image/*` and `*/*` do not: everything sends them, whatever it reads.

    A CDN's function reads the same header before us, in another language: `tests/accept.json` holds both to one table.
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
    """The q of an entry of an Accept header (RFC 9110, 12.4.2): 1 where there is none, 0 where it is none."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip(" \t") == "q":
            value = value.strip(" \t")
            return float(value) if re.fullmatch(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", value) else 0.0
    return 1.0


def sniff(content: bytes) -> str:
    """The media type of a derivative, by its first bytes: for storages that keep no type beside a file."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return "application/octet-stream"
