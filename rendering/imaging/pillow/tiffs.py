"""TIFFs with layouts of samples that Pillow does not read, or misreads."""

from typing import Any

from PIL import Image, ImageFile, TiffImagePlugin
from PIL.TiffImagePlugin import TiffImageFile

#: Tags: BitsPerSample, Compression, PhotometricInterpretation, PlanarConfiguration, StripByteCounts, TileByteCounts,
#: ExtraSamples, SampleFormat.
DEPTHS, PACKING, MEANING, PLANES, STRIP_BYTES, TILE_BYTES, BESIDE, FORMS = 258, 259, 262, 284, 279, 325, 338, 339
#: No compression, and another number for it, with which Pillow has libtiff decode the samples.
UNPACKED, LEFT_TO_LIBTIFF = 1, 32771
#: Photometric interpretations: WhiteIsZero, YCbCr, CIELab (a* and b* signed) and ICCLab (unsigned).
WHITE_IS_ZERO, LUMA, LAB, ICC_LAB = 0, 6, 8, 9
#: Planar: each channel by itself. And what an extra sample is: unspecified, premultiplied alpha, or unassociated alpha.
APART, NOTHING, MULTIPLIED, ALPHA = 2, 0, 1, 2
#: Sample formats: unsigned, signed, and Lab's, whose lightness is unsigned.
UNSIGNED, SIGNED, OF_LAB = (1,), (2,), (1, 2, 2)

#: Values from here on are taken to use all 32 bits.
USES_ALL_BITS = 1 << 24

#: A layout: photometric interpretation, sample formats, bits per sample, and extra samples.
Layout = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def layouts(big: str) -> dict[Layout, tuple[str, str]]:
    """The mode and raw mode by which Pillow can unpack each layout that it would refuse or misread.

    The mode may mean something else than the samples; `Tiff.load_end` converts it. `big` is B in big-endian files,
    otherwise empty.
    """
    end = big or "L"
    found: dict[Layout, tuple[str, str]] = {}
    for meaning in (WHITE_IS_ZERO, 1):
        found[meaning, UNSIGNED, (12,), ()] = "I;16", "I;12"
        # F, because Pillow's I is signed.
        found[meaning, UNSIGNED, (32,), ()] = "F", f"F;32{big}"
        for beside in (NOTHING, MULTIPLIED, ALPHA):
            # Each byte of a pixel as a channel.
            found[meaning, UNSIGNED, (16, 16), (beside,)] = "RGBA", "RGBA"
    found[WHITE_IS_ZERO, UNSIGNED, (16,), ()] = "I;16", f"I;16{big}"
    found[WHITE_IS_ZERO, (3,), (32,), ()] = "F", f"F;32{big}F"
    for meaning in (LAB, ICC_LAB):
        for form in (UNSIGNED, SIGNED, OF_LAB):
            found[meaning, form, (8, 8, 8), ()] = "RGB", "RGB"
            found[meaning, form, (16, 16, 16), ()] = "RGB", f"RGB;16{end}"
    return found


def add_layouts() -> None:
    """Pillow 13.0, TiffImagePlugin.py: `_setup` finds the mode and the raw mode of each layout in OPEN_INFO."""
    for order, big in ((b"II", ""), (b"MM", "B")):
        for (meaning, form, depths, beside), modes in layouts(big).items():
            # Its type says that forms have one number, but those of Lab have three.
            known: dict[Any, tuple[str, str]] = TiffImagePlugin.OPEN_INFO
            known[order, meaning, form, 1, depths, beside] = modes


def is_known(
    order: bytes, meaning: int, form: tuple[int, ...], depths: tuple[int, ...], beside: tuple[int, ...], filling: int
) -> bool:
    """Whether samples of that layout are read."""
    return (order, meaning, form, filling, depths, beside) in TiffImagePlugin.OPEN_INFO


class Tiff(TiffImageFile):
    """A TIFF whose samples are read as the file declares them."""

    #: The mode in which samples are unpacked. Before that, `mode` says what they mean.
    unpacked: str

    def _setup(self) -> None:
        """Pillow 13.0, TiffImagePlugin.py: `_setup` has libtiff decode compressed files only. It decodes others
        itself, but neither planar samples that are extra or have 16 bits, nor subsampled chroma. What libtiff decodes
        has the machine's byte order; for 32 bits, Pillow expects the file's."""
        packing = self.tag_v2.get(PACKING, UNPACKED)
        apart = packing == UNPACKED and self.tag_v2.get(PLANES) == APART and len(self.tag_v2.get(DEPTHS, (1,))) > 2
        if apart:
            self.tag_v2[PACKING] = LEFT_TO_LIBTIFF
        super()._setup()
        if apart:
            self.tag_v2[PACKING] = packing
        meaning, depths = self.tag_v2.get(MEANING, WHITE_IS_ZERO), self.tag_v2.get(DEPTHS, (1,))
        if not self.use_load_libtiff and self._has_shared_colours():
            self.use_load_libtiff = True
            self._mode = "RGB"
            self.tile = [ImageFile._Tile("libtiff", (0, 0, *self._tile_size), 0, ("RGBX", False, self.tag_v2.offset))]
        elif self.use_load_libtiff and self.mode in ("I", "F"):
            tile = self.tile[0]
            assert isinstance(tile.args, tuple)
            raw, *rest = tile.args
            self.tile = [tile._replace(args=(raw.replace("B", "N"), *rest))]
        self.unpacked = self.mode
        if meaning in (LAB, ICC_LAB) and self.mode == "RGB":
            self._mode = "LAB"
        elif depths == (16, 16) and self.mode == "RGBA":
            self._mode = {MULTIPLIED: "La", ALPHA: "LA"}.get(self.tag_v2.get(BESIDE, (NOTHING,))[0], "L")

    def load(self) -> Any:
        if self.tile:
            self._mode = self.unpacked
        return super().load()

    def _has_shared_colours(self) -> bool:
        """Whether it is luma, with colour differences for several pixels."""
        tags, pixels = self.tag_v2, self._tile_size[0] * self._tile_size[1]
        written = tags.get(STRIP_BYTES) or tags.get(TILE_BYTES) or ()
        return tags.get(MEANING) == LUMA and self.mode == "YCbCr" and sum(written) < 3 * pixels

    def load_end(self) -> None:
        """Pillow 13.0, TiffImagePlugin.py: `load_end` turns the picture upright; its pixels are there."""
        settled = self._settled()
        if settled is not self:
            self.im, self._mode = settled.im, settled.mode
        super().load_end()

    def _settled(self) -> Image.Image:
        """The picture in a mode that means what its samples mean."""
        meaning, depths = self.tag_v2.get(MEANING, WHITE_IS_ZERO), self.tag_v2.get(DEPTHS, (1,))
        inverted = meaning == WHITE_IS_ZERO
        if meaning in (LAB, ICC_LAB) and self.mode == "RGB":
            light, *colours = self.split()
            if meaning == LAB:
                colours = [band.point([value ^ 128 for value in range(256)]) for band in colours]
            return Image.merge("LAB", (light, *colours))
        if depths == (16, 16) and self.mode == "RGBA":
            return self._grey_of_16_bits(inverted)
        if self.mode == "I;16" and depths[0] == 12:
            scale = 65535 / 4095
            return self.point(lambda value: value * -scale + 65535 if inverted else value * scale + 0)
        if self.mode == "I;16" and inverted:
            return self.point(lambda value: value * -1 + 65535)
        if self.mode == "F" and self.tag_v2.get(FORMS, UNSIGNED)[0] == 1:
            return self._of_32_bits(inverted)
        if self.mode == "F" and inverted:
            low, high = extrema(self)
            most = next((most for most in (1, 255) if low >= 0 and high <= most), 0)
            return self.point(lambda value: value * -1 + most)
        return self

    def _grey_of_16_bits(self, inverted: bool) -> Image.Image:
        """The upper bytes of grey and alpha of a picture that was unpacked with each byte as a channel."""
        upper = 0 if self.tag_v2.prefix == b"MM" and not self.use_load_libtiff else 1
        grey, alpha = self.getchannel(upper), self.getchannel(upper + 2)
        if inverted:
            grey = grey.point([255 - value for value in range(256)])
        beside = self.tag_v2.get(BESIDE, (NOTHING,))[0]
        if beside not in (MULTIPLIED, ALPHA):
            return grey
        return Image.merge("La" if beside == MULTIPLIED else "LA", (grey, alpha))

    def _of_32_bits(self, inverted: bool) -> Image.Image:
        """Greys of 32 bits in mode I or F if they are small, which then count as 16 bits, else scaled to mode L."""
        most = (1 << 32) - 1
        image = self.point(lambda value: value * -1 + most) if inverted else self
        _, high = extrema(image)
        if high < 1 << 16:
            return image.convert("I")
        if high < USES_ALL_BITS:
            return image
        return image.point(lambda value: value * (255 / most) + 0.5).convert("L")


def extrema(image: Image.Image) -> tuple[float, float]:
    """The least and the greatest value of a picture with one channel."""
    low, high = image.getextrema()
    assert not isinstance(low, tuple)
    assert not isinstance(high, tuple)
    return low, high


add_layouts()
Image.register_open(Tiff.format, Tiff, TiffImagePlugin._accept)
