"""What benchmarks/render.py found, as a table."""

import statistics
from typing import Any

Document = dict[str, Any]
NAMES = {"ours": "ours", "sharp": "sharp", "thumbor": "Thumbor"}


def show(document: Document) -> None:
    print("\n".join(table(document)))
    print(verdict(document["rows"]))


def table(document: Document) -> list[str]:
    rows = document["rows"]
    lines = [
        "| | ms of processor: ours, sharp, Thumbor | of sharp | of Thumbor | bytes | SSIM | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    return [*lines, *(f"| {row['operation']['name']} | {cells(row)} |" for row in rows)]


def cells(row: dict[str, Any]) -> str:
    def each(figures: dict[str, Any], form: str, scale: float = 1) -> str:
        return " ".join(format(figures[name] * scale, form) if name in figures else "–" for name in NAMES)

    return " | ".join(
        [
            each(row["cpu_ms"], ".1f"),
            *(f"{row['ratio'][peer]:.2f}" if peer in row["ratio"] else "–" for peer in ("sharp", "thumbor")),
            each(row["bytes"], ".1f", 1 / 1000),
            each({name: likeness["ssim"] for name, likeness in row["likeness"].items()}, ".4f"),
            each(row["memory_mb"], ".0f"),
        ]
    )


def verdict(rows: list[dict[str, Any]]) -> str:
    """The last line: geometric means of the ratios, and the operation that is worst against sharp."""
    said = [f"render: {len(rows)} operations"]
    for peer in ("sharp", "thumbor"):
        ratios = [row["ratio"][peer] for row in rows if peer in row["ratio"]]
        if ratios:
            said.append(f"{statistics.geometric_mean(ratios):.2f} of {peer}")
    against = [row for row in rows if "sharp" in row["ratio"]]
    if against:
        worst = max(against, key=lambda row: row["ratio"]["sharp"])
        said.append(f"worst {worst['ratio']['sharp']:.2f} ({worst['operation']['name']})")
    return ", ".join(said)
