"""What a filter of pixels costs: declared beside it, and known before it runs."""

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

Function = TypeVar("Function", bound=Callable[..., Any])

#: Width and height in pixels.
Size = tuple[int, int]


class Cost(Struct, frozen=True):
    """Functions get the size that the filter receives, the context, and the filter's arguments."""

    #: A processor's nanoseconds for each pixel that is received, or that is made, if those are more: a number, or a
    #: function. `python -m benchmarks.costs` measures them.
    nanoseconds: float | Callable[..., float]
    #: The size that the filter makes, or the largest that it can be. None: the size that it receives.
    makes: Callable[..., Size] | None = None


def costs(
    nanoseconds: float | Callable[..., float], makes: Callable[..., Size] | None = None
) -> Callable[[Function], Function]:
    """Declare what a filter of pixels costs."""

    def mark(function: Function) -> Function:
        function.cost = Cost(nanoseconds, makes)  # type: ignore[attr-defined]  # read where the filter is declared
        return function

    return mark
