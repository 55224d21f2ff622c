"""The colour space of an original, as a value."""

from msgspec import Struct

#: x and y of red, green, blue and white, as CIE 1931 has them.
Chromaticities = tuple[float, float, float, float, float, float, float, float]


class Signal(Struct, frozen=True):
    """Colours of high dynamic range: the curve of their values, PQ or HLG (ITU-R BT.2100), and their primaries."""

    #: As a code point, codes.PQ or codes.HLG.
    curve: int
    primaries: Chromaticities


class ColourSpace(Struct, frozen=True):
    """How an original's pixels become sRGB. They are sRGB if it says nothing."""

    #: A lookup table of 256 values for each channel, applied before the picture is reduced.
    levels: bytes | None = None
    #: Tone mapping, after `levels` and also before the picture is reduced.
    signal: Signal | None = None
    #: The ICC profile that the reduced picture is converted from, if there is no tone mapping: the original's own, or
    #: one made for its primaries.
    profile: bytes | None = None

    @property
    def is_copied(self) -> bool:
        """Whether converting takes a copy of the picture before it is reduced."""
        return self.levels is not None or self.signal is not None


SRGB = ColourSpace()
