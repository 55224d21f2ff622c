"""Progressive JPEGs: scans that a reduced decode does not need are left out before decoding.

A progressive JPEG (ITU-T T.81, annex G) stores its coefficients in scans: first the mean of every block (DC), then
bands of detail (AC), coarse values first, later refined bit by bit. At 1/8 of its sides a picture is the means alone.
"""

from msgspec import Struct

from .files.jpeg import JPEG_MARKER, SEGMENTS

#: What may stand between segments.
PADDING = b"\xff"
START_OF_SCAN, END_OF_IMAGE, PROGRESSIVE, QUANTIZATION = 0xDA, 0xD9, 0xC2, 0xDB
#: Frames that are not progressive. The gaps in the range are other segments: Huffman tables, extensions, arithmetic
#: coding.
OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC2, 0xC4, 0xC8, 0xCC}
#: Segments that the decoder ignores: comments, and all application segments but those of JFIF and Adobe.
IGNORED = frozenset(range(0xE1, 0xEE)) | {0xFE}

#: The factor by which a picture must shrink for the means to be enough for chroma too, stored at half the size.
MEANS_ARE_ENOUGH = 16

#: The first coefficients of a block, in zigzag order, that a decode at 1/8 needs of chroma stored at half the size. A
#: decode at 1/4 shows hardly more of luma.
FEW = 6

#: The largest quantization step of the first FEW coefficients at which their coarse values are enough for a decode at
#: 1/4. On photographs of quality 90 (a step of 12) the result has a PSNR of 46 dB to the full decode, which is closer
#: than that is to the original, in 60 % of the time. Files of quality 80 and less are decoded in full.
COARSE_ENOUGH = 16


class ScanHeader(Struct, frozen=True):
    """The header of a scan (T.81, B.2.3)."""

    components: tuple[int, ...]
    #: The indexes of its first coefficient and of its last one; 0 is the mean.
    first: int
    last: int
    #: The lowest bit of the coefficients before the scan (Ah; 0: there is none yet) and after it (Al).
    high: int
    low: int

    @classmethod
    def read(cls, segment: bytes) -> "ScanHeader | None":
        """Read the content of a start-of-scan segment; None if it is too short."""
        if len(segment) < 4:
            return None
        first, last, bits = segment[-3:]
        return cls(tuple(segment[1 : 1 + 2 * segment[0] : 2]), first, last, bits >> 4, bits & 15)

    @property
    def means(self) -> bool:
        """Whether it has the means of blocks, and no details."""
        return self.first == 0

    @property
    def refines(self) -> bool:
        """Whether it adds a bit to coefficients of earlier scans."""
        return self.high > 0


class Luma(Struct):
    """The component of luminance."""

    number: int
    #: The quantization steps of its first FEW coefficients except the mean.
    steps: tuple[int, ...]
    #: Whether coarse values are enough for a decode at 1/4; None until `decide_coarse` has seen the first details.
    coarse: bool | None = None

    def decide_coarse(self, header: ScanHeader) -> None:
        """Set `coarse` by the header of the first scan of this component's details. Later scans change nothing."""
        if self.coarse is None and self.alone_in(header) and not header.means:
            self.coarse = bool(self.steps) and max(self.steps) << header.low <= COARSE_ENOUGH

    def alone_in(self, header: ScanHeader) -> bool:
        """Whether a scan is of this component alone."""
        return header.components == (self.number,)


def without_useless_scans(content: bytes, scale: int, shrink: float) -> bytes | None:
    """A valid, shorter JPEG that decodes to the same picture, or nearly (COARSE_ENOUGH), at 1/scale of its sides.

    `shrink` is the factor by which the picture shrinks in all, including resampling. None for a file that is not
    progressive, or that is cut off: the decoder has to notice that.
    """
    kept, position, luma = [content[:2]], 2, None
    steps: dict[int, tuple[int, ...]] = {}
    for _ in range(SEGMENTS):
        marker = JPEG_MARKER.search(content, position)
        if not marker or content[position : marker.start()].strip(PADDING):
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
        useful = kind not in IGNORED
        if kind == START_OF_SCAN:
            assert luma
            if header := ScanHeader.read(content[start + 4 : end]):  # else it is broken, which the decoder reports
                luma.decide_coarse(header)
                useful = is_needed(header, luma, scale, shrink)
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
        if useful:
            kept.append(content[start:end])
        position = end
    return None


def has_all_scans(content: bytes) -> bool:
    """Whether the scans of a progressive JPEG have every bit of every coefficient, so that none needs to follow."""
    missing: dict[int, set[int]] = {}
    position = 2
    for _ in range(SEGMENTS):
        marker = JPEG_MARKER.search(content, position)
        if not marker:
            break
        start, kind = marker.end() - 2, marker[1][0]
        if kind == END_OF_IMAGE:
            break
        end = start + 2 + max(2, int.from_bytes(content[start + 2 : start + 4], "big"))
        if kind == PROGRESSIVE:
            missing = {number: set(range(64)) for number in content[start + 10 : end : 3]}
        elif kind == START_OF_SCAN and (header := ScanHeader.read(content[start + 4 : end])) and not header.low:
            for number in header.components:
                missing.get(number, set()).difference_update(range(header.first, header.last + 1))
            following = JPEG_MARKER.search(content, end)
            end = following.start() if following else len(content)
        position = end
    return bool(missing) and not any(missing.values())


def first_steps(segment: bytes) -> dict[int, tuple[int, ...]]:
    """The quantization steps of the first FEW coefficients except the mean, by the number of their table."""
    found, position = {}, 0
    while position < len(segment):
        width, number = 1 + (segment[position] >> 4 > 0), segment[position] & 15
        table = segment[position + 1 + width : position + 1 + FEW * width]
        found[number] = tuple(int.from_bytes(table[at : at + width], "big") for at in range(0, len(table), width))
        position += 1 + 64 * width
    return found


def is_needed(header: ScanHeader, luma: Luma, scale: int, shrink: float) -> bool:
    """Whether a decode at 1/scale needs the scan with that header; `shrink` is as in `without_useless_scans`."""
    of_luma = luma.alone_in(header)
    if scale == 8 and shrink >= MEANS_ARE_ENOUGH:
        return header.means and not header.refines
    if scale == 8:
        # Of luma only the means are shown. But without any details the decoder smooths what it has.
        return header.means or (not header.refines and (header.first < FEW or not of_luma))
    if scale != 4 or header.means or not of_luma:
        return True
    if luma.coarse:
        return not header.refines and header.first < FEW
    return (header.high, header.low) != (1, 0)  # the last bit does not show at 1/4
