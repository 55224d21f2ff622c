"""Variables of the environment, each declared once: its name, its kind, its default and what it means.

What is empty or blank is unset. What is not of its kind is not guessed at: `refuse` ends the program with a line for
each such variable, whichever way it was started.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar, overload

from .aws_secrets import Environment, Unreadable, is_reference
from .kinds import Kind, Several, Unfit

T = TypeVar("T")
#: Characters of a wrong value that are shown.
SHOWN = 80
#: What editors and web pages leave at the ends of what is copied from them: no-width blanks, marks of byte order and of
#: direction.
UNSEEN = "\ufeff\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e"


class Variable(Generic[T]):
    """One variable, declared as an attribute of `Declared`, whose name is its own.

    `default` may be found from the other variables; `default_in_words` then says what it is.
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
    def __get__(self, instance: "Declared", owner: type) -> T: ...
    def __get__(self, instance: "Declared | None", owner: type) -> Self | T:
        return self if instance is None else instance.value_of(self)

    def default_for(self, declared: "Declared") -> T:
        return self.default(declared) if callable(self.default) else self.default


class Declared:
    """The variables that a class declares, as an environment has them. Read when they are asked for: what AWS keeps and
    nobody asks for is not fetched."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = Environment(environ)
        self._values: dict[str, Any] = {}
        self._wrong: dict[str, str] = {}
        #: Names that are set, to nothing or to blanks.
        self.blank: list[str] = []

    @classmethod
    def variables(cls) -> "Iterator[Variable[Any]]":
        """In the order in which they are declared."""
        return (one for one in vars(cls).values() if isinstance(one, Variable))

    def value_of(self, variable: Variable[T]) -> T:
        """What the environment says, or the default. The default, too, for what is wrong, which `refuse` tells."""
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
            if text and found != []:  # a list of nothing but commas is as blank
                return found
            self.blank.append(name)
            # Whoever says where a secret is kept means to have one; a list of older ones may be empty.
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
        """What is wrong with the variables that were asked for, each in a sentence that names it."""
        return list(self._wrong.values())

    def refuse(self) -> None:
        """End the program, with 1, when anything is wrong: also with what nobody has asked for, unless AWS keeps it,
        where this process need not be let in."""
        for variable in self.variables():
            if variable.name in self._environ and not is_reference(self._environ.written(variable.name)):
                self.value_of(variable)
        if self._wrong:
            sys.exit("\n".join(self.wrong()))


def check_characters(text: str) -> None:
    """Raise Unfit for what can be meant by no variable: it would break headers, log lines and paths."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unfit("text in UTF-8")
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text):
        raise Unfit("text without control characters, such as a line break in its middle")
    if found := next((character for character in text if character in UNSEEN), ""):
        raise Unfit(f"text without characters that nobody can see, such as the U+{ord(found):04X} in it")


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
