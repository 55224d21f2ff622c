"""The results as tables: printed, and written into docs/fidelity.md between two markers."""

import platform
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from .verdict import Judgement, beaten, faults, times

#: The judgements of one kind in one format by engine, ours first.
Row = dict[str, Judgement]

NAMES = {"ours": "ours", "thumbor": "Thumbor", "sharp": "sharp"}
BEGIN, END = "<!-- Written by `make fidelity` from here -->", "<!-- to here. -->"


def rows(judgements: list[Judgement]) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for each in judgements:
        found.setdefault((each.kind, each.format), {})[each.engine] = each
    return list(found.values())


def at_fault(found: list[Row], engine: str) -> int:
    return sum(bool(faults(row[engine])) for row in found)


def best(row: Row) -> bool:
    """Whether ours has no fault and no peer beats it."""
    mine = row["ours"]
    return not faults(mine) and not any(beaten(mine, peer) for peer in row.values() if peer is not mine)


def last_line(found: list[Row], engines: dict[str, str]) -> str:
    counts = ", ".join(f"{NAMES[engine]} {at_fault(found, engine)}" for engine in engines)
    right = len(found) - at_fault(found, "ours")
    equal = f", best or equal in {sum(map(best, found))}" if len(engines) > 1 else ""
    return f"fidelity: {len(found)} rows; ours without fault in {right}{equal}; faults: {counts}"


def say(found: list[Row], engines: dict[str, str]) -> None:
    """Print every row, three engines side by side."""
    print("kind, format", *(NAMES[engine] for engine in engines), sep=" | ")
    for row in found:
        mine = row["ours"]
        print(f"{mine.kind}, {mine.format}".ljust(46), *(plain(row[engine]).ljust(72) for engine in engines), sep="| ")


def plain(found: Judgement) -> str:
    """A derivative in one line: size, mode, the differences, bytes, how it plays, and what is wrong."""
    if found.refused:
        return f"! refused: {found.refused[:55]}"
    return f"{figures(found)}{''.join(f' ! {fault}' for fault in faults(found))}"


def figures(found: Judgement) -> str:
    likeness = "" if found.ssim is None else f" {found.ssim:.3f}".replace("0.", ".")
    playing = f" {found.frames} in {found.length / 1000:.2f} s {times(found.plays)}" if found.frames > 1 else ""
    return (
        f"{found.width}x{found.height} {found.mode} {found.delta:.2f}/{found.high:.1f}/{found.shift:.2f}{likeness} "
        f"{found.bytes:,}{playing}"
    )


def write(found: list[Row], engines: dict[str, str], path: Path) -> None:
    """Put the tables between the markers of a page, and leave the rest of it alone."""
    before, _, rest = path.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    body = "\n".join(page(found, engines))
    path.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}")


def page(found: list[Row], engines: dict[str, str]) -> Iterator[str]:
    yield f"`{last_line(found, engines)}`"
    yield ""
    yield f"On {processor()}, Python {platform.python_version()}:"
    yield ""
    yield from (f"- {NAMES[engine]}: {version}" for engine, version in engines.items())
    yield ""
    yield "### By format"
    yield ""
    yield from by_format(found, engines)
    yield ""
    yield "### By kind: the worst of all formats"
    yield ""
    yield "Where nothing is at fault: the mean ΔE, least and most."
    yield ""
    yield from by_kind(found, engines)
    yield ""
    yield "### Every row"
    yield ""
    yield "<details><summary>Each kind in each format</summary>"
    yield ""
    yield from every_row(found, engines)
    yield ""
    yield "</details>"


def by_format(found: list[Row], engines: dict[str, str]) -> Iterator[str]:
    """Medians over the rows in which no engine has a fault, because only there the figures are comparable."""
    yield heading(["format", "rows", *(f"{NAMES[each]}: ΔE, SSIM, bytes" for each in engines), "ours best or equal"])
    for name in dict.fromkeys(row["ours"].format for row in found):
        level = [row for row in found if row["ours"].format == name and not any(map(faults, row.values()))]
        cells = [
            f"{median(row[each].delta for row in level):.2f}, "
            f"{median(row[each].ssim or 0 for row in level):.3f}, {median(row[each].bytes for row in level):,.0f}"
            for each in engines
        ]
        yield line([name, str(len(level)), *cells, f"{sum(map(best, level))} of {len(level)}"])


def by_kind(found: list[Row], engines: dict[str, str]) -> Iterator[str]:
    yield heading(["kind", *(NAMES[each] for each in engines)])
    for name in dict.fromkeys(row["ours"].kind for row in found):
        of_kind = [row for row in found if row["ours"].kind == name]
        yield line([name, *(worst([row[each] for row in of_kind]) for each in engines)])


def worst(found: list[Judgement]) -> str:
    """One engine's faults for one kind, each with its formats; if there are none, the range of ΔE."""
    by_fault: dict[str, list[str]] = {}
    for each in found:
        for fault in faults(each):
            by_fault.setdefault(fault, []).append(each.format)
    if not by_fault:
        low, high = (pick(each.delta for each in found) for pick in (min, max))
        return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f} – {high:.1f}"
    everywhere = len(found)
    return "; ".join(
        f"**{fault}**" + ("" if len(formats) == everywhere else f" ({', '.join(formats)})")
        for fault, formats in merged(by_fault).items()
    )


def merged(by_fault: dict[str, list[str]]) -> dict[str, list[str]]:
    """Faults that differ only in a figure, as one with the worst figure."""
    groups: dict[str, list[tuple[str, list[str]]]] = {}
    for fault, formats in by_fault.items():
        start = "colours off" if fault.startswith("colours off by ") else fault
        groups.setdefault(start, []).append((fault, formats))
    found = {}
    for start, members in groups.items():
        formats = [name for _, names in members for name in names]
        values = [float(fault.rpartition(" ")[2]) for fault, _ in members if start == "colours off"]
        found[f"colours off by {max(values):.1f}" if values else start] = formats
    return found


def every_row(found: list[Row], engines: dict[str, str]) -> Iterator[str]:
    yield heading(["kind", "format", *(NAMES[each] for each in engines)])
    last = ""
    for row in found:
        mine = row["ours"]
        yield line(["" if mine.kind == last else mine.kind, mine.format, *(cell(row[each]) for each in engines)])
        last = mine.kind


def cell(found: Judgement) -> str:
    wrong = "; ".join(f"**{fault}**" for fault in faults(found)).replace("|", "/")
    return wrong if found.refused else f"{figures(found)}{' ' if wrong else ''}{wrong}"


def heading(titles: list[str]) -> str:
    return f"{line(titles)}\n|{'---|' * len(titles)}"


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def processor() -> str:
    """The CPU's name, as far as the system knows it."""
    cpu = Path("/proc/cpuinfo")
    names = (
        [each.partition(":")[2] for each in cpu.read_text().splitlines() if each.startswith("model name")]
        if cpu.exists()
        else []
    )
    return names[0].strip().removesuffix(" Processor") if names else platform.machine()
