"""From a filter's declaration to everything else that is said of it.

A function's signature is its grammar. Its first parameter's type is its stage: a filter of `Geometry` or of `Encoding`
rewrites that part of the recipe before a pixel is read; a filter of `Image` runs on the small picture, in order.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from PIL.Image import Image

from ..encoding import Encoding
from ..errors import BadArgument, BadRecipe
from ..geometry import Geometry
from ..parameters import Parameter, shown

#: More filters than this in one recipe are refused: each costs a pass over the picture.
MOST_FILTERS = 20


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a filter, as its signature declares it."""

    name: str
    parameter: Parameter
    default: Any = inspect.Parameter.empty

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Filter:
    """A named step of a recipe: `name(arguments)`."""

    name: str
    function: Callable[..., Any]
    stage: type
    arguments: tuple[Argument, ...]

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @property
    def usage(self) -> str:
        """How it is written: `blur(radius[,sigma])`."""
        text = ""
        for position, argument in enumerate(self.arguments):
            word = ("," if position else "") + argument.name
            text += word if argument.required else f"[{word}]"
        return f"{self.name}({text})"

    def call(self, texts: list[str]) -> "Call":
        """Read the arguments, given as text; raise BadArgument naming the one that is wrong."""
        if len(texts) > len(self.arguments):
            raise BadArgument(f"{self.name}: {len(texts)} arguments are too many; write {self.usage}")
        values = []
        for position, argument in enumerate(self.arguments):
            text = unquoted(texts[position].strip()) if position < len(texts) else ""
            if text:
                try:
                    values.append(argument.parameter.read(text))
                except BadArgument as error:
                    raise BadArgument(f"{self.name}: {error} ({argument.name})") from None
            elif argument.required:
                raise BadArgument(
                    f"{self.name}: {argument.name} is missing; it is {argument.parameter.explain()}; write {self.usage}"
                )
            else:
                values.append(argument.default)
        return Call(self, tuple(values))


@dataclass(frozen=True, slots=True)
class Call:
    """A filter with its arguments read, defaults filled in. `str()` is its canonical text."""

    filter: Filter
    values: tuple[Any, ...]

    def __str__(self) -> str:
        texts = (
            argument.parameter.write(value) for argument, value in zip(self.filter.arguments, self.values, strict=True)
        )
        return f"{self.filter.name}({','.join(texts)})"

    def __call__(self, subject: Any) -> Any:
        """The filter's result on a Geometry, an Encoding or an Image, as its stage says."""
        return self.filter.function(subject, *self.values)


class Registry(Mapping[str, Filter]):
    """The filters there are, by name, in the order in which they were registered."""

    def __init__(self) -> None:
        self._filters: dict[str, Filter] = {}

    def __getitem__(self, name: str) -> Filter:
        return self._filters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._filters)

    def __len__(self) -> int:
        return len(self._filters)

    def register(self, functions: Iterable[Callable[..., Any]]) -> None:
        for function in functions:
            declared = declare(function)
            if declared.name in self._filters:
                raise TypeError(f"There are two filters named {declared.name}")
            self._filters[declared.name] = declared

    def read(self, text: str) -> tuple[Call, ...]:
        """Read `a(1,2):b()`, strictly: an unknown filter, a bad argument or a stray character raises BadRecipe."""
        calls = []
        for name, arguments in split(text):
            if name not in self._filters:
                known = ", ".join(sorted(self._filters))
                raise BadRecipe(f"There is no filter named {shown(name)}; the filters are {known}")
            calls.append(self._filters[name].call(arguments))
        if len(calls) > MOST_FILTERS:
            raise BadRecipe(f"{len(calls)} filters are too many; a recipe takes at most {MOST_FILTERS}")
        return tuple(calls)


def declare(function: Callable[..., Any]) -> Filter:
    """Read a filter from a function's signature. Raises TypeError on one that says too little, at import."""
    hints = get_type_hints(function, include_extras=True)
    first, *rest = inspect.signature(function).parameters.values()
    stage = hints[first.name]
    if stage not in (Geometry, Encoding, Image):
        raise TypeError(f"{function.__name__}: its first parameter must be a Geometry, an Encoding or an Image")
    if not inspect.getdoc(function):
        raise TypeError(f"{function.__name__}: a filter's docstring is its help; this one has none")
    arguments = []
    for parameter in rest:
        metadata = getattr(hints[parameter.name], "__metadata__", ())
        if not metadata:
            raise TypeError(f"{function.__name__}: {parameter.name} wants one of the types of parameters.py")
        arguments.append(Argument(parameter.name, metadata[0], parameter.default))
    return Filter(function.__name__.rstrip("_"), function, stage, tuple(arguments))


def split(text: str) -> Iterator[tuple[str, list[str]]]:
    """Take `a(1,2):b()` apart into names and argument texts, in one pass; raise BadRecipe where it cannot be."""
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
                raise BadRecipe("The filters end with a : and nothing behind it")


def unquoted(text: str) -> str:
    """An argument without the quotes that it may stand in."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" else text


def split_arguments(text: str, start: int) -> tuple[list[str], int]:
    """The arguments that begin behind a `(` and the position behind its `)`. Brackets nest; quotes hide everything."""
    arguments: list[str] = []
    begin, depth, quote = start, 0, ""
    for position in range(start, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
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
    raise BadRecipe(f"The filter {shown(text[:start])} has no closing )")
