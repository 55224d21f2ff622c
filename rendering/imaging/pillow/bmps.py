"""BMPs and ICOs that browsers read and Pillow does not, or not fully: bit fields of any layout, run-length encoding,
and PNGs in an ICO that have a transparent colour."""

from struct import unpack_from
from typing import Any

from PIL import Image, ImageFile, ImageMath
from PIL.BmpImagePlugin import BmpImageFile
from PIL.IcoImagePlugin import IcoImageFile

#: The compressions BI_BITFIELDS and BI_ALPHABITFIELDS, which always has a mask of alpha, and the lengths of Windows
#: headers that may have them.
FIELDS, FIELDS_AND_ALPHA, HEADERS = 3, 6, (40, 52, 56, 108, 124)
#: BI_RGB, where masks of colours do not count, but from version 4 of the header on that of alpha does.
NO_COMPRESSION, HEADERS_OF_V4, USUAL_COLOURS = 0, (108, 124), (0xFF0000, 0xFF00, 0xFF)
#: The offsets of the header's length; width and height; bits per pixel and compression; and the masks. Only headers of
#: WITH_ALPHA bytes or more have a mask of alpha.
LENGTH, SIDES, BITS, MASKS, WITH_ALPHA = 14, 18, 28, 54, 56
#: Bytes of the file up to the end of the masks.
ENOUGH = MASKS + 16

#: The masks that Pillow reads.
READ_16 = ((0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0))
READ_32 = (
    (0xFF0000, 0xFF00, 0xFF, 0), (0xFF000000, 0xFF0000, 0xFF00, 0), (0xFF000000, 0xFF00, 0xFF, 0),
    (0xFF000000, 0xFF0000, 0xFF00, 0xFF), (0xFF, 0xFF00, 0xFF0000, 0xFF000000), (0xFF0000, 0xFF00, 0xFF, 0xFF000000),
    (0xFF000000, 0xFF00, 0xFF, 0xFF0000), (0, 0, 0, 0),
)  # fmt: skip

#: Rows that are unpacked at a time: each takes several temporary pictures of 32 bits.
ROWS = 64

#: Escapes of the run-length encoding: end of line, end of bitmap, and delta (a step right and up). Other values are
#: numbers of literal pixels.
ROW_ENDS, PICTURE_ENDS, STEP = 0, 1, 2
#: The value of each hexadecimal digit.
DIGITS = bytes(int(chr(code), 16) if chr(code) in "0123456789abcdef" else 0 for code in range(256))


class Bitmap(BmpImageFile):
    """A BMP as browsers read it.

    Pillow 13.0, BmpImagePlugin.py: `_bitmap` refuses bit fields in layouts that it does not list, and ignores alpha in
    16 bits and in 32 bits that are not bit fields; `BmpRleDecoder` refuses pictures that end before the last row, and
    paints skipped pixels in the first colour, where browsers show black.
    """

    #: The masks of red, green, blue and alpha, if Pillow would not read them.
    masks: tuple[int, ...] = ()

    def _bitmap(self, header: int = 0, offset: int = 0) -> None:
        start = self._read(ENOUGH)
        bits, self.masks = unread_masks(start)
        if not self.masks:
            super()._bitmap(header, offset)
            return
        width, height = unpack_from("<ii", start, SIDES)
        (length,) = unpack_from("<I", start, LENGTH)
        self._size, self._mode = (max(0, width), abs(height)), "RGBA" if self.masks[3] else "RGB"
        row = (self.width * bits + 31) // 32 * 4
        raw = "I;16" if bits == 16 else "I;32"
        place = offset or LENGTH + length + (12 if length == HEADERS[0] else 0)
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), place, (raw, row, -1 if height > 0 else 1))]

    def load(self) -> Any:
        if not self.tile:
            return super().load()
        if self.masks:
            self._mode = "I"
            super().load()
            self._take(unpack_fields(self, self.masks))
        elif self.tile[0].codec_name == "bmp_rle":
            self._load_runs()
        else:
            super().load()
        if self.mode == "RGBA" and self.getchannel("A").getextrema()[1] == 0:
            # As in browsers, alpha that is zero everywhere is ignored.
            self.putalpha(255)
        return Image.Image.load(self)

    def _read(self, size: int = -1) -> bytes:
        """The file, or its first `size` bytes. Pillow's reading position is kept."""
        assert self.fp
        position = self.fp.tell()
        self.fp.seek(0)
        content = self.fp.read(size)
        self.fp.seek(position)
        return content

    def _take(self, image: Image.Image) -> None:
        """Take over the pixels and the mode of another picture."""
        self.im, self._mode = image.im, image.mode

    def _load_runs(self) -> None:
        tile = self.tile[0]
        assert isinstance(tile.args, tuple)
        _, four_bits, direction = tile.args
        pixels, gaps = unpack_runs(self._read(), tile.offset, self.size, four_bits)
        black_and_white = self.mode == "1"
        self._take(Image.frombytes("P" if self.mode == "P" else "L", self.size, pixels, "raw", ("L", 0, direction)))
        self.tile = []
        if black_and_white:
            self._take(self.point([0] + 255 * [255]))
        Image.Image.load(self)
        if gaps:
            seen = bytearray(b"\xff") * len(pixels)
            for first, end in gaps:
                seen[first:end] = bytes(end - first)
            image = Image.new("RGB", self.size)
            image.paste(self.convert("RGB"), mask=Image.frombytes("L", self.size, seen, "raw", ("L", 0, direction)))
            self._take(image)
            self.palette = None


class Icon(IcoImageFile):
    """An ICO that knows which colours of a PNG in it are transparent.

    Pillow 13.0, IcoImagePlugin.py: `load` takes the pixels and the palette of the PNG, and leaves out what it says.
    """

    def load(self) -> Any:
        if self._im is None:
            assert self.fp
            self.fp.seek(self.ico.entry[0].offset)
            if self.fp.read(4) == b"\x89PNG":
                told = self.ico.getimage(self.size).info
                self.info.update({name: told[name] for name in ("transparency",) if name in told})
        return super().load()


def unread_masks(start: bytes) -> tuple[int, tuple[int, ...]]:
    """The bits per pixel and the masks, from the beginning of the file; no masks if Pillow reads them itself."""
    if len(start) < ENOUGH:
        return 0, ()
    length, bits, compression = (*unpack_from("<I", start, LENGTH), *unpack_from("<HI", start, BITS))
    masks = unpack_from("<4I", start, MASKS)
    if length in HEADERS_OF_V4 and compression == NO_COMPRESSION and bits == 32 and masks[3]:
        return bits, (*USUAL_COLOURS, masks[3])
    if length not in HEADERS or compression not in (FIELDS, FIELDS_AND_ALPHA) or bits not in (16, 32):
        return bits, ()
    if compression == FIELDS and length < WITH_ALPHA:
        masks = (*masks[:3], 0)
    known = compression == FIELDS and masks in (READ_16 if bits == 16 else READ_32)
    return bits, () if known else masks


def unpack_fields(packed: Image.Image, masks: tuple[int, ...]) -> Image.Image:
    """Unpack a picture (mode I) whose values hold all channels of a pixel, to mode RGB or RGBA."""
    bands = [unpack_field(packed, mask) for mask in (masks if masks[3] else masks[:3])]
    return Image.merge("RGBA" if masks[3] else "RGB", bands)


def unpack_field(packed: Image.Image, mask: int) -> Image.Image:
    """The channel in a mask's bits, scaled to 8 bits. Of more than 8 bits the upper ones count."""
    shift = (mask & -mask).bit_length() - 1 if mask else 0
    beyond = max(0, (mask >> shift).bit_length() - 8)
    shift, most = shift + beyond, mask >> shift >> beyond
    if not most:
        return Image.new("L", packed.size)
    band = Image.new("L", packed.size)
    for top in range(0, packed.height, ROWS):
        rows = packed.crop((0, top, packed.width, min(top + ROWS, packed.height)))
        levels = ImageMath.lambda_eval(
            lambda args: (((args["rows"] >> shift) & most) * 255 + most // 2) / most, rows=rows
        )
        assert isinstance(levels, Image.Image)
        band.paste(levels.convert("L"), (0, top))
    return band


def unpack_runs(
    content: bytes, start: int, size: tuple[int, int], four_bits: bool
) -> tuple[bytearray, list[tuple[int, int]]]:
    """Decode run-length encoded pixels of 4 or 8 bits, which begin at the byte `start`.

    Returns them, one byte each, and the gaps between them: the first pixel of each, and the first one after it. Raises
    OSError for a file that ends before its picture does.
    """
    width, total = size[0], size[0] * size[1]
    pixels, gaps = bytearray(total), []
    place, row_end, at = 0, width, start
    while place < total:
        if at + 2 > len(content):
            raise OSError("A BMP that ends within its runs")
        count, value = content[at], content[at + 1]
        at += 2
        if count:
            count = min(count, row_end - place)
            run = bytes((value >> 4, value & 15)) * (count + 1 >> 1) if four_bits else bytes((value,)) * count
            pixels[place : place + count] = run[:count]
            place += count
            continue
        target = row_end
        if value == ROW_ENDS:
            row_end += width
        elif value == PICTURE_ENDS:
            target = total
        elif value == STEP:
            if at + 2 > len(content):
                raise OSError("A BMP that ends within a step")
            row_end += content[at + 1] * width
            target = min(place + content[at] + content[at + 1] * width, total)
            if target > row_end:  # as Pillow, on to the next row
                row_end = (target // width + 1) * width
            at += 2
        else:
            taken = value + 1 >> 1 if four_bits else value
            run = content[at : at + taken]
            if len(run) < taken:
                raise OSError("A BMP that ends within its pixels")
            if four_bits:
                run = run.hex().encode().translate(DIGITS)
            count = min(value, row_end - place)
            pixels[place : place + count] = run[:count]
            at += taken + (taken & 1)
            place = target = place + count
        if target > place:
            gaps.append((place, target))
            place = target
    return pixels, gaps


Image.register_open(Bitmap.format, Bitmap, lambda prefix: prefix.startswith(b"BM"))
Image.register_open(Icon.format, Icon, lambda prefix: prefix.startswith(b"\0\0\1\0"))
