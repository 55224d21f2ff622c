"""TIFFs of samples that Pillow does not read, or takes for others."""

from typing import Any

from PIL import Image, ImageFile, TiffImagePlugin
from PIL.TiffImagePlugin import TiffImageFile

#: Tags: how deep samples are, how they are packed, what they mean, whether each channel is apart, how many bytes strips
#: and tiles have, and in which form samples are; what channels are beside colours.
DEPTHS, PACKING, MEANING, PLANES, STRIP_BYTES, TILE_BYTES, BESIDE, FORMS = 258, 259, 262, 284, 279, 325, 338, 339
#: Samples that are not packed; and a number of the same, by which Pillow has libtiff decode them.
UNPACKED, LEFT_TO_LIBTIFF = 1, 32771
#: Meanings: greys of which nought is white, luma with colour differences, and Lab whose colours are signed or not.
WHITE_IS_ZERO, LUMA, LAB, ICC_LAB = 0, 6, 8, 9
#: Each channel in a plane of its own; and what a channel beside the colours is: nothing, or alpha by which colours are
#: multiplied already, or not.
APART, NOTHING, MULTIPLIED, ALPHA = 2, 0, 1, 2
#: Forms of samples: numbers without a sign, with one, and of Lab, of which the lightness has none.
UNSIGNED, SIGNED, OF_LAB = (1,), (2,), (1, 2, 2)

#: From here on, numbers of 32 bits use the upper ones.
USES_ALL_BITS = 1 << 24

#: What is known of a layout: meaning, form and depths of samples, and what channels are beside colours.
Layout = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def layouts(big: str) -> dict[Layout, tuple[str, str]]:
    """Modes and raw modes of layouts in which Pillow can unpack samples that it would refuse or take for others, though
    not into a mode that means the same: that is settled in `Tiff.load_end`. `big` is B where the larger byte comes
    first."""
    end = big or "L"
    found: dict[Layout, tuple[str, str]] = {}
    for meaning in (WHITE_IS_ZERO, 1):
        found[meaning, UNSIGNED, (12,), ()] = "I;16", "I;12"
        # As numbers that hold 32 bits without a sign.
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
    """A TIFF whose samples are what the file says that they are."""

    #: The mode in which its samples are unpacked. Until then it has the one that they mean.
    unpacked: str

    def _setup(self) -> None:
        """Pillow 13.0, TiffImagePlugin.py: `_setup` has libtiff decode what is compressed. What is not, it decodes
        itself, and knows nothing of channels apart that have 16 bits or are beside the colours, or of colour
        differences for several pixels. Of what libtiff decodes, it takes numbers of 32 bits to be in the file's order,
        but they are in the machine's."""
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
        """The picture in a mode that means what its samples do."""
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
        """The upper bytes of grey and alpha, of pixels whose bytes are channels."""
        upper = 0 if self.tag_v2.prefix == b"MM" and not self.use_load_libtiff else 1
        grey, alpha = self.getchannel(upper), self.getchannel(upper + 2)
        if inverted:
            grey = grey.point([255 - value for value in range(256)])
        beside = self.tag_v2.get(BESIDE, (NOTHING,))[0]
        if beside not in (MULTIPLIED, ALPHA):
            return grey
        return Image.merge("La" if beside == MULTIPLIED else "LA", (grey, alpha))

    def _of_32_bits(self, inverted: bool) -> Image.Image:
        """Greys of 32 bits in the mode in which small ones are taken to have 16 bits, as whole numbers are."""
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
