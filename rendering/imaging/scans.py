"""Progressive JPEGs: the scans that a reduced decode cannot use, left out before the decoder works through them.

A progressive JPEG (ITU-T T.81, annex G) sends its coefficients in scans: first the mean of every block (DC), then bands
of detail (AC), coarse values first, each refined bit by bit. At an eighth of its sides a picture is the means alone.
"""

from .headers import JPEG_MARKER

START_OF_SCAN, END_OF_IMAGE, PROGRESSIVE = 0xDA, 0xD9, 0xC2
#: Frames of other kinds; the gaps in the range are other segments (Huffman tables, extensions, arithmetic coding).
OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC2, 0xC4, 0xC8, 0xCC}
#: What says nothing to the decoder: all application segments but JFIF's and Adobe's, and comments.
IDLE = frozenset(range(0xE1, 0xEE)) | {0xFE}

#: How much a picture must shrink in all for the means to be enough for its colours too: these are stored at half.
MEANS_ARE_ENOUGH = 16

#: Coefficients of a block, in their order, that a decode at an eighth needs of colours stored at half: the first few.
FEW = 6


def without_useless_scans(content: bytes, scale: int, shrink: float) -> bytes | None:
    """A valid, shorter file that decodes to the same at 1/scale of its sides, or nearly: at a quarter the last bit of
    the luma's details is left out, which is 54 dB from the whole. None for a file that is not progressive, or does not
    go on to its end: a file that is cut off must be noticed.

    `shrink` is by how much the picture shrinks in all, resampling included.
    """
    kept, position, luma = [content[:2]], 2, None
    while marker := JPEG_MARKER.search(content, position):
        if marker.start() != position:
            return None
        start, kind = marker.end() - 2, marker[1][0]
        if kind == END_OF_IMAGE:
            return b"".join([*kept, content[start : start + 2]]) if luma is not None else None
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        if kind == PROGRESSIVE:
            luma = content[start + 10]
        elif kind in OTHER_FRAMES or (kind == START_OF_SCAN and luma is None):
            return None
        useful = kind not in IDLE
        if kind == START_OF_SCAN:
            useful = needed(content[start + 4 : end], luma, scale, shrink)
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
        if useful:
            kept.append(content[start:end])
        position = end
    return None


def needed(header: bytes, luma: int | None, scale: int, shrink: float) -> bool:
    """Whether a decode at 1/scale needs the scan with that header: its components, band, and the bits it adds."""
    if len(header) < 4:
        return True  # broken: the decoder shall say so
    components = header[0]
    first, bits = header[-3], header[-1]
    means, refines, last = first == 0, bits >> 4 > 0, bits >> 4 == 1 and bits & 15 == 0
    of_luma = components == 1 and header[1] == luma
    if scale == 8 and shrink >= MEANS_ARE_ENOUGH:
        return means and not refines
    if scale == 8:
        return means or (not refines and (first < FEW or not of_luma))
    return not (scale == 4 and of_luma and not means and last)
