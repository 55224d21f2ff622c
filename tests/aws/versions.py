"""Versions of functions in moto, which numbers them by how many there are: after one is deleted, two would have one
number. Lambda gives no number twice."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaFunction

_set: Callable[[Any, int], None] = LambdaFunction.set_version


def numbering() -> Callable[[Any, int], None]:
    """A `LambdaFunction.set_version` that counts on."""
    given: Counter[str] = Counter()

    def set_version(function: Any, number: int) -> None:
        given[function.function_name] += 1
        _set(function, given[function.function_name])

    return set_version
