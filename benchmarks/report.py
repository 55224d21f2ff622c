"""The results of benchmarks/render.py: as a table, in one line, and as a plot."""

import statistics
from typing import Any

Document = dict[str, Any]
Row = dict[str, Any]
NAMES = {"ours": "ours", "sharp": "sharp", "thumbor": "Thumbor"}
HEAD = (
    "operation",
    "CPU ms: ours, sharp, Thumbor",
    "relative to sharp",
    "relative to Thumbor",
    "kB: the same three",
    "SSIM",
    "MB",
)

#: The plot, in pixels: the height of a row and of a bar, where bars begin, the length of a ratio of 1, the top margin.
ROW, BAR, LEFT, ONE, TOP = 26, 8, 250, 300, 34
#: A colour per peer; they also differ in lightness.
COLOURS = {"sharp": "#1f6f8b", "thumbor": "#e2a03f"}


def cells(row: Row) -> list[str]:
    """A row of the table."""

    def each(figures: dict[str, float], form: str, scale: float = 1) -> str:
        return ", ".join(format(figures[name] * scale, form) if name in figures else "–" for name in NAMES)

    return [
        f"{row['operation']['name']}: {row['words']}",
        each(row["cpu_ms"], ".1f"),
        *(f"{row['ratio'][peer]:.2f}" if peer in row["ratio"] else "–" for peer in ("sharp", "thumbor")),
        each(row["bytes"], ".1f", 1 / 1000),
        each({name: likeness["ssim"] for name, likeness in row["likeness"].items()}, ".4f"),
        each(row["memory_mb"], ".0f"),
    ]


def verdict(rows: list[Row]) -> str:
    """The last line: geometric means of the ratios, and the worst operation relative to sharp."""
    said = [f"render: {len(rows)} operations"]
    for peer in ("sharp", "thumbor"):
        ratios = [row["ratio"][peer] for row in rows if peer in row["ratio"]]
        if ratios:
            said.append(f"{statistics.geometric_mean(ratios):.2f} of {peer}")
    against = [row for row in rows if "sharp" in row["ratio"]]
    if against:
        worst = max(against, key=lambda row: float(row["ratio"]["sharp"]))
        said.append(f"worst {worst['ratio']['sharp']:.2f} ({worst['operation']['name']})")
    return ", ".join(said)


def plot(rows: list[Row]) -> str:
    """An SVG: for each operation our CPU time relative to each peer's, which is the line."""
    longest = max(ratio for row in rows for ratio in row["ratio"].values())
    width, height = LEFT + round(ONE * max(1.7, longest)) + 50, TOP + ROW * len(rows) + 14
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif"'
            ' font-size="12">'
        ),
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, (peer, colour) in enumerate(COLOURS.items()):
        at = LEFT + number * 180
        parts.append(f'<rect x="{at}" y="12" width="12" height="{BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{at + 18}" y="20">our time, of {NAMES[peer]}’s</text>')
    for number, row in enumerate(rows):
        top = TOP + ROW * number
        parts.append(f'<text x="8" y="{top + 14}">{row["operation"]["name"]}: {row["words"]}</text>')
        for place, (peer, colour) in enumerate(COLOURS.items()):
            if peer not in row["ratio"]:
                continue
            ratio, y = row["ratio"][peer], top + 1 + place * (BAR + 2)
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{max(1, ratio * ONE):.0f}" height="{BAR}" fill="{colour}"/>'
                f'<text x="{LEFT + ratio * ONE + 4:.0f}" y="{y + BAR}" font-size="10">{ratio:.2f}</text>'
            )
    parts.append(f'<line x1="{LEFT + ONE}" x2="{LEFT + ONE}" y1="{TOP - 4}" y2="{height - 6}" stroke="#444"/>')
    parts.append(f'<text x="{LEFT + ONE + 4}" y="{height - 6}" font-size="10">as long as theirs</text>')
    return "\n".join([*parts, "</svg>", ""])
