"""What kind of file it is, by its first bytes."""

import re

from ...encoding import MEDIA_TYPES

#: Pillow's name of each format that is read here, by how its files begin. MPO begins as the JPEG that it is.
MAGIC = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"\x00\x00\x01\x00": "ICO",
    b"II\x2a\x00": "TIFF",
    b"MM\x00\x2a": "TIFF",
    b"II\x2b\x00": "TIFF",
    b"MM\x00\x2b": "TIFF",
    b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",
}

#: The brands by which a file in MPEG's container for videos says that it holds a picture. "mif1" does not say of which
#: kind.
AVIF_BRANDS = (b"avif", b"avis")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

#: The brands of videos, and what people call those.
VIDEOS = {
    b"qt  ": "a QuickTime video",
    b"3gp": "a 3GP video",
    b"M4V": "an MP4 video",
    b"mp4": "an MP4 video",
    b"iso": "an MP4 video",
    b"avc": "an MP4 video",
    b"dash": "an MP4 video",
}
#: Kinds of file that people try, so that the answer can name them.
FOREIGN = {
    b"%PDF": "a PDF document",
    b"%!PS": "a PostScript file",
    b"\xc5\xd0\xd3\xc6": "a PostScript file",
    b"8BPS": "a Photoshop document",
    b"\xff\x0a": "a JPEG XL picture",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL picture",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x1aE\xdf\xa3": "a WebM or Matroska video",
    b"FLV\x01": "a Flash video",
    b"\x00\x00\x01\xba": "an MPEG video",
}

#: Bytes within which the first element of a drawing has to begin.
PROLOG = 64 * 1024
DOCUMENT = re.compile(rb"<!DOCTYPE\s+(?:[a-z]+:)?svg[\s>]", re.IGNORECASE)
SPACE, ROOT = re.compile(rb"\s+"), re.compile(rb"<(?:[A-Za-z_][A-Za-z0-9._-]*:)?svg[\s/>]")


def kind(content: bytes) -> str | None:
    """Pillow's name of the format that the file says it has, if it is one that is read here."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        # AVIF and HEIC often share the major brand "mif1": only AVIF's own brands tell them apart.
        brands = content[8 : min(int.from_bytes(content[:4], "big"), 256)]
        if any(brand in brands for brand in AVIF_BRANDS):
            return "AVIF"
        return "HEIF" if any(brand in brands for brand in HEIF_BRANDS) else None
    return next((name for magic, name in MAGIC.items() if content.startswith(magic)), None)


def media_type(content: bytes) -> str:
    """The media type of the format that the file says it has; empty if it is none that is read here."""
    return MEDIA_TYPES[name.lower()] if (name := kind(content)) else ""


def is_svg(content: bytes) -> bool:
    """Whether it is an XML document in UTF-8 whose first element is <svg>: no web page that holds a drawing."""
    start = content[:PROLOG].removeprefix(b"\xef\xbb\xbf")
    at = past_space(start, 0)
    while (after := past_prolog(start, at)) > at:
        at = past_space(start, after)
    return ROOT.match(start, at) is not None


def past_space(start: bytes, at: int) -> int:
    found = SPACE.match(start, at)
    return found.end() if found else at


def past_prolog(start: bytes, at: int) -> int:
    """Where an instruction, a comment or a document type ends that begins there; `at` if none does."""
    if start.startswith(b"<?", at):
        return start.find(b"?>", at) + 2
    if start.startswith(b"<!--", at):
        return start.find(b"-->", at) + 3
    if DOCUMENT.match(start, at):
        declared, end = start.find(b"[", at), start.find(b">", at)
        # Programs declare entities for the names of their namespaces there.
        return start.find(b">", start.find(b"]", at) if 0 <= declared < end else at) + 1
    return at


def foreign(content: bytes) -> str:
    """In words, what a file is that is no picture read here."""
    if not content:
        return "empty"
    if content[:4] == b"RIFF" and content[8:12] == b"AVI ":
        return "an AVI video"
    if content[4:8] == b"ftyp":
        known = next((name for brand, name in VIDEOS.items() if content.startswith(brand, 8)), "")
        return known or "a video, or a picture in a video's container that is neither AVIF nor HEIC"
    for magic, name in FOREIGN.items():
        if content.startswith(magic):
            return name
    if is_svg(content):
        return "an SVG drawing"
    start = content[:1024]
    if re.match(rb"\s*<(!doctype html|html|\?xml)", start, re.IGNORECASE):
        return "a web page or an XML document"
    return (
        "text" if start.isascii() and start.decode("ascii").replace("\n", " ").strip().isprintable() else "no picture"
    )
