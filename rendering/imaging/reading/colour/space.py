"""The colour space of an original, as a value: all that is known of it behind the header."""

from dataclasses import dataclass

#: x and y of red, green, blue and white, as CIE 1931 has them.
Chromaticities = tuple[float, float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Signal:
    """Colours of high dynamic range: the curve of their values, PQ or HLG (ITU-R BT.2100), and their primaries."""

    #: As a code point, codes.PQ or codes.HLG.
    curve: int
    primaries: Chromaticities


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """How an original's pixels become sRGB. They are sRGB if it says nothing."""

    #: For each of 256 values of a channel the one that takes its place before the picture is reduced.
    levels: bytes | None = None
    #: Then, also before that: tone mapping.
    signal: Signal | None = None
    #: Without tone mapping, on the reduced picture: the conversion from an ICC file, the original's own or one made for
    #: its primaries.
    profile: bytes | None = None

    @property
    def is_copied(self) -> bool:
        """Whether there is a second picture of all pixels before it is reduced."""
        return self.levels is not None or self.signal is not None


SRGB = ColourSpace()
