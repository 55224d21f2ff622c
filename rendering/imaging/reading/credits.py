"""The creator and the copyright notice: the only metadata of an original that a derivative may keep."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from PIL import ExifTags, Image, ImageFile, IptcImagePlugin
from PIL.TiffImagePlugin import IPTC_NAA_CHUNK, TiffImageFile

from ..errors import BrokenPicture
from ..pillow.formats import format_of
from ..pillow.readers import reading

#: IPTC's by-line and copyright notice: record 2, datasets 80 and 116 (IPTC-NAA Information Interchange Model 4).
BY_LINE, COPYRIGHT_NOTICE = (2, 80), (2, 116)

#: What XML escapes. Python's own function for it imports all that fetches URLs, a tenth of what a process that renders
#: imports.
ESCAPED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}

#: The most bytes of a name or a notice that are kept, of XMP that are searched for them, and of IPTC that are read.
MAX_LENGTH, LONGEST_XMP, LONGEST_IPTC = 1000, 1024 * 1024, 65_536
#: The most names in a list.
NAMES = 10


class Credits(Struct, frozen=True):
    """The texts as the original has them, in its own encoding; empty if it has none."""

    artist: bytes = b""
    copyright: bytes = b""

    def exif(self) -> bytes:
        """An EXIF block with the credits and nothing else; empty if there are none."""
        exif = Image.Exif()
        if self.artist:
            exif[ExifTags.Base.Artist] = self.artist
        if self.copyright:
            exif[ExifTags.Base.Copyright] = self.copyright
        return exif.tobytes() if len(exif) else b""


def credits_of(image: Image.Image, exif: Mapping[int, Any]) -> Credits:
    """The credits of an opened picture: those in its EXIF (values by tag number), else IPTC, else XMP."""
    iptc, xmp = iptc_of(image), xmp_of(image)
    return Credits(
        one_line(exif.get(ExifTags.Base.Artist)) or one_line(iptc.get(BY_LINE)) or xmp_items(xmp, b"dc:creator"),
        one_line(exif.get(ExifTags.Base.Copyright))
        or one_line(iptc.get(COPYRIGHT_NOTICE))
        or xmp_items(xmp, b"dc:rights"),
    )


def iptc_of(image: Image.Image) -> dict[Any, Any]:
    """An opened picture's IPTC values by record and dataset; empty if they cannot be read."""
    if not isinstance(image, ImageFile.ImageFile):
        return {}
    try:
        with reading(format_of(image)):
            if isinstance(image, TiffImageFile) and len(image.tag_v2.get(IPTC_NAA_CHUNK, b"")) > LONGEST_IPTC:
                return {}
            return IptcImagePlugin.getiptcinfo(image) or {}
    except BrokenPicture:  # as with EXIF: no picture fails because of its metadata
        return {}


def xmp_of(image: Image.Image) -> bytes:
    """An opened picture's XMP; empty if it has none."""
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found[:LONGEST_XMP].encode() if isinstance(found, str) else bytes(found[:LONGEST_XMP])


def one_line(value: Any) -> bytes:
    """A text of EXIF or IPTC in one line, in its original bytes. Pillow decodes EXIF as Latin-1, whatever it is."""
    if isinstance(value, list):
        value = b", ".join(part for part in value if isinstance(part, bytes))
    if isinstance(value, str):
        value = value.encode("latin-1", "replace")
    # EXIF separates the copyright of the photographer from that of the editor by a zero.
    return (
        b", ".join(value.replace(b"\0", b"\n").split(b"\n"))[:MAX_LENGTH].strip(b", ")
        if isinstance(value, bytes)
        else b""
    )


def xmp_items(xmp: bytes, name: bytes) -> bytes:
    """The items of a list in XMP, joined by commas: `<dc:creator><rdf:Seq><rdf:li>Name</rdf:li>…`."""
    # Searched, not parsed: an XML parser is much attack surface for what strangers upload.
    _, _, rest = xmp.partition(b"<" + name + b">")
    inner, end, _ = rest.partition(b"</" + name + b">")
    if not end:
        return b""
    items = [item.partition(b">")[2].partition(b"<")[0] for item in inner.split(b"<rdf:li", NAMES)[1:]]
    text = b", ".join(items).decode("utf-8", "replace")
    for escaped, character in ESCAPED.items():
        text = text.replace(escaped, character)
    return text.encode()[:MAX_LENGTH]
