"""PNG: its chunks."""

from collections.abc import Iterator
from zlib import crc32, decompressobj, error

#: Chunks of a PNG that hold compressed text or a compressed profile.
PNG_PACKED = (b"iCCP", b"zTXt", b"iTXt")


def png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The chunks of a PNG, as far as they are whole: the name of each, where it begins, and where the next one does.
    The data begins 8 bytes in, and ends 4 bytes before the end, where its checksum stands."""
    end = 8
    while end + 12 <= len(content):
        start = end
        end += 12 + int.from_bytes(content[start : start + 4], "big")
        yield content[start + 4 : start + 8], start, end


def png_without_bombs(content: bytes, most: int) -> bytes:
    """The PNG without the profiles and texts that unpack to more than `most` bytes, for which Pillow would refuse the
    whole picture."""
    kept, position = [], 0
    for name, start, end in png_chunks(content):
        if name in PNG_PACKED and unpacks_beyond(png_packed(name, content[start + 8 : end - 4]), most):
            kept.append(content[position:start])
            position = end
    return b"".join([*kept, content[position:]]) if kept else content


def png_packed(name: bytes, chunk: bytes) -> bytes:
    """The compressed part of a chunk: after a keyword, a zero and what each kind has there."""
    _, _, rest = chunk.partition(b"\0")
    if name != b"iTXt":
        return rest[1:]
    return rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""


def unpacks_beyond(packed: bytes, most: int) -> bool:
    unpacking = decompressobj()
    try:
        unpacking.decompress(packed, most)
    except error:
        return False  # Pillow passes over what cannot be unpacked
    return bool(unpacking.unconsumed_tail)


def png_ends(content: bytes) -> bool:
    """Whether a PNG goes on to its last chunk; one that does not was cut off."""
    return b"IEND\xae\x42\x60\x82" in content[-4096:]


def png_exif(content: bytes) -> bytes | None:
    """The EXIF of a PNG, which may stand after the pixels, where Pillow finds it only after decoding them."""
    for name, start, end in png_chunks(content):
        if name == b"eXIf" and crc32(content[start + 4 : end - 4]).to_bytes(4, "big") == content[end - 4 : end]:
            return content[start + 8 : end - 4]
    return None
