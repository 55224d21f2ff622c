"""The types of filters' arguments. Each reads, checks, writes and explains one argument.

Filters name them in their signatures (`amount: Percent`). URLs, the admin's form and the documentation follow from
these.
"""

import re
from typing import Annotated, Any

from msgspec import Struct
from PIL import ImageColor

from .errors import BadArgument, BadRecipe

#: Numbers as Thumbor reads them. [0-9] instead of \\d and int(), which
#: also accept other scripts' digits, and int() also 1_000.
UNSIGNED, UNSIGNED_DECIMAL = r"[0-9]+", r"[0-9]+(\.[0-9]*)?|\.[0-9]+"
WHOLE, DECIMAL = rf"[+-]?{UNSIGNED}", rf"[+-]?({UNSIGNED_DECIMAL})"

#: The most characters of an overlay's path: a bucket's name, a / and a key of at most 1,024 bytes.
LONGEST_PATH = 1100

#: Decimal places that are written. Numbers are rounded to as many when they are read.
PLACES = 9

#: Red, green, blue, each 0 to 255.
RGB = tuple[int, int, int]


class Parameter(Struct, frozen=True):
    """The text of one argument. `read` and `write` are each other's inverse."""

    def read(self, text: str) -> Any:
        """Read a value. Raises BadArgument, with `explain` in its message."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The canonical text of a value."""
        raise NotImplementedError

    def explain(self) -> str:
        """What would be right, to follow “is not” in an error."""
        raise NotImplementedError

    def read_leniently(self, text: str) -> Any:
        """Read as in a Thumbor URL: as `read`, but numbers out of bounds are clamped.

        Raises BadArgument where the whole filter is to be skipped, and BadRecipe where no picture may be served then.
        """
        return self.read(text)


class Integer(Parameter, frozen=True):
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def read(self, text: str) -> int:
        if len(text) <= 12 and re.fullmatch(WHOLE, text) and self.low <= int(text) <= self.high:
            return int(text)
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def read_leniently(self, text: str) -> int:
        # Where Thumbor takes no sign, a negative number makes it skip the filter.
        if re.fullmatch(WHOLE if self.low < 0 else UNSIGNED, text):
            return int(min(max(float(text), self.low), self.high))
        return self.read(text)

    def write(self, value: int) -> str:
        return str(value)

    def explain(self) -> str:
        return f"a whole number from {self.low} to {self.high}"


class Number(Parameter, frozen=True):
    """A decimal number from `low` to `high`, both included."""

    low: float
    high: float

    def read(self, text: str) -> float:
        if len(text) <= 20 and re.fullmatch(DECIMAL, text):
            value = round(float(text), PLACES)
            if self.low <= value <= self.high:
                return value
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def read_leniently(self, text: str) -> float:
        if re.fullmatch(DECIMAL, text):
            return round(float(min(max(float(text), self.low), self.high)), PLACES)
        return self.read(text)

    def write(self, value: float) -> str:
        return f"{value:.{PLACES}f}".rstrip("0").rstrip(".")

    def explain(self) -> str:
        return f"a number from {self.write(self.low)} to {self.write(self.high)}"


class Flag(Parameter, frozen=True):
    """True or false."""

    def read(self, text: str) -> bool:
        if text in ("true", "True", "1"):
            return True
        if text in ("false", "False", "0"):
            return False
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: bool) -> str:
        return "true" if value else "false"

    def explain(self) -> str:
        return "true or false"


class Word(Parameter, frozen=True):
    """One of a few words, in upper or lower case."""

    words: tuple[str, ...]

    def read(self, text: str) -> str:
        if text.lower() in self.words:
            return text.lower()
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: str) -> str:
        return value

    def explain(self) -> str:
        return f"one of {', '.join(self.words)}"


class Rgb(Parameter, frozen=True):
    """A colour: a CSS name, or three or six hexadecimal digits.

    A # before the digits is accepted, but in a URL it must be written %23, since a bare # begins the fragment.
    """

    def read(self, text: str) -> RGB:
        name = text.lower()
        if name in ImageColor.colormap or re.fullmatch(r"#?([0-9a-f]{3}){1,2}", name):
            value = ImageColor.getrgb(name if name in ImageColor.colormap else f"#{name.removeprefix('#')}")
            return value[0], value[1], value[2]
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: RGB) -> str:
        return "{:02x}{:02x}{:02x}".format(*value)

    def explain(self) -> str:
        return "a colour: a name such as white, or hexadecimal digits such as ff8800"


class QuarterTurn(Parameter, frozen=True):
    """An angle in degrees, a multiple of 90. The value is 0, 90, 180 or 270."""

    def read(self, text: str) -> int:
        degrees = Integer(-3600, 3600)
        if re.fullmatch(WHOLE, text) and degrees.read(text) % 90 == 0:
            return degrees.read(text) % 360
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def read_leniently(self, text: str) -> int:
        turned = re.fullmatch(WHOLE, text) and len(text) <= 12 and int(text) % 90 == 0
        return int(text) % 360 if turned else self.read(text)

    def write(self, value: int) -> str:
        return str(value)

    def explain(self) -> str:
        return "a multiple of 90"


class PathText(Parameter, frozen=True):
    """The path of another picture: a bucket's name, a / and an original's key. Percent-encoded where it must be."""

    def read(self, text: str) -> str:
        path = picture_path(text)
        if "/" not in path:
            raise BadArgument(f"{excerpt(text)} is not {self.explain()}")
        return path

    def read_leniently(self, text: str) -> str:
        """Read as in a Thumbor URL, where a key may stand alone: then the reader of the URL has to know its bucket."""
        path = picture_path(text)
        if not path:
            # A mark may be there to protect the picture, so nothing is served without it.
            raise BadRecipe(f"{excerpt(text)} is not {self.explain()}")
        return path

    def write(self, value: str) -> str:
        # Encode what has a meaning in the text of filters, and spaces, which would be lost at the ends.
        return re.sub("[^0-9A-Za-z._~/-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), value)

    def explain(self) -> str:
        return "the path of a picture: its bucket, a / and its key, such as brand/logo.png"


def picture_path(text: str) -> str:
    """The path of a picture, or a key alone, that a text holds, percent-decoded; empty if it holds neither."""
    path = re.sub("(?:%[0-9A-Fa-f]{2})+", lambda found: percent_decode(found[0]), text.removeprefix("/"))
    name, slash, key = path.partition("/")
    fits = path.isprintable() and len(path) <= LONGEST_PATH and name and (key or not slash)
    return path if fits else ""


def percent_decode(text: str) -> str:
    """Decode percent-encoded bytes such as `%C3%A9`. Bytes that are not UTF-8 become unprintable characters."""
    return bytes.fromhex(text.replace("%", "")).decode("utf-8", errors="surrogateescape")


def excerpt(text: str) -> str:
    """Untrusted text for use in a message: at most 40 characters, and control characters escaped."""
    short = text if len(text) <= 40 else f"{text[:40]}…"
    return repr(short) if not short or not short.isprintable() else short


Share = Annotated[int, Integer(0, 100)]
Turn = Annotated[int, QuarterTurn()]
Percent = Annotated[int, Integer(-100, 100)]
Quality = Annotated[int, Integer(1, 100)]
Colour = Annotated[RGB, Rgb()]
Factor = Annotated[float, Number(-10, 10)]
OverlayPath = Annotated[str, PathText()]
Boolean = Annotated[bool, Flag()]
