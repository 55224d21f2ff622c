"""JPEG: its scans, counted without decoding one, and its colour profile."""

import logging
import re
from collections.abc import Iterator
from itertools import count, islice

from ...errors import TooLarge
from ..limits import Limits, check_exif, megapixels

logger = logging.getLogger(__name__)

#: A JPEG marker outside of a segment: not a stuffed zero, not a restart marker, not the padding before it. (Written so
#: that it begins with one certain byte, which is searched for twenty times as fast as `\xff+`, and so that a long
#: padding is looked through once, not again from each of its bytes.)
JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
JPEG_SCAN = re.compile(rb"\xff\xda")
START_OF_SCAN, END_OF_IMAGE, APPLICATION_1 = 0xDA, 0xD9, 0xE1
#: How a segment of EXIF begins, after its length.
EXIF = b"Exif\0\0"
#: Frames of JPEGs: those that are coded in one go, in Huffman's code; and the others. The gaps are other segments.
SEQUENTIAL = frozenset((0xC0, 0xC1))
OTHER_FRAMES = frozenset(range(0xC2, 0xD0)) - {0xC4, 0xC8, 0xCC}

#: A piece of an ICC file: the segment's marker, what it begins with, and how many bytes come before the data.
PROFILE, PROFILE_NAME, PROFILE_HEAD = 0xE2, b"ICC_PROFILE\0", 14

#: Lossless frames. They have no frequencies, so decoders cannot reduce them.
LOSSLESS = frozenset((0xC3, 0xCB))

#: The bits per sample that the standard allows.
PRECISIONS = range(2, 17)

#: Frames of a picture that is coded at several sizes.
HIERARCHICAL = frozenset((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF))

#: The frame of JPEG-LS, which is another format.
JPEG_LS = 0xF7

#: Application segments that Pillow reads to their seventh byte, by how they begin.
READ_TO_SEVENTH, SEVENTH = {0xE0: b"JFIF", 0xEE: b"Adobe"}, 7

#: Markers after which no length stands.
WITHOUT_LENGTH = frozenset((0x01, 0xC8, 0xD8, 0xD9, *range(0xF0, 0xFE)))

#: Segments, with all that readers make objects of in them, and bytes between segments. Profiles and metadata in pieces
#: of 64 KB take some hundred.
SEGMENTS, BETWEEN = 30_000, 50_000
#: Segments that are read part by part: the tables of quantization, each of which counts as four parts, the components
#: of a frame or of a hierarchy of frames, of 3 bytes, and the resources of Photoshop.
QUANTIZATION, TABLE, HIERARCHY, COMPONENT, PHOTOSHOP, RESOURCE = 0xDB, 16, 0xDE, 3, 0xED, b"8BIM"

#: Scans times pixels. Encoders write some ten scans, which are never refused; a thousand megapixels take a decoder a
#: second without any data.
FEW_SCANS, SCANNED_PIXELS = 16, 1_500_000_000


def jpeg_scans(content: bytes, most: int) -> int:
    """How many scans a JPEG has, as far as a decoder goes through them; counting stops above `most`. Raises TooLarge
    for one of too many segments."""
    if jpeg_is_one_scan(content):
        return 1
    # These two bytes cannot occur within a scan's data, so their number is never too low, and all that most files need.
    # It may be too high, for files with thumbnails, second pictures or videos after them: only those are walked.
    # (The expression is searched for in a third of the time that bytes.count takes.)
    candidates = sum(1 for _ in islice(JPEG_SCAN.finditer(content), most + 1))
    if candidates <= most:
        return candidates
    scans, position = 0, 2
    for number in count():
        marker = JPEG_MARKER.search(content, position)
        if scans > most or not marker or marker[1][0] == END_OF_IMAGE:
            return scans
        refuse_over(number)
        scans += marker[1][0] == START_OF_SCAN
        # A segment's length counts its own two bytes, so a file cannot hold this loop up by claiming zero.
        position = marker.end() + max(2, int.from_bytes(content[marker.end() : marker.end() + 2], "big"))
    raise AssertionError("The numbers have ended")


def jpeg_is_one_scan(content: bytes) -> bool:
    """Whether a JPEG's first scan is the whole picture, so that decoders stop after it: the file is not progressive,
    and the scan has all components, as cameras write it."""
    components, position = 0, 2
    while marker := JPEG_MARKER.search(content, position):
        start, kind = marker.end(), marker[1][0]
        if start + 8 > len(content):
            break
        if kind == START_OF_SCAN:
            return 0 < components == content[start + 2]
        if kind in SEQUENTIAL:
            components = content[start + 7]
        elif kind in OTHER_FRAMES:
            break
        position = start + int.from_bytes(content[start : start + 2], "big")
        if position + 10 > len(content):
            break
    return False


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for too many scans, of any picture or of one that large, or for too many segments before them."""
    pixels = header_pixels(content)
    scans = jpeg_scans(content, limits.scans)
    if scans > limits.scans:
        raise TooLarge(
            f"The picture is a JPEG of more than {limits.scans} scans, each a pass over all of it; save it with fewer"
        )
    if scans > FEW_SCANS and scans * pixels > SCANNED_PIXELS:
        found, allowed = megapixels(scans * pixels, SCANNED_PIXELS)
        raise TooLarge(
            f"The picture is a JPEG of {scans} scans, each a pass over all of it, {found} megapixels together; "
            f"{allowed} are allowed; save it with fewer scans"
        )


def header_pixels(content: bytes) -> int:
    """The pixels that the header, up to the first scan, says there are. Raises TooLarge for one of too many segments,
    or of too many bytes between them, which a reader goes through one by one, or of too much EXIF, whose segments a
    reader puts together."""
    position, between, pixels, exif, parts = 2, 0, 0, 0, 0
    while (marker := JPEG_MARKER.search(content, position)) and marker[1][0] != START_OF_SCAN:
        start, kind = marker.end(), marker[1][0]
        between += start - 2 - position
        if between > BETWEEN:
            raise TooLarge(f"The picture is a JPEG with more than {BETWEEN:,} bytes between its segments; save it anew")
        if kind in SEQUENTIAL or kind in OTHER_FRAMES:
            height, width = (int.from_bytes(content[at : at + 2], "big") for at in (start + 3, start + 5))
            pixels = max(pixels, width * height)
        if kind == APPLICATION_1 and content.startswith(EXIF, start + 2):
            exif += int.from_bytes(content[start : start + 2], "big")
            check_exif(exif)
        length = 0 if kind in WITHOUT_LENGTH else max(2, int.from_bytes(content[start : start + 2], "big"))
        position = start + length
        parts += parts_of(content, kind, start, position)
        refuse_over(parts)
    return pixels


def parts_of(content: bytes, kind: int, start: int, end: int) -> int:
    """How many objects a reader makes of a segment, by the second byte of its marker."""
    if kind == QUANTIZATION:
        return 1 + (end - start) // TABLE
    if kind in SEQUENTIAL or kind in OTHER_FRAMES or kind == HIERARCHY:
        return 1 + (end - start) // COMPONENT
    return 1 + (content.count(RESOURCE, start, end) if kind == PHOTOSHOP else 0)


def refuse_over(parts: int) -> None:
    if parts > SEGMENTS:
        raise TooLarge(f"The picture is a JPEG of more than {SEGMENTS:,} segments, or parts of them; save it anew")


def icc_profile(content: bytes) -> bytes | None:
    """The ICC profile of a JPEG, joined from its numbered pieces before the first scan; None if there is none, or a
    piece is missing. Repeated pieces count once. Some writers number from 0."""
    pieces: dict[int, bytes] = {}
    total, position = 0, 2
    for _ in range(SEGMENTS):
        marker = JPEG_MARKER.search(content, position)
        if not marker or marker[1][0] == START_OF_SCAN:
            break
        start, kind = marker.end(), marker[1][0]
        length = 0 if kind in WITHOUT_LENGTH else max(2, int.from_bytes(content[start : start + 2], "big"))
        position = start + length
        body = start + 2 + PROFILE_HEAD
        if kind == PROFILE and content.startswith(PROFILE_NAME, start + 2) and body <= position:
            number, count = content[body - 2 : body]
            total = total or count
            pieces.setdefault(number, content[body:position])
    numbers = sorted(pieces)
    if numbers not in (list(range(1, total + 1)), list(range(total))):
        logger.warning("Ignored the colour profile of a JPEG, of which pieces are missing: %s of %d", numbers, total)
        return None
    return b"".join(pieces[number] for number in numbers) or None


def segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """The segments of the header, up to the first scan: the marker's second byte, and where the segment begins and
    ends."""
    position = 2
    while (marker := JPEG_MARKER.search(content, position)) and marker[1][0] not in (START_OF_SCAN, END_OF_IMAGE):
        start, kind = marker.end() - 2, marker[1][0]
        length = 0 if kind in WITHOUT_LENGTH else max(2, int.from_bytes(content[start + 2 : start + 4], "big"))
        position = start + 2 + length
        yield kind, start, position


def frame(content: bytes) -> tuple[int, bytes]:
    """The second byte of the frame's marker, and the content of its segment: precision, height and width (two bytes
    each), number of components. 0 and empty if there is none."""
    for kind, start, end in segments(content):
        if kind in SEQUENTIAL or kind in OTHER_FRAMES:
            return kind, content[start + 4 : end]
    return 0, b""


def is_lossless(content: bytes) -> bool:
    """Whether the coding is lossless, so that the decoder can neither reduce it nor decode brightness alone."""
    return frame(content)[0] in LOSSLESS


def has_end(content: bytes) -> bool:
    """Whether a JPEG has an end-of-image marker after its first scan."""
    scan = JPEG_SCAN.search(content)
    return scan is not None and content.find(bytes((0xFF, END_OF_IMAGE)), scan.end()) >= 0


def without_stubs(content: bytes) -> bytes:
    """The JPEG without JFIF and Adobe segments that are too short, for which Pillow would refuse the file."""
    stubs = [
        (start, end)
        for kind, start, end in segments(content)
        if kind in READ_TO_SEVENTH
        and end - start - 4 < SEVENTH
        and content.startswith(READ_TO_SEVENTH[kind], start + 4, end)
    ]
    for start, end in reversed(stubs):
        content = content[:start] + content[end:]
    return content


def unread(content: bytes) -> str:
    """In words, the feature for which a JPEG cannot be read; empty if there is none."""
    if any(kind == JPEG_LS for kind, _, _ in segments(content)):
        return "JPEG-LS coding"
    kind, what = frame(content)
    if kind in HIERARCHICAL:
        return "hierarchical coding"
    if len(what) < 6:
        return ""
    if what[0] != 8:
        return f"{what[0]} bits a sample" if what[0] in PRECISIONS else ""
    return "" if what[5] in (1, 3, 4) else f"{what[5]} channels"
