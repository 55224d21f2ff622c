"""Writes the table of settings in settings.md from what is declared of them: `python -m docs.make_settings`.

`tests/test_docs.py` fails when the table is not what this would write.
"""

from pathlib import Path
from typing import Any

from imageservice.environment.declaration import Variable
from imageservice.environment.variables import Variables

SETTINGS = Path(__file__).parent / "settings.md"
BEGIN = (
    "<!-- Written by `make docs` (docs/make_settings.py) from imageservice/environment/variables.py. Do not edit. -->\n"
)
END = "<!-- As far as here. -->\n"


def table() -> str:
    rows = [f"| `{one.name}` | {default(one)} | {one.sentence} |\n" for one in Variables.variables()]
    return "| variable | default | meaning |\n|---|---|---|\n" + "".join(rows)


def default(variable: Variable[Any]) -> str:
    if variable.default_in_words:
        return variable.default_in_words
    match variable.default:
        case bool():
            return "on" if variable.default else "off"
        case int() | float():
            return f"{variable.default:,g}" if variable.default < 1e5 else f"{variable.default:,}"
        case str() if variable.default:
            return f"`{variable.default}`"
    return "none"


def written(text: str) -> str:
    """The document with the table as it should be."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{SETTINGS.name} has lost the comments between which the table of settings stands")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    SETTINGS.write_text(written(SETTINGS.read_text()))
