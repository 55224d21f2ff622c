"""Who made a picture and whose it is: the one thing that a derivative may keep of what its original says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import unescape

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from ..errors import BrokenPicture
from ..pillow.formats import format_of
from ..pillow.readers import reading

#: IPTC's by-line and copyright notice: record 2, datasets 80 and 116 (IPTC-NAA Information Interchange Model 4).
BY_LINE, COPYRIGHT_NOTICE = (2, 80), (2, 116)

#: Bytes of a name or a notice that are handed on. The longest notice in use says whom to ask, not what the law is.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Credits:
    """The words as the original has them, in its own encoding of text."""

    artist: bytes = b""
    copyright: bytes = b""

    def exif(self) -> bytes:
        """An EXIF block that says this and nothing else."""
        exif = Image.Exif()
        if self.artist:
            exif[ExifTags.Base.Artist] = self.artist
        if self.copyright:
            exif[ExifTags.Base.Copyright] = self.copyright
        return exif.tobytes() if len(exif) else b""


def credits_of(image: Image.Image, exif: Mapping[int, Any]) -> Credits:
    """What the EXIF (values by the numbers of tags), else the IPTC, else the XMP of an opened picture says."""
    iptc, xmp = iptc_of(image), xmp_of(image)
    return Credits(
        plain(exif.get(ExifTags.Base.Artist)) or plain(iptc.get(BY_LINE)) or listed(xmp, b"dc:creator"),
        plain(exif.get(ExifTags.Base.Copyright)) or plain(iptc.get(COPYRIGHT_NOTICE)) or listed(xmp, b"dc:rights"),
    )


def iptc_of(image: Image.Image) -> dict[Any, Any]:
    if not isinstance(image, ImageFile.ImageFile):
        return {}
    try:
        with reading(format_of(image)):
            return IptcImagePlugin.getiptcinfo(image) or {}
    except BrokenPicture:  # as with EXIF: a picture never fails for what is written about it
        return {}


def xmp_of(image: Image.Image) -> bytes:
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found.encode() if isinstance(found, str) else bytes(found)


def plain(value: Any) -> bytes:
    """A value of EXIF or IPTC in one line of bytes. Pillow reads EXIF's text as Latin-1, whatever it is."""
    if isinstance(value, list):
        value = b", ".join(part for part in value if isinstance(part, bytes))
    if isinstance(value, str):
        value = value.encode("latin-1", "replace")
    # A zero stands between photographer and editor.
    return (
        b", ".join(value.replace(b"\0", b"\n").split(b"\n"))[:LONGEST].strip(b", ") if isinstance(value, bytes) else b""
    )


def listed(xmp: bytes, name: bytes) -> bytes:
    """The items of one of XMP's lists: `<dc:creator><rdf:Seq><rdf:li>Name</rdf:li>…`."""
    # Searched for, not parsed: an XML parser is a large thing to point at what strangers send.
    _, _, rest = xmp.partition(b"<" + name + b">")
    inner, end, _ = rest.partition(b"</" + name + b">")
    if not end:
        return b""
    items = [item.partition(b">")[2].partition(b"<")[0] for item in inner.split(b"<rdf:li")[1:]]
    return unescape(b", ".join(items[:10]).decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"}).encode()[
        :LONGEST
    ]
