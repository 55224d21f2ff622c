"""Undoing the Content-Encoding that a stored object's own header names, within the limit of an original.

Uploaders set that header as they like: what is a picture as it stands is left alone, whatever the header says.
https://www.rfc-editor.org/rfc/rfc9110#section-8.4
"""

import zlib

from ..imaging.encoding import sniff
from ..imaging.errors import BrokenPicture, TooLarge, UnsupportedFormat
from ..imaging.parameters import shown

#: Codings that change nothing in what is stored: aws-chunked is of the upload.
NONE = frozenset({"", "identity", "aws-chunked"})
GZIP, DEFLATE = frozenset({"gzip", "x-gzip"}), frozenset({"deflate"})
#: More on top of one another than anybody means, and than urllib3 takes.
MOST_CODINGS = 5
#: Members of a gzip file, as parallel compressors write them, one for every 64 KB or so.
MOST_MEMBERS = 10_000
CHUNK = 64 * 1024
#: How files begin that `sniff` does not know, since no derivative is such: TIFF and BMP.
PICTURES = (b"II*\0", b"MM\0*", b"BM")


def undone(content: bytes, header: str, most: int) -> bytes:
    """The bytes before the codings that a Content-Encoding names were applied: not more than `most`. Raises TooLarge,
    BrokenPicture for what is no such data, and UnsupportedFormat for a coding that is not read here."""
    for coding in reversed(names(header)):
        if picture(content):
            break
        content = one_undone(content, coding, most)
    return content


TOO_MANY = f"The file is stored with more than {MOST_CODINGS} content codings on top of one another"


def check(header: str) -> None:
    """Raise UnsupportedFormat for too many codings, before the bytes are taken."""
    if header.count(",") >= MOST_CODINGS:
        raise UnsupportedFormat(TOO_MANY)


def unknown(header: str) -> str:
    """A coding in a Content-Encoding that is not read here; empty when there is none."""
    return next((one for one in names(header) if one not in GZIP | DEFLATE), "")


def names(header: str) -> list[str]:
    return [name for part in header.split(",") if (name := part.strip().lower()) not in NONE]


def picture(content: bytes) -> bool:
    return sniff(content).startswith("image/") or content.startswith(PICTURES) or content[4:8] == b"ftyp"


def one_undone(content: bytes, coding: str, most: int) -> bytes:
    if coding in GZIP:
        # Some stores and proxies unpack it themselves and leave the header.
        return unpacked(content, zlib.MAX_WBITS | 16, coding, most) if content.startswith(b"\x1f\x8b") else content
    if coding in DEFLATE:
        # With zlib's header, as the standard says, or without, as many write it.
        headed = len(content) > 1 and content[0] & 15 == 8 and int.from_bytes(content[:2], "big") % 31 == 0
        return unpacked(content, zlib.MAX_WBITS if headed else -zlib.MAX_WBITS, coding, most)
    raise UnsupportedFormat(
        f"The file is stored with Content-Encoding: {shown(coding)}, which is not read here; store it as it is, or "
        "with gzip or deflate"
    )


def unpacked(content: bytes, bits: int, coding: str, most: int) -> bytes:
    """What zlib makes of it, a bomb being refused as soon as it passes `most`."""
    found, members, rest = bytearray(), 0, memoryview(content)
    while rest:
        members += 1
        if members > MOST_MEMBERS:
            raise BrokenPicture(f"The file's {coding} data has more than {MOST_MEMBERS:,} parts")
        unpacker = zlib.decompressobj(bits)
        while not unpacker.eof:
            if not rest:
                raise BrokenPicture(f"The file is stored with Content-Encoding: {coding}, and its data is cut off")
            given = rest[:CHUNK]
            try:
                found += unpacker.decompress(given, most - len(found) + 1)
            except zlib.error:
                raise BrokenPicture(
                    f"The file is stored with Content-Encoding: {coding}, and its data is damaged"
                ) from None
            rest = rest[len(given) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data) :]
            if len(found) > most:
                raise TooLarge(f"The file's {coding} data unpacks to more than {most:,} bytes, which are allowed")
        if bytes(rest[:2]) != b"\x1f\x8b":  # what comes after it is padding
            break
    return bytes(found)
