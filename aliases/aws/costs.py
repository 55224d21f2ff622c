"""What a month on AWS costs, by part: list prices of a named date, times what the service does for a request."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRICES: dict[str, Any] = json.loads((Path(__file__).resolve().parent / "prices.json").read_text(encoding="utf-8"))
REGIONS, PLANS, FREE, READ = tuple(PRICES["regions"]), ("Pro", "Business", "Premium"), PRICES["free"], PRICES["read"]
PAY_AS_YOU_GO = "PayAsYouGo"
ARCHITECTURES = ("x86_64", "arm64")
#: Hours of a month, as AWS counts them; and gigabytes of memory of a function: memory_size in zappa_settings.json.
HOURS, MEMORY = 730, 1.73
#: Seconds of Lambda for a picture that is rendered, and for one that is only found: docs/performance.md.
RENDERED, FOUND = 0.35, 0.06
#: How many of the requests that reach a function start one, and for how long: that is billed since 2025.
STARTS, START_SECONDS = 0.002, 1.2
#: Days for which a derivative is kept, and access logs (edge/storage.yaml); bytes of a line in both kinds of logs.
KEPT_DAYS, LOG_DAYS, FUNCTION_LINE, ACCESS_LINE = 90, 90, 900, 400
#: Alarms, secrets, and rules of the firewall.
ALARMS, SECRETS, RULES = 12, 2, 2
#: Metrics that the log carries: 13 of the data plane, 3 of the admin, the outbox's, and some codes of errors. With at
#: most ten aliases, each has two more.
METRICS = 22


@dataclass(frozen=True, slots=True)
class Usage:
    """A month: what is asked, and how it is deployed."""

    requests: int = 1_000_000
    #: Of the requests, the share that CloudFront answers from its cache; of the others, the share that is rendered.
    hits: float = 0.9
    rendered: float = 0.2
    #: Bytes of a picture, on average.
    size: int = 45_000
    #: Publications and changed originals. Each sends its tag twice.
    changes: int = 100
    region: str = "us-east-1"
    plan: str = PAY_AS_YOU_GO
    architecture: str = "x86_64"
    database: bool = True
    nat: bool = False
    free_tier: bool = True

    @property
    def misses(self) -> float:
        return self.requests * (1 - self.hits)

    @property
    def gigabytes(self) -> float:
        return self.requests * self.size / 1e9


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the month's bill: what it is, what it was reckoned from, and dollars."""

    name: str
    reckoned: str
    dollars: float
    #: It is paid whatever is asked.
    fixed: bool = False


def month(usage: Usage) -> list[Part]:
    """All parts of the month. Raises ValueError with a sentence if the plan does not cover the usage."""
    front = list(pay_as_you_go(usage)) if usage.plan == PAY_AS_YOU_GO else [plan(usage)]
    return [*front, *behind(usage), *fixed(usage)]


def total(usage: Usage) -> float:
    return sum(part.dollars for part in month(usage))


def price(usage: Usage, name: str) -> float:
    regions = PRICES["regions"]
    return float((regions[usage.region].get(name) or regions["us-east-1"][name])[0])


def pay_as_you_go(usage: Usage) -> Iterator[Part]:
    """CloudFront and its firewall, by use."""

    requests, free = beyond(usage, usage.requests, "requests")
    each = price(usage, "cloudfront_10k_requests")
    yield Part("CloudFront: requests", f"{usage.requests:,} × ${each:.4f} / 10,000{free}", requests * each / 1e4)
    gigabytes, free = beyond(usage, usage.gigabytes, "gigabytes")
    each = price(usage, "cloudfront_gb")
    yield Part("CloudFront: transfer", f"{usage.gigabytes:,.0f} GB × ${each:.3f}{free}", gigabytes * each)
    functions, free = beyond(usage, usage.requests, "functions")
    each = price(usage, "cloudfront_million_functions")
    yield Part("CloudFront: function", f"{usage.requests:,} × ${each:.2f} / 1,000,000{free}", functions * each / 1e6)
    each = price(usage, "origin_shield_10k_requests")
    yield Part("Origin Shield", f"{usage.misses:,.0f} × ${each:.4f} / 10,000", usage.misses * each / 1e4)
    each = price(usage, "waf_million_requests")
    yield Part("WAF: requests", f"{usage.requests:,} × ${each:.2f} / 1,000,000", usage.requests * each / 1e6)
    held = price(usage, "waf_list") + RULES * price(usage, "waf_rule")
    yield Part("WAF: a list, two rules", "", held, fixed=True)


def beyond(usage: Usage, used: float, what: str) -> tuple[float, str]:
    """What has to be paid of what is used, and how much is free, in words."""
    free = FREE[what] if usage.free_tier else 0
    return max(0.0, used - free), f", {free:,} free" if free else ""


def plan(usage: Usage) -> Part:
    """CloudFront with its firewall at a flat rate. Raises ValueError if the usage is beyond it."""
    said = PRICES["plans"][usage.plan]
    if not covers(usage.plan, usage):
        raise ValueError(
            f"The plan {usage.plan} covers {said['requests']:,} requests and {said['gigabytes']:,} GB a month, and "
            f"this is {usage.requests:,} requests and {usage.gigabytes:,.0f} GB"
        )
    reckoned = f"up to {said['requests']:,} requests and {said['gigabytes']:,} GB"
    return Part(f"CloudFront and WAF: the plan {usage.plan}", reckoned, said["dollars"], fixed=True)


def covers(name: str, usage: Usage) -> bool:
    said = PRICES["plans"][name]
    return bool(usage.requests <= said["requests"] and usage.gigabytes <= said["gigabytes"])


def behind(usage: Usage) -> Iterator[Part]:
    """What the requests cost that CloudFront does not answer from its cache."""
    misses, new = usage.misses, usage.misses * usage.rendered
    each = price(usage, "apigateway_million")
    yield Part("API Gateway", f"{misses:,.0f} × ${each:.2f} / 1,000,000", misses * each / 1e6)
    seconds = new * RENDERED + (misses - new) * FOUND + misses * STARTS * START_SECONDS
    each = price(usage, f"lambda_gb_second_{usage.architecture}")
    called = misses * price(usage, "lambda_million") / 1e6
    reckoned = f"{misses:,.0f} calls, {seconds:,.0f} s × {MEMORY} GB × ${each:.10f}"
    yield Part("Lambda", reckoned, called + seconds * MEMORY * each)
    # An original and a derivative are looked for, then read; a new picture is written.
    reads, stored = 2 * misses + new, new * usage.size / 1e9 * KEPT_DAYS / 30
    dollars = reads / 1e3 * price(usage, "s3_1000_reads") + new / 1e3 * price(usage, "s3_1000_writes")
    reckoned = f"{reads:,.0f} reads, {new:,.0f} writes, {stored:,.1f} GB kept for {KEPT_DAYS} days"
    yield Part("S3", reckoned, dollars + stored * price(usage, "s3_gb"))
    written, access = misses * FUNCTION_LINE / 1e9, usage.requests * ACCESS_LINE / 1e9
    dollars = written * price(usage, "logs_gb") + access * LOG_DAYS / 30 * price(usage, "s3_gb")
    yield Part("logs", f"{written:,.2f} GB of the functions', {access:,.1f} GB of CloudFront's", dollars)
    tags = 2 * usage.changes
    paid, free = beyond(usage, tags, "tags")
    each = price(usage, "cloudfront_tag")
    yield Part("purging", f"{tags:,} tags × ${each:.3f}{free}", paid * each)


def fixed(usage: Usage) -> Iterator[Part]:
    """What is paid whatever is asked."""
    dollars = SECRETS * price(usage, "secret") + ALARMS * price(usage, "alarm") + METRICS * price(usage, "metric")
    yield Part(f"two secrets, {ALARMS} alarms, {METRICS} metrics", "", dollars, fixed=True)
    calls = HOURS * 60
    dollars = calls * price(usage, "lambda_million") / 1e6
    dollars += calls * 0.15 * MEMORY * price(usage, f"lambda_gb_second_{usage.architecture}")
    yield Part("the admin's schedule", f"{calls:,} calls of 150 ms", dollars, fixed=True)
    if usage.database:
        dollars = HOURS * price(usage, "database_hour") + 20 * price(usage, "database_gb")
        yield Part("PostgreSQL", "db.t4g.micro, 20 GB", dollars, fixed=True)
    if usage.nat:
        hours = HOURS * (price(usage, "nat_hour") + price(usage, "address_hour"))
        yield Part("NAT gateway with its address", "one, 1 GB", hours + price(usage, "nat_gb"), fixed=True)
