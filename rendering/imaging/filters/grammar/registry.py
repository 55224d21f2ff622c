"""The registry of filters: a filter is declared as a function, and read from and written as text.

The function's signature is the filter's grammar. The type of its first parameter is its stage. Filters of `Geometry`,
`Encoding` or `Lifetime` rewrite that part of the recipe before a pixel is read. Filters of `Image` run on the resized
picture, in order. A parameter of type `Context` is not an argument in the text: the caller passes it.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from typing import Any, Final, TypeGuard, TypeVar, get_type_hints

from msgspec import Struct
from PIL.Image import Image

from rendering.imaging.documents import TextValue
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.parameters import Parameter, excerpt

from .context import Context
from .cost import Cost, Size
from .lifetime import Lifetime
from .text import split, split_inside, split_leniently, unquote

__all__ = ["FILTERS", "MOST_FILTERS", "Argument", "Call", "Filter", "Registry", "split", "with_check"]

#: The most filters in one recipe. Each costs a pass over the picture.
MOST_FILTERS = 20

STAGES = (Geometry, Encoding, Lifetime, Image)
Function = TypeVar("Function", bound=Callable[..., Any])


class Argument(Struct, frozen=True):
    """An argument of a filter, as its signature declares it."""

    name: str
    parameter: Parameter
    default: Any = inspect.Parameter.empty
    #: What people call it: its name, or the text beside its type, as in `Annotated[int, Integer(2, 64), "levels"]`.
    label: str = ""

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty


class Filter(Struct, frozen=True):
    """A named step of a recipe: `name(arguments)`."""

    name: str
    function: Callable[..., Any]
    stage: type
    arguments: tuple[Argument, ...]
    #: The name of the parameter of type Context, if there is one.
    context: str | None = None
    #: What it costs, if it is a filter of pixels.
    cost: Cost | None = None
    #: Of another package: its name and version, which derivatives' keys hold. Else empty.
    package: str = ""

    @property
    def help(self) -> str:
        """The function's docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def summary(self) -> str:
        """The first line of the help."""
        return self.help.partition("\n")[0]

    @property
    def usage(self) -> str:
        """How the filter is written, with optional arguments in brackets: `blur(radius[,sigma])`."""
        text = ""
        for position, argument in enumerate(self.arguments):
            word = ("," if position else "") + argument.name
            text += word if argument.required else f"[{word}]"
        return f"{self.name}({text})"

    def call(self, texts: list[str]) -> "Call":
        """Read the texts of arguments. Raises BadArgument, which names the one that is wrong."""
        return Call(self, self.values(texts, lambda parameter, text: parameter.read(text)))

    def read_leniently(self, texts: list[str]) -> "Call":
        """Read the texts of arguments as in a Thumbor URL, by `Parameter.read_leniently`. Raises as that does."""
        return Call(self, self.values(texts, lambda parameter, text: parameter.read_leniently(text)))

    def values(self, texts: list[str], read: Callable[[Parameter, str], Any]) -> tuple[Any, ...]:
        """The values of all arguments, each read by `read`; defaults for texts that are empty or missing."""
        if len(texts) > len(self.arguments):
            raise BadArgument(f"{self.name}: too many arguments ({len(texts)}); write {self.usage}")
        values = []
        for position, argument in enumerate(self.arguments):
            text = unquote(texts[position].strip()) if position < len(texts) else ""
            if text:
                try:
                    values.append(read(argument.parameter, text))
                except BadArgument as error:
                    raise BadArgument(f"{self.name}: {error} ({argument.name})") from None
            elif argument.required:
                raise BadArgument(
                    f"{self.name}: {argument.name} is missing; it is {argument.parameter.explain()}; write {self.usage}"
                )
            else:
                values.append(argument.default)
        if check := getattr(self.function, "check", None):
            check(*values)
        return tuple(values)


class Skipped(Struct, frozen=True):
    """A filter in a Thumbor URL that is not applied."""

    #: At most 40 characters, in ASCII.
    name: str
    #: The error that an alias with this filter gets.
    why: BadRecipe

    @classmethod
    def of(cls, name: str, why: BadRecipe) -> "Skipped":
        return cls(ascii(name[:40])[1:-1], why)


class Call(TextValue):
    """A filter with the values of all its arguments. `str()` is its canonical text."""

    __slots__ = ("filter", "values")

    def __init__(self, declared: Filter, values: tuple[Any, ...]) -> None:
        self.filter: Final = declared
        self.values: Final = values

    @classmethod
    def read(cls, text: str) -> "Call":
        """Read `name(arguments)`. Raises BadRecipe."""
        calls = FILTERS.read(text)
        if len(calls) != 1:
            raise BadRecipe(f"{excerpt(text)} is not one filter; write name(arguments)")
        return calls[0]

    def __str__(self) -> str:
        texts = (
            argument.parameter.write(value) for argument, value in zip(self.filter.arguments, self.values, strict=True)
        )
        return f"{self.filter.name}({','.join(texts)})"

    def __call__(self, subject: Any, context: Context = Context()) -> Any:  # noqa: B008  # a value: it never changes
        """Apply the filter to a value of its stage: a Geometry, Encoding, Lifetime or Image. Returns the new value."""
        named = dict(zip((argument.name for argument in self.filter.arguments), self.values, strict=True))
        if self.filter.context:
            named[self.filter.context] = context
        return self.filter.function(subject, **named)

    def cost(self, size: Size, context: Context) -> tuple[float, Size]:
        """What a filter of pixels costs for a picture of that size, in nanoseconds of a processor; and the size that it
        makes. Raises what the filter raises for a size."""
        cost = self.filter.cost
        assert cost
        made = cost.makes(size, context, *self.values) if cost.makes else size
        each = cost.nanoseconds
        if callable(each):
            each = each(size, context, *self.values)
        return each * max(prod(size), prod(made)), made


class Registry(Mapping[str, Filter]):
    """All filters by name, in the order in which they were registered."""

    def __init__(self) -> None:
        self._filters: dict[str, Filter] = {}

    def __getitem__(self, name: str) -> Filter:
        return self._filters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._filters)

    def __len__(self) -> int:
        return len(self._filters)

    def register(self, functions: Iterable[Callable[..., Any] | Filter]) -> None:
        for function in functions:
            declared = function if isinstance(function, Filter) else declare(function)
            if declared.name in self._filters:
                raise TypeError(f"There are two filters named {declared.name}")
            self._filters[declared.name] = declared

    def read(self, text: str) -> tuple[Call, ...]:
        """Read `a(1,2):b()` strictly. Raises BadRecipe for an unknown filter, a bad argument or a stray character."""
        calls = []
        for name, arguments in split(text):
            if name not in self._filters:
                raise self.unknown(name)
            calls.append(self._filters[name].call(arguments))
        check_number(len(calls))
        return tuple(calls)

    def read_leniently(self, text: str) -> tuple[tuple[Call, ...], tuple[Skipped, ...]]:
        """Read `a(1,2):b()` as Thumbor does. Returns the calls, and the filters that are skipped.

        Skipped are unknown filters, and those whose arguments they cannot take. Numbers out of bounds are clamped.
        Raises BadRecipe for too many filters, and for an overlay that cannot be one.
        """
        calls, skipped = [], []
        pieces = split_leniently(text)
        check_number(len(pieces))
        for name, inside in pieces:
            if name not in self._filters:
                skipped.append(Skipped.of(name, self.unknown(name)))
                continue
            try:
                arguments, rest = split_inside(name, inside)
                calls.append(self._filters[name].read_leniently(arguments))
            except BadArgument as error:
                skipped.append(Skipped.of(name, error))
                continue
            if rest:
                why = BadArgument(f"{name}: {excerpt(rest)} follows without a : between the filters")
                skipped.append(Skipped.of(rest.partition("(")[0].strip(), why))
        return tuple(calls), tuple(skipped)

    def unknown(self, name: str) -> BadRecipe:
        return BadRecipe(
            f"There is no filter named {excerpt(name)}; the filters are {', '.join(sorted(self._filters))}"
        )


#: Every filter there is, by name; `rendering.imaging.filters` registers them.
FILTERS = Registry()


def check_number(filters: int) -> None:
    if filters > MOST_FILTERS:
        raise BadRecipe(f"{filters} filters are too many; a recipe takes at most {MOST_FILTERS}")


def with_check(check: Callable[..., None]) -> Callable[[Function], Function]:
    """Declare a check of a filter's arguments together. `check` takes all their values and raises BadArgument."""

    def mark(function: Function) -> Function:
        function.check = check  # type: ignore[attr-defined]  # read where the arguments are
        return function

    return mark


def declare(function: Callable[..., Any]) -> Filter:
    """Declare a filter from a function's signature. Raises TypeError, at import, if that is incomplete or wrong."""
    name, hints = function.__name__, get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())
    stage = hints.get(parameters[0].name) if parameters else None
    if stage not in STAGES:
        names = ", ".join(one.__name__ for one in STAGES)
        raise TypeError(f"{name}: the type of a filter's first parameter must be one of {names}")
    if not inspect.getdoc(function):
        raise TypeError(f"{name}: a filter's docstring is its help; this one has none")
    arguments, context = [], None
    for parameter in parameters[1:]:
        hint = hints.get(parameter.name)
        if hint is Context:
            context = parameter.name
        else:
            arguments.append(declare_argument(name, parameter, hint))
    cost = getattr(function, "cost", None)
    if (stage is Image) != (cost is not None):
        raise TypeError(f"{name}: a filter of Image, and no other, says what it costs; write @costs(10) before it")
    return Filter(name.rstrip("_"), function, stage, tuple(arguments), context, cost)


def declare_argument(function: str, declared: inspect.Parameter, hint: Any) -> Argument:
    """Declare one argument. Raises TypeError if its type does not say how it is read, or if its default is a value that
    could not be read."""
    beside = getattr(hint, "__metadata__", ())
    kind = next((one for one in beside if is_parameter(one)), None)
    if kind is None:
        raise TypeError(
            f"{function}: the type of {declared.name} must be one of rendering/imaging/parameters.py, such as "
            "Percent, or made with one: Annotated[int, Integer(1, 20)]"
        )
    label = next((one for one in reversed(beside) if isinstance(one, str)), declared.name.replace("_", " "))
    argument = Argument(declared.name, kind, declared.default, label)
    if not (argument.required or is_read(kind, argument.default)):
        raise TypeError(f"{function}: the default of {declared.name}, {argument.default!r}, is not {kind.explain()}")
    return argument


def is_parameter(one: Any) -> TypeGuard[Parameter]:
    return isinstance(one, Parameter) and not isinstance(one, type)


def is_read(kind: Parameter, value: Any) -> bool:
    """Whether an argument of this kind may have the value."""
    try:
        return bool(kind.read(kind.write(value)) == value)
    except (BadArgument, AttributeError, TypeError, ValueError):  # the last three: `write` of another type
        return False
