"""What a month on AWS costs: the sums, the command, and the table in the docs."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aliases.aws import costs
from aliases.aws.costs import Usage
from aliases.management.commands.cost import others
from docs import make_costs
from edge.templates import NAMES, template
from tests.edge.stacks import resources

LARGE = Usage(requests=100_000_000)


def parts(usage: Usage) -> dict[str, float]:
    return {part.name: round(part.dollars, 2) for part in costs.month(usage)}


def test_parts_are_what_one_reckons_by_hand():
    found = parts(LARGE)
    assert found["CloudFront: requests"] == round((100e6 - 10e6) / 1e4 * 0.01, 2)
    assert found["CloudFront: transfer"] == round((100e6 * 45_000 / 1e9 - 1000) * 0.085, 2)
    assert found["API Gateway"] == round(10e6 / 1e6 * 3.5, 2)
    seconds = 2e6 * 0.35 + 8e6 * 0.06 + 10e6 * 0.002 * 1.2
    assert found["Lambda"] == round(10e6 / 1e6 * 0.2 + seconds * 1.73 * 0.0000166667, 2)
    assert round(costs.total(LARGE), 2) == pytest.approx(sum(found.values()), abs=0.1)


def test_a_month_without_requests_costs_what_is_fixed():
    fixed = sum(part.dollars for part in costs.month(LARGE) if part.fixed)
    assert costs.total(Usage(requests=0, changes=0)) == pytest.approx(fixed)


@pytest.mark.parametrize(
    ("other", "cheaper"),
    [
        ({"size": 20_000}, True),
        ({"hits": 0.95}, True),
        ({"rendered": 0.1}, True),
        ({"architecture": "arm64"}, True),
        ({"database": False}, True),
        ({"plan": "Business"}, True),
        ({"nat": True}, False),
        ({"region": "eu-west-1"}, False),
        ({"free_tier": False}, False),
        ({"plan": "Premium"}, False),
        ({"changes": 10_000}, False),
    ],
)
def test_what_costs_more_and_what_less(other: dict[str, Any], cheaper):
    assert (costs.total(replace(LARGE, **other)) < costs.total(LARGE)) is cheaper


def test_tags_are_free_up_to_a_thousand_and_paid_twice_beyond():
    assert parts(Usage(changes=500))["purging"] == 0
    assert parts(Usage(changes=501))["purging"] == 0.01


def test_a_plan_that_does_not_cover_the_month_is_refused():
    with pytest.raises(
        CommandError, match="The plan Pro covers 10,000,000 requests and 50,000 GB a month, and this is"
    ):
        call_command("cost", "--requests", "11M", "--plan", "Pro")
    assert "Pro" not in [other.plan for _, other in others(LARGE)]


def test_the_command_prints_parts_a_sum_and_what_would_change_it(capsys):
    call_command("cost", "--requests", "100M", "--region", "eu-west-1", "--nat")
    said = capsys.readouterr().out
    assert "108.00  CloudFront: requests" in said
    assert f"{costs.total(replace(LARGE, region='eu-west-1', nat=True)):,.2f}  together, dollars a month" in said
    assert "  without a NAT gateway" in said
    assert "List prices of eu-west-1, as read on 2026-11-30" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--requests", "many"], "“many” is no amount; write 10000000 or 10M"),
        (["--requests", "-1"], "expected one argument|no amount"),
        (["--requests", "9" * 13], "no amount"),
        (["--hits", "1.1"], "“1.1” is no share; write a number from 0 to 1"),
        (["--rendered", "nan"], "no share"),
        (["--plan", "Free"], "invalid choice"),
    ],
)
def test_what_is_no_number_is_refused(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("cost", *arguments)


def test_the_docs_have_the_figures_of_the_command():
    text = make_costs.DEPLOYING.read_text(encoding="utf-8")
    assert make_costs.written(text) == text, "run make docs"


def test_every_price_says_where_it_is_from():
    for prices in costs.PRICES["regions"].values():
        for dollars, source in prices.values():
            assert dollars > 0
            assert source


def test_what_is_counted_is_what_the_templates_have():
    assert sum(len(resources(name, "CloudWatch::Alarm")) for name in NAMES) == costs.ALARMS
    assert template("global").count("RateBasedStatement") == costs.RULES
