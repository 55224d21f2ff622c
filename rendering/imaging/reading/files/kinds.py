"""What kind of file it is, by its first bytes."""

import re

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
}


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


def foreign(content: bytes) -> str:
    """In words, what a file is that is no picture read here."""
    if not content:
        return "empty"
    if content[4:8] == b"ftyp":
        return "a video, or a picture in a video's container that is neither AVIF nor HEIC"
    for magic, name in FOREIGN.items():
        if content.startswith(magic):
            return name
    start = content[:1024]
    if re.search(rb"<svg[\s>]", start):
        return "an SVG drawing"
    if re.match(rb"\s*<(!doctype html|html|\?xml)", start, re.IGNORECASE):
        return "a web page or an XML document"
    return (
        "text" if start.isascii() and start.decode("ascii").replace("\n", " ").strip().isprintable() else "no picture"
    )
