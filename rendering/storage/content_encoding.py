"""Decodes the Content-Encoding of stored objects, within the limit on an original's bytes.

Uploaders often set that header wrongly, so content that already is a picture is left alone, whatever the header says.
https://www.rfc-editor.org/rfc/rfc9110#section-8.4
"""

import zlib

from ..imaging.errors import BrokenPicture, TooLarge, UnsupportedFormat
from ..imaging.parameters import excerpt
from ..imaging.reading.files import kinds

#: Codings that do not change what is stored. aws-chunked is about the upload.
NO_CODINGS = frozenset({"", "identity", "aws-chunked"})
GZIP, DEFLATE = frozenset({"gzip", "x-gzip"}), frozenset({"deflate"})
#: Nobody means to apply more, and urllib3 accepts no more.
MOST_CODINGS = 5
#: Members of a gzip file. Parallel compressors write one for about every 64 KB.
MOST_MEMBERS = 10_000
CHUNK = 64 * 1024


def decode_content(content: bytes, header: str, most: int) -> bytes:
    """Undo the codings of a Content-Encoding header.

    Raises TooLarge if the result has more than `most` bytes, BrokenPicture for damaged data, and UnsupportedFormat for
    a coding that is not supported.
    """
    for coding in reversed(codings_in(header)):
        if is_picture(content):
            break
        content = decode_once(content, coding, most)
    return content


TOO_MANY = f"The file's Content-Encoding has more than {MOST_CODINGS} codings"


def check_codings(header: str) -> None:
    """Raise UnsupportedFormat if a Content-Encoding has too many codings, before the object is read."""
    if header.count(",") >= MOST_CODINGS:
        raise UnsupportedFormat(TOO_MANY)


def unsupported_coding(header: str) -> str:
    """The first coding in a Content-Encoding that is not supported; empty if all are."""
    return next((one for one in codings_in(header) if one not in GZIP | DEFLATE), "")


def codings_in(header: str) -> list[str]:
    return [name for part in header.split(",") if (name := part.strip().lower()) not in NO_CODINGS]


def is_picture(content: bytes) -> bool:
    return kinds.kind(content) is not None or content[4:8] == b"ftyp"


def decode_once(content: bytes, coding: str, most: int) -> bytes:
    if coding in GZIP:
        # Some stores and proxies decompress the body and leave the header.
        return decompress(content, zlib.MAX_WBITS | 16, coding, most) if content.startswith(b"\x1f\x8b") else content
    if coding in DEFLATE:
        # With zlib's header, as the standard says, or without, as many servers send it.
        has_header = len(content) > 1 and content[0] & 15 == 8 and int.from_bytes(content[:2], "big") % 31 == 0
        return decompress(content, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS, coding, most)
    raise UnsupportedFormat(
        f"The file is stored with Content-Encoding: {excerpt(coding)}, which is not supported; store it without, or "
        "with gzip or deflate"
    )


def decompress(content: bytes, bits: int, coding: str, most: int) -> bytes:
    """Decompress with zlib, and stop as soon as there are more than `most` bytes. `bits` are zlib's wbits."""
    found, members, rest = bytearray(), 0, memoryview(content)
    while rest:
        members += 1
        if members > MOST_MEMBERS:
            raise BrokenPicture(f"The file's {coding} data has more than {MOST_MEMBERS:,} parts")
        decompressor = zlib.decompressobj(bits)
        while not decompressor.eof:
            if not rest:
                raise BrokenPicture(f"The file is stored with Content-Encoding: {coding}, and its data is truncated")
            chunk = rest[:CHUNK]
            try:
                found += decompressor.decompress(chunk, most - len(found) + 1)
            except zlib.error:
                raise BrokenPicture(
                    f"The file is stored with Content-Encoding: {coding}, and its data is damaged"
                ) from None
            rest = rest[len(chunk) - len(decompressor.unconsumed_tail) - len(decompressor.unused_data) :]
            if len(found) > most:
                raise TooLarge(f"The file's {coding} data decompresses to more than the {most:,} bytes allowed")
        if bytes(rest[:2]) != b"\x1f\x8b":  # the rest is padding
            break
    return bytes(found)
