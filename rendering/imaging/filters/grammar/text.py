"""Split the text of filters, `a(1,2):b()`, into names and texts of arguments. Each function is linear in its length."""

import re
from collections.abc import Iterator

from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.parameters import excerpt


def split(text: str) -> Iterator[tuple[str, list[str]]]:
    """Split strictly: yield the name and the argument texts of each filter. Raises BadRecipe."""
    position = 0
    while position < len(text):
        match = re.compile(r"\s*([a-z_]{1,40})\(").match(text, position)
        if not match:
            raise BadRecipe(
                f"{excerpt(text[position:])} is not a filter; write name(arguments), with : between filters"
            )
        arguments, position = split_arguments(text, match.end())
        yield match[1], arguments
        if position < len(text):
            if text[position] != ":":
                raise BadRecipe(f"{excerpt(text[position:])} follows a filter without a : between them")
            position += 1
            if position == len(text):
                raise BadRecipe("The filters end with a : and nothing after it")


def split_leniently(text: str) -> list[tuple[str, str]]:
    """Split as Thumbor does, at every `):`: the name of each filter and the text in its brackets."""
    if not text:
        return []
    pieces = (piece.partition("(") for piece in text.removesuffix(")").split("):"))
    return [(name.strip(), body) for name, _, body in pieces]


def split_inside(name: str, text: str) -> tuple[list[str], str]:
    """Split the text in a filter's brackets into argument texts, and what follows a bracket that closes before its end.

    Raises BadArgument, which names the filter: for brackets that stay open, and for nothing beside a comma, which
    Thumbor does not take for an argument that was left out.
    """
    closed = f"{text})"
    try:
        arguments, end = split_arguments(closed, 0)
    except BadRecipe:
        raise BadArgument(f"{name}: {excerpt(text)} has brackets or quotes that are not closed") from None
    if len(arguments) > 1 and not all(map(str.strip, arguments)):
        raise BadArgument(f"{name}: {excerpt(text)} has an empty argument; leave its comma out, or write what it is")
    return arguments, closed[end:]


def unquote(text: str) -> str:
    """Remove the quotes around an argument, if it has any."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" else text


def split_arguments(text: str, start: int) -> tuple[list[str], int]:
    """Split the arguments that begin at `start`, just after a `(`. Returns them and the position just after its `)`.

    Brackets nest. An argument that begins with a quote may hold anything up to the next such quote; elsewhere quotes
    mean nothing, as in `it's.png`. Raises BadRecipe if the brackets are not closed.
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
    raise BadRecipe(f"The filter {excerpt(text[:start])} has no closing )")
