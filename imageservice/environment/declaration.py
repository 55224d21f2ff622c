"""How environment variables are declared and read: a name, a kind, a default and a description.

An empty or blank variable is unset. An invalid one is never guessed at: `refuse` ends the program with a line for each.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar, overload

from .aws_secrets import Environment, Unreadable, is_reference
from .kinds import Kind, Several, Unfit

T = TypeVar("T")
#: Characters of an invalid value that an error shows.
SHOWN = 80
#: What text copied from editors and web pages may hold: zero-width spaces, byte order marks, and marks of direction.
INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e"


class Variable(Generic[T]):
    """One variable: an attribute of a `Declarations` class, by whose name it is read.

    `default` may be a function of the other variables; `default_in_words` then describes it.
    """

    name: str

    def __init__(
        self, kind: Kind[T], default: T | Callable[[Any], T], sentence: str, *, default_in_words: str = ""
    ) -> None:
        self.kind = kind
        self.default = default
        self.sentence = sentence
        self.default_in_words = default_in_words

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: "Declarations", owner: type) -> T: ...
    def __get__(self, instance: "Declarations | None", owner: type) -> Self | T:
        return self if instance is None else instance.value_of(self)

    def default_for(self, declarations: "Declarations") -> T:
        return self.default(declarations) if callable(self.default) else self.default


class Declarations:
    """Variables, read from an environment on access, so that AWS is only asked for secrets that are used."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = Environment(environ)
        self._values: dict[str, Any] = {}
        self._wrong: dict[str, str] = {}
        #: Names of variables that are set, but blank.
        self.blank: list[str] = []

    @classmethod
    def variables(cls) -> "Iterator[Variable[Any]]":
        """All variables, in the order of their declaration, a class's own before those of its base."""
        return (one for owner in cls.__mro__ for one in vars(owner).values() if isinstance(one, Variable))

    def value_of(self, variable: Variable[T]) -> T:
        """The variable's value, or its default; also the default if it is invalid, which `refuse` reports."""
        if variable.name not in self._values:
            self._values[variable.name] = self._found(variable)
        found: T = self._values[variable.name]
        return found

    def _found(self, variable: Variable[T]) -> T:
        name, default = variable.name, variable.default_for(self)
        if name not in self._environ:
            return default
        secret, kept = variable.kind.secret, is_reference(self._environ.written(name))
        text = ""
        try:
            text = self._environ[name].strip()
            check_characters(text)
            found = variable.kind.read(text) if text else default
            if text and found != []:  # a list of nothing but commas counts as blank
                return found
            self.blank.append(name)
            # A reference to a secret promises that there is one. Only lists of older secrets may be empty.
            if kept and secret and not isinstance(variable.kind, Several):
                raise Unreadable(
                    f"{name} is to come from {self._environ.written(name)}, but what is kept there is blank"
                )
        except Unreadable as error:
            self._wrong[name] = f"{' '.join(str(error).split()).rstrip('.')}."
        except Unfit as error:
            held = "cannot be read" if secret or kept else f"is {shortened(repr(text))}"
            self._wrong[name] = f"{name} {held}; it must be {error}."
        return default

    def wrong(self) -> list[str]:
        """What is wrong with the variables read so far, a sentence for each."""
        return list(self._wrong.values())

    def refuse(self) -> None:
        """End the program with status 1 if any variable is invalid. Checks all of them but references to secrets that
        were not read, which this process may have no right to read."""
        for variable in self.variables():
            if variable.name in self._environ and not is_reference(self._environ.written(variable.name)):
                self.value_of(variable)
        if self._wrong:
            sys.exit("\n".join(self.wrong()))


def check_characters(text: str) -> None:
    """Raise Unfit for characters that would break headers, log lines or paths."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unfit("text in UTF-8")
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text):
        raise Unfit("text without control characters, such as a line break in its middle")
    if found := next((character for character in text if character in INVISIBLE), ""):
        raise Unfit(f"text without invisible characters, such as the U+{ord(found):04X} in it")


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
