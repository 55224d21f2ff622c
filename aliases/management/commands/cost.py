"""`manage.py cost`: what a month on AWS costs, by part."""

import argparse
import re
from dataclasses import fields, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.aws import costs
from aliases.aws.costs import Usage

UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


class Command(BaseCommand):
    help = "Print what a month on AWS costs, by part, at list prices; and what would change it most."

    #: It neither asks the database nor AWS.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        least = Usage()
        parser.add_argument("--requests", type=amount, default=least.requests, help="Viewers' requests, such as 10M.")
        parser.add_argument(
            "--hits", type=share, default=least.hits, help="The share that CloudFront's cache answers; by default 0.9."
        )
        parser.add_argument(
            "--rendered", type=share, default=least.rendered, help="Of the others, the share of new pictures: 0.2."
        )
        parser.add_argument("--size", type=amount, default=least.size, help="Bytes of a picture, such as 45k.")
        parser.add_argument("--changes", type=amount, default=least.changes, help="Publications and changed originals.")
        parser.add_argument(
            "--region", choices=costs.REGIONS, default=least.region, help="Whose prices; by default %(default)s."
        )
        parser.add_argument(
            "--plan", choices=(costs.PAY_AS_YOU_GO, *costs.PLANS), default=least.plan, help="How CloudFront is paid."
        )
        parser.add_argument(
            "--architecture",
            choices=costs.ARCHITECTURES,
            default=least.architecture,
            help="The CPU of the functions; by default %(default)s.",
        )
        parser.add_argument("--nat", action="store_true", help="With a NAT gateway.")
        parser.add_argument(
            "--no-database", dest="database", action="store_false", help="Without PostgreSQL on AWS: you have one."
        )
        parser.add_argument(
            "--no-free-tier", dest="free_tier", action="store_false", help="Without CloudFront's free tier."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        usage = Usage(**{field.name: options[field.name] for field in fields(Usage)})
        try:
            parts = costs.month(usage)
        except ValueError as error:
            raise CommandError(f"{error}.") from None
        width = max(len(part.name) for part in parts)
        for part in (*[one for one in parts if not one.fixed], *[one for one in parts if one.fixed]):
            self.stdout.write(f"{part.dollars:>10,.2f}  {part.name:<{width}}  {part.reckoned}".rstrip())
        whole = sum(part.dollars for part in parts)
        self.stdout.write(f"{whole:>10,.2f}  together, dollars a month\n\n")
        for sentence, other in others(usage):
            difference = costs.total(other) - whole
            self.stdout.write(f"{difference:>+10,.2f}  {sentence}")
        self.stdout.write(
            f"\nList prices of {usage.region}, as read on {costs.READ}; aliases/aws/prices.json says where. Check them "
            "before you rely on them."
        )


def others(usage: Usage) -> list[tuple[str, Usage]]:
    """What could be otherwise, in words, and the usage that it would be."""
    found = [
        ("with pictures of half the bytes", replace(usage, size=usage.size // 2)),
        ("with a cache that answers half of what it does not", replace(usage, hits=(1 + usage.hits) / 2)),
        (f"{'without' if usage.nat else 'with'} a NAT gateway", replace(usage, nat=not usage.nat)),
    ]
    architecture = "arm64" if usage.architecture == "x86_64" else "x86_64"
    found.append((f"on {architecture}", replace(usage, architecture=architecture)))
    if usage.plan != costs.PAY_AS_YOU_GO:
        found.append(("paid as you go", replace(usage, plan=costs.PAY_AS_YOU_GO)))
    found += [
        (f"with CloudFront's plan {name}", replace(usage, plan=name))
        for name in costs.PLANS
        if name != usage.plan and costs.covers(name, usage)
    ]
    return found


def amount(text: str) -> int:
    """A whole number, or one with a unit: 10M, 45k."""
    if not (found := re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?)([kMGmg]?)", text.replace(",", "").replace("_", ""))):
        raise argparse.ArgumentTypeError(f"“{text}” is no amount; write 10000000 or 10M")
    return round(float(found[1]) * UNITS[found[2].lower()])


def share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no share; write a number from 0 to 1, such as 0.9")
    return found
