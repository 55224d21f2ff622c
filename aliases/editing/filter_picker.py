"""What the picker of filters (`filters.js`) shows: each filter of aliases, its words, its picture, its inputs."""

from pathlib import Path
from typing import Any

from django.templatetags.static import static

from rendering.imaging.filters import FILTERS, Filter
from rendering.imaging.filters.grammar.examples import EXAMPLES
from rendering.imaging.filters.grammar.lifetime import Lifetime
from rendering.imaging.filters.grammar.registry import Argument, Call
from rendering.imaging.filters.paint import WORDS as PAINTS
from rendering.imaging.filters.paint import PaintText
from rendering.imaging.parameters import Flag, Integer, Number, PathText, QuarterTurn, Rgb, Word

from .filter_words import GROUPS, OTHERS, words_of

FOLDER = Path(__file__).parents[1] / "static" / "aliases" / "filters"
#: The filters of which a picture shows what they do.
PICTURED = frozenset(path.stem for path in FOLDER.glob("*.webp"))
#: The longest range, in steps, that a slider can still be set on exactly.
MOST_STEPS = 500


def offered() -> dict[str, Any]:
    """The groups, and the filters in their order, as `filters.js` reads them."""
    found = sorted(
        (one for one in FILTERS.values() if one.stage is not Lifetime),  # an alias has fields for that
        key=lambda one: GROUPS.index(words_of(one.name, one.summary).group),
    )
    groups = [group for group in GROUPS if group != OTHERS or any(one.package for one in found)]
    return {"groups": groups, "filters": [described(one) for one in found]}


def described(one: Filter) -> dict[str, Any]:
    return {
        "name": one.name,
        **words_of(one.name, one.summary)._asdict(),
        "help": one.summary,
        "picture": static(f"aliases/filters/{one.name}.webp") if one.name in PICTURED else "",
        "arguments": [
            {"name": argument.name, "label": argument.label[0].upper() + argument.label[1:], "begin": text}
            | ({} if argument.required else {"usual": argument.parameter.write(argument.default)})
            | input_of(argument)
            for argument, text in zip(one.arguments, beginnings(one), strict=True)
        ],
    }


def beginnings(one: Filter) -> list[str]:
    """The text of each argument in the filter's example, which its picture shows; empty where it is the usual one.

    Which other picture is laid over or around is for whoever chooses it.
    """
    if one.name not in EXAMPLES:  # of another package
        return [""] * len(one.arguments)
    example = Call.read(EXAMPLES[one.name])
    return [
        "" if isinstance(argument.parameter, PathText) or value == argument.default else argument.parameter.write(value)
        for argument, value in zip(one.arguments, example.values, strict=True)
    ]


def input_of(argument: Argument) -> dict[str, Any]:
    """The native input of an argument. Each `kind` is one of `filter-inputs.js`."""
    match argument.parameter:
        case Flag():
            return {"kind": "flag"}
        case Word(words):
            return {"kind": "choice", "choices": words}
        case QuarterTurn():
            return {"kind": "choice", "choices": ("0", "90", "180", "270"), "unit": "°"}
        case Integer(low, high):
            return {"kind": "number", "low": low, "high": high, "step": 1, "range": high - low <= MOST_STEPS}
        case Number(low, high):
            return {"kind": "number", "low": low, "high": high, "step": 0.05 if high - low <= 5 else 0.1, "range": True}
        case Rgb():
            return {"kind": "colour", "words": ()}
        case PaintText():
            return {"kind": "colour", "words": PAINTS}
        case PathText() as path:
            return {"kind": "picture", "help": path.explain()}
        case other:
            return {"kind": "text", "help": other.explain()}
