"""The kinds of environment variables. Each parses a text, or says what would be valid.

Texts come stripped of whitespace, and never empty: an empty variable counts as unset.
"""

import ipaddress
import re
from contextlib import suppress
from typing import Protocol, TypeVar

from msgspec import Struct

from rendering.storage.place import Place

T_co = TypeVar("T_co", covariant=True)


class Unfit(ValueError):
    """A text is not valid. The message completes the sentence “it must be …”, and never repeats a secret."""


class Kind(Protocol[T_co]):
    """Parses texts of one kind. The value of a `secret` one appears nowhere, not even in errors."""

    @property
    def secret(self) -> bool: ...

    def read(self, text: str) -> T_co:
        """The value of a text. Raises Unfit."""


class Text(Struct, frozen=True):
    """Any text, or one that matches a pattern, which `words` describe."""

    pattern: str = r".+"
    words: str = ""
    secret: bool = False

    def read(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text, re.DOTALL):
            raise Unfit(self.words)
        return text


SECRET = Text(secret=True)


class Network(Text, frozen=True):
    """A network of addresses in CIDR notation, or one address."""

    def read(self, text: str) -> str:
        try:
            return str(ipaddress.ip_network(text))
        except ValueError as error:
            meant = ""
            with suppress(ValueError):
                meant = f"; {text} is an address in {ipaddress.ip_network(text, strict=False)}"
            raise Unfit(
                "networks separated by commas, such as 203.0.113.0/24 or 2001:db8::/32, or addresses" + meant
            ) from error


class OneOf(Struct, frozen=True):
    """One of a few words."""

    words: tuple[str, ...]
    secret: bool = False

    def read(self, text: str) -> str:
        if text not in self.words:
            raise Unfit(f"{', '.join(self.words[:-1])} or {self.words[-1]}")
        return text


class Switch(Struct, frozen=True):
    """On or off, in any of the usual spellings."""

    secret: bool = False

    def read(self, text: str) -> bool:
        words = {
            "on": True,
            "true": True,
            "yes": True,
            "1": True,
            "off": False,
            "false": False,
            "no": False,
            "0": False,
        }
        try:
            return words[text.lower()]
        except KeyError:
            raise Unfit("on or off (or true and false, yes and no, 1 and 0)") from None


class Integer(Struct, frozen=True):
    """A whole number from `least` to `most`, in ASCII digits. With `zero`, also 0, for “none”."""

    least: int
    most: int
    zero: bool = False
    secret: bool = False

    def read(self, text: str) -> int:
        number = int(text) if re.fullmatch(r"[0-9]{1,18}", text) else -1
        if self.least <= number <= self.most or (self.zero and number == 0):
            return number
        raise Unfit(f"{'0 or ' if self.zero else ''}a whole number from {self.least} to {self.most}, in digits alone")


class Decimal(Struct, frozen=True):
    """A number from `least` to `most`, with or without a decimal point."""

    least: float
    most: float
    secret: bool = False

    def read(self, text: str) -> float:
        number = float(text) if re.fullmatch(r"[0-9]{1,18}(\.[0-9]{0,18})?", text) else -1.0
        if not self.least <= number <= self.most:
            raise Unfit(f"a number from {self.least:g} to {self.most:g}, such as 2 or 2.5")
        return number


class Several(Struct, frozen=True):
    """Texts of one kind, separated by commas. Whitespace around them and empty ones are dropped."""

    kind: Text

    @property
    def secret(self) -> bool:
        return self.kind.secret

    def read(self, text: str) -> list[str]:
        return [self.kind.read(one.strip()) for one in text.split(",") if one.strip()]


#: An absolute or a relative path. A word such as `on`, or an address in quotes, is hardly meant as a folder.
FOLDER = re.compile(r"(?:file:/)?/+[^/].*|(?!.*://)[\w.][^/]*/.*", re.DOTALL | re.IGNORECASE)


#: Bytes. S3 allows 1,024 for a key, of which the part after the prefix takes up to 160.
LONGEST_PREFIX = 800


class Address(Struct, frozen=True):
    """Where files are: `s3://bucket/prefix` or a folder. `kinds` says which of the two is allowed."""

    kinds: tuple[str, ...] = ("s3", "folder")
    secret: bool = False

    def read(self, text: str) -> str:
        if text.startswith("~"):
            raise Unfit("the full path of a folder: ~ is not expanded")
        try:
            place = Place.from_url(text)
        except ValueError as error:
            raise Unfit(f"an address of files: {error}" if "folder" in self.kinds else "s3://bucket/prefix") from None
        if place.kind not in self.kinds:
            raise Unfit("s3://bucket/prefix")
        if len(place.prefix.encode()) > LONGEST_PREFIX:
            raise Unfit(f"s3://bucket/prefix, the prefix of at most {LONGEST_PREFIX} bytes")
        if place.kind == "folder" and not FOLDER.fullmatch(text):
            raise Unfit(
                "an address of files: s3://bucket/prefix or file:///folder; a relative path has a / in it and begins "
                "with a letter, digit, _ or ."
            )
        return text
