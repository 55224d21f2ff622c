"""Filters as text, taken apart: `a(1,2):b()` into names and the texts of arguments. Each reader goes over it once."""

import re
from collections.abc import Iterator

from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.parameters import shown


def split(text: str) -> Iterator[tuple[str, list[str]]]:
    """Names and argument texts; raise BadRecipe where there are none."""
    position = 0
    while position < len(text):
        opened = re.compile(r"\s*([a-z_]{1,40})\(").match(text, position)
        if not opened:
            raise BadRecipe(f"{shown(text[position:])} is not a filter; write name(arguments), with : between filters")
        arguments, position = split_arguments(text, opened.end())
        yield opened[1], arguments
        if position < len(text):
            if text[position] != ":":
                raise BadRecipe(f"{shown(text[position:])} follows a filter without a : between them")
            position += 1
            if position == len(text):
                raise BadRecipe("The filters end with a : and nothing after it")


def split_leniently(text: str) -> list[tuple[str, str]]:
    """Names, and what stands in their brackets, as Thumbor takes them apart: at every `):`, whatever is between."""
    if not text:
        return []
    pieces = (piece.partition("(") for piece in text.removesuffix(")").split("):"))
    return [(name.strip(), inside) for name, _, inside in pieces]


def inside(name: str, text: str) -> list[str]:
    """The argument texts of one filter, from what stands in its brackets."""
    closed = f"{text})"
    arguments, end = split_arguments(closed, 0)
    if end < len(closed):
        raise BadArgument(f"{name}: {shown(closed[end:])} follows without a : between the filters")
    return arguments


def unquoted(text: str) -> str:
    """An argument without the quotes that it may stand in."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" else text


def split_arguments(text: str, start: int) -> tuple[list[str], int]:
    """The arguments that begin behind a `(` and the position behind its `)`.

    Brackets nest. Quotes hide everything, if an argument begins with one: `it's.png` is a name like any other.
    """
    arguments: list[str] = []
    begin, depth, quote, blank = start, 0, "", True
    for position in range(start, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and blank:
            quote = character
        elif character in "([":
            depth += 1
        elif character == ")" and not depth:
            last = text[begin:position]
            return ([*arguments, last] if arguments or last.strip() else []), position + 1
        elif character in ")]":
            depth -= 1
        elif character == "," and not depth:
            arguments.append(text[begin:position])
            begin = position + 1
        blank = position < begin or (blank and character == " ")
    raise BadRecipe(f"The filter {shown(text[:start])} has no closing )")
