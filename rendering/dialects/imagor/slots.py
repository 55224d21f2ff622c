"""The slots of an imagor URL: which part of a path says what. A path is read in one pass."""

import binascii
import re
from base64 import urlsafe_b64decode
from urllib.parse import unquote

NUMBER = r"(?:[01]?\.)?[0-9]+"
#: A side of a size: pixels, or of a nested picture `f` and `f-20`: as the picture that it lies on, or so much less.
SIDE = r"(?:(?:full|f)(?:-[0-9]+)?|[0-9]*)"
#: One pattern a slot, in their order. None can match in two ways, so none backtracks.
SLOTS = {
    "meta": re.compile(r"meta/"),
    "trim": re.compile(r"trim(?::(?:top-left|bottom-right))?(?::[0-9]+)?/"),
    "crop": re.compile(rf"{NUMBER}x{NUMBER}:{NUMBER}x{NUMBER}/"),
    "fit": re.compile(r"(?:adaptive-)?(?:full-)?fit-in/"),
    "stretch": re.compile(r"stretch/"),
    "size": re.compile(rf"-?{SIDE}x-?{SIDE}/"),
    "padding": re.compile(r"[0-9]+x[0-9]+(?::[0-9]+x[0-9]+)?/"),
    "halign": re.compile(r"(?:left|center|right)/"),
    "valign": re.compile(r"(?:top|middle|bottom)/"),
    "smart": re.compile(r"smart/"),
}
FILTERS_SLOT = "filters:"
BASE64 = "b64:"


def read_slots(raw: str) -> tuple[dict[str, str], str]:
    """The text of each slot that is there, by name, as it stands in a raw path; and the rest, the image path."""
    raw = raw.lstrip("/")
    found: dict[str, str] = {}
    position = 0
    for name, pattern in SLOTS.items():
        if match := pattern.match(raw, position):
            found[name], position = match[0], match.end()
    if raw.startswith(FILTERS_SLOT, position):
        end = end_of_filters(raw, position)
        found["filters"], position = raw[position:end], end
    return found, raw[position:]


def end_of_filters(raw: str, begin: int) -> int:
    """The position after the filters that begin here, and after the / behind them: the first one outside brackets."""
    depth = 0
    for position in range(begin, len(raw)):
        character = raw[position]
        depth += (character == "(") - (character == ")")
        if character == "/" and depth <= 0:
            return position + 1
    return len(raw)


def split_filters(text: str) -> list[tuple[str, list[str]]]:
    """The name of each filter and its arguments, of a slot's text. Brackets nest, also around commas and colons."""
    calls = []
    for piece in split(text.removeprefix(FILTERS_SLOT).removesuffix("/"), ":"):
        name, bracket, inside = piece.partition("(")
        if name or bracket:
            inside = inside.removesuffix(")")
            calls.append((unquote(name), [each.strip() for each in split(inside, ",")] if inside else []))
    return calls


def split(text: str, mark: str) -> list[str]:
    """The pieces between marks that stand outside brackets."""
    pieces, begin, depth = [], 0, 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == mark and depth <= 0:
            pieces.append(text[begin:position])
            begin = position + 1
    return [*pieces, text[begin:]]


def decode(raw: str) -> str:
    """The text of an image path or of an argument: decoded as in a query, where + is a space; then by base64 if it says
    so and is."""
    text = unquote(raw.replace("+", " "), errors="surrogateescape")
    if not text.startswith(BASE64):
        return text
    plain = text.removeprefix(BASE64).rstrip("=/")
    try:
        return urlsafe_b64decode(plain + "=" * (-len(plain) % 4)).decode()
    except (binascii.Error, ValueError):
        return text  # a file may be called so
