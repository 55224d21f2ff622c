"""Progressive JPEGs: the scans that a reduced decode cannot use, left out before the decoder works through them.

A progressive JPEG (ITU-T T.81, annex G) sends its coefficients in scans: first the mean of every block (DC), then bands
of detail (AC), coarse values first, each refined bit by bit. At an eighth of its sides a picture is the means alone.
"""

from dataclasses import dataclass

from .files.jpeg import JPEG_MARKER

START_OF_SCAN, END_OF_IMAGE, PROGRESSIVE, QUANTIZATION = 0xDA, 0xD9, 0xC2, 0xDB
#: Frames of other kinds; the gaps in the range are other segments (Huffman tables, extensions, arithmetic coding).
OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC2, 0xC4, 0xC8, 0xCC}
#: What says nothing to the decoder: all application segments but JFIF's and Adobe's, and comments.
IDLE = frozenset(range(0xE1, 0xEE)) | {0xFE}

#: How much a picture must shrink in all for the means to be enough for its colours too: these are stored at half.
MEANS_ARE_ENOUGH = 16

#: Coefficients of a block, in their order, that a decode at an eighth needs of colours stored at half: the first few.
#: Of brightness, a decode at a quarter shows hardly more.
FEW = 6

#: Up to this step between two values of one of the few, their coarse values are enough at a quarter. On photographs of
#: quality 90 (a step of 12) they are 46 dB from the fine ones, nearer than the quarter is to the truth, for 60 % of the
#: time; files of quality 80 and less are left fine.
COARSE_ENOUGH = 16


@dataclass(slots=True)
class Luma:
    """The component of brightness: its number, the steps of its first coefficients, and whether coarse ones are enough
    for a decode at a quarter, which its first scan of details decides."""

    number: int
    steps: tuple[int, ...]
    coarse: bool | None = None


def without_useless_scans(content: bytes, scale: int, shrink: float) -> bytes | None:
    """A valid, shorter file that decodes to the same at 1/scale of its sides, or nearly: see COARSE_ENOUGH. None for a
    file that is not progressive, or does not go on to its end: a file that is cut off must be noticed.

    `shrink` is by how much the picture shrinks in all, resampling included.
    """
    kept, position, luma = [content[:2]], 2, None
    steps: dict[int, tuple[int, ...]] = {}
    while marker := JPEG_MARKER.search(content, position):
        if marker.start() != position:
            return None
        start, kind = marker.end() - 2, marker[1][0]
        if kind == END_OF_IMAGE:
            return b"".join([*kept, content[start : start + 2]]) if luma else None
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        if kind == QUANTIZATION:
            steps |= first_steps(content[start + 4 : end])
        elif kind == PROGRESSIVE:
            if end < start + 13 or end > len(content):
                return None
            luma = Luma(content[start + 10], steps.get(content[start + 12], ()))
        elif kind in OTHER_FRAMES or (kind == START_OF_SCAN and luma is None):
            return None
        useful = kind not in IDLE
        if kind == START_OF_SCAN:
            assert luma
            useful = needed(content[start + 4 : end], luma, scale, shrink)
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
        if useful:
            kept.append(content[start:end])
        position = end
    return None


def first_steps(segment: bytes) -> dict[int, tuple[int, ...]]:
    """The steps of the first few coefficients but the mean, by the number of their table."""
    found, position = {}, 0
    while position < len(segment):
        width, number = 1 + (segment[position] >> 4 > 0), segment[position] & 15
        table = segment[position + 1 + width : position + 1 + FEW * width]
        found[number] = tuple(int.from_bytes(table[at : at + width], "big") for at in range(0, len(table), width))
        position += 1 + 64 * width
    return found


def needed(header: bytes, luma: Luma, scale: int, shrink: float) -> bool:
    """Whether a decode at 1/scale needs the scan with that header: its components, band, and the bits it adds."""
    if len(header) < 4:
        return True  # broken: the decoder shall say so
    components = header[0]
    first, bits = header[-3], header[-1]
    means, refines, last = first == 0, bits >> 4 > 0, bits >> 4 == 1 and bits & 15 == 0
    of_luma = components == 1 and header[1] == luma.number
    if scale == 8 and shrink >= MEANS_ARE_ENOUGH:
        return means and not refines
    if scale == 8:
        # Of brightness only the means are shown. But without any details the decoder smooths what it has.
        return means or (not refines and (first < FEW or not of_luma))
    if scale != 4 or means or not of_luma:
        return True
    if luma.coarse is None:
        luma.coarse = bool(luma.steps) and max(luma.steps) << (bits & 15) <= COARSE_ENOUGH
    return not refines and first < FEW if luma.coarse else not last
