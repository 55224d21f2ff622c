"""Writes the table of costs into deploying.md: `python -m docs.make_costs`.

The figures are those of `manage.py cost` (aliases/aws/costs.py). `tests/aliases/aws/test_costs.py` fails when the
document is not what this would write.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from aliases.aws import costs
from aliases.aws.costs import Usage

DEPLOYING = Path(__file__).resolve().parent / "deploying.md"
MARK = "costs"
#: Requests of a month, in millions.
MONTHS = (1, 10, 100)


def table() -> Iterator[str]:
    """Dollars a month by part, for three sizes of a service; then how it could be otherwise."""
    usages = [Usage(requests=millions * 1_000_000) for millions in MONTHS]
    yield "| dollars a month | " + " | ".join(f"{millions} million requests" for millions in MONTHS) + " |"
    yield "|---|" + "--:|" * len(MONTHS)
    months = [costs.month(usage) for usage in usages]
    for fixed in (False, True):
        for parts in zip(*months, strict=True):
            if parts[0].fixed == fixed:
                said = f" ({parts[0].reckoned})" if fixed and parts[0].reckoned else ""
                yield row(f"{parts[0].name}{said}", [part.dollars for part in parts])
    yield row("**together**", [costs.total(usage) for usage in usages])
    yield row("with a NAT gateway", [costs.total(replace(usage, nat=True)) for usage in usages])
    yield row("without CloudFront's free tier", [costs.total(replace(usage, free_tier=False)) for usage in usages])
    yield row("on arm64", [costs.total(replace(usage, architecture="arm64")) for usage in usages])
    yield row("pictures of half the bytes", [costs.total(replace(usage, size=usage.size // 2)) for usage in usages])
    for plan in costs.PLANS:
        each = [costs.total(replace(one, plan=plan)) if costs.covers(plan, one) else None for one in usages]
        yield row(f"with CloudFront's plan {plan}", each)


def row(name: str, dollars: list[float | None]) -> str:
    return f"| {name} | " + " | ".join("too many" if one is None else f"{one:,.2f}" for one in dollars) + " |"


def sources() -> Iterator[str]:
    """Each price, with where it is from."""
    yield "| price | dollars | from |"
    yield "|---|--:|---|"
    for region, prices in costs.PRICES["regions"].items():
        for name, (dollars, source) in prices.items():
            yield f"| {region}: {name.replace('_', ' ')} | {dollars:.10f}".rstrip("0").rstrip(".") + f" | {source} |"


def written(text: str) -> str:
    """The document with both tables as they should be."""
    for mark, lines in ((MARK, table()), ("prices", sources())):
        begin, end = f"<!-- {mark}: written by `make docs` (docs/make_costs.py) -->\n", f"<!-- end of {mark} -->\n"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise SystemExit(f"{DEPLOYING.name} has lost the comments around its {mark}")
        text = before + begin + "\n" + "\n".join(lines) + "\n\n" + end + after
    return text


if __name__ == "__main__":
    DEPLOYING.write_text(written(DEPLOYING.read_text()))
