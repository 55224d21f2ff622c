"""People, as pages show them: a name, and two letters in a circle."""

import re
from dataclasses import dataclass
from typing import Any
from zlib import crc32

#: The CSS classes of the colours of the circles; the first is the accent, which has none.
COLOURS = ("", "b", "c")
#: Who did what no user did, or a user who is gone.
NOBODY = "a command or a former user"


@dataclass(frozen=True, slots=True)
class Person:
    """A user, or nobody that is still known. `initials` has one or two letters; `colour` is a CSS class."""

    name: str
    initials: str
    colour: str
    #: Whether it is the user who looks.
    you: bool = False

    def __str__(self) -> str:
        return self.name


def person(user: Any, looking: Any = None) -> Person:
    """The person that a user is; nobody for None. `looking` is the user who looks at the page."""
    if user is None or not user.pk:
        return Person(NOBODY, "–", "c")
    name = user.get_full_name() or user.get_username()
    words = re.findall(r"\w+", name) or ["?"]
    initials = words[0][0] + words[-1][0] if words[1:] else words[0][:2]
    colour = COLOURS[crc32(user.get_username().encode()) % len(COLOURS)]
    return Person(name, initials.upper(), colour, you=looking is not None and user.pk == looking.pk)
