"""Who is told of what, what takes a release back, and that the runbook has a chapter for each alarm."""

import json
import re

import pytest

from tests.edge.stacks import resources, stack
from tests.tracked import ROOT

ALARMS = {**resources("monitoring", "CloudWatch::Alarm"), **resources("global", "CloudWatch::Alarm")}
RUNBOOK = (ROOT / "docs/runbook.md").read_text()
PREFIX = "${Project}-${Environment}-"


def called(name: str) -> str:
    return str(ALARMS[name]["AlarmName"]["Fn::Sub"]).replace("${Suffix}", "").removeprefix(PREFIX)


RELEASES = [name for name in ALARMS if called(name).startswith("release-")]


def chapters() -> dict[str, str]:
    """The runbook's chapters on alarms, by the alarm's name."""
    part = RUNBOOK.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    return {chapter.partition("\n")[0]: chapter for chapter in part.split("\n### ")[1:]}


def test_every_alarm_has_a_chapter_and_every_chapter_an_alarm():
    budgets = {
        one["Budget"]["BudgetName"]["Fn::Sub"].replace("${Suffix}", "").removeprefix(PREFIX)
        for one in resources("global", "Budgets::Budget").values()
    }
    assert budgets == {"budget"}
    assert set(chapters()) == {called(name) for name in ALARMS} | budgets


@pytest.mark.parametrize("name", chapters())
def test_a_chapter_says_what_it_means_what_to_look_at_and_what_to_do(name):
    words = [re.match(r"\*\*(.+?)\*\*|\*\*(.+?):\*\*", line[2:]) for line in chapters()[name].splitlines()]
    assert [word[1].rstrip(":") for word in words if word] == ["It means", "Look at", "Do"]


def test_what_is_watched():
    watched = {(one["Namespace"], one["MetricName"]) for one in map(flat, ALARMS.values())}
    assert watched == {
        ("AWS/CloudFront", "5xxErrorRate"),
        ("AWS/ApiGateway", "5XXError"),
        ("AWS/Lambda", "Throttles"),
        ("AWS/Lambda", "Errors"),
        ("AWS/Lambda", "Duration"),
        ("Project", "OutboxMinutes"),
        ("Project", "Errors"),
    }
    # CloudFront tells its metrics in us-east-1 alone.
    assert not [
        one for one in resources("monitoring", "CloudWatch::Alarm").values() if one["Namespace"] == "AWS/CloudFront"
    ]


def flat(alarm: dict[str, object]) -> dict[str, str]:
    """An alarm's own texts; of a reference, the parameter's name."""
    return {key: value["Ref"] if isinstance(value, dict) and "Ref" in value else value for key, value in alarm.items()}  # type: ignore[misc]


@pytest.mark.parametrize("name", ALARMS)
def test_silence_is_no_alarm_and_whoever_gave_an_address_is_told_of_all_but_releases(name):
    alarm = ALARMS[name]
    assert alarm["TreatMissingData"] == "notBreaching"
    told = {"Fn::If": ["HasEmail", [{"Ref": "Told"}], {"Ref": "AWS::NoValue"}]}
    actions = [alarm.get("AlarmActions"), alarm.get("OKActions")]
    assert actions == ([None, None] if name in RELEASES else [told, told])


def test_what_takes_a_release_back_looks_at_single_minutes_of_what_viewers_get():
    assert sorted(called(name) for name in RELEASES) == ["release-crashes", "release-fails"]
    for name in RELEASES:
        assert (ALARMS[name]["Period"], ALARMS[name]["EvaluationPeriods"]) == (60, 1)
    dimensions = {one["Name"]: one["Value"]["Fn::Sub"] for one in ALARMS["ReleaseCrashes"]["Dimensions"]}
    assert dimensions["Resource"] == "${Project}-${Environment}:live"


def test_the_dashboard_is_in_the_template_and_shows_every_alarm_that_tells_somebody():
    (dashboard,) = resources("monitoring", "CloudWatch::Dashboard").values()
    body = json.loads(dashboard["DashboardBody"]["Fn::Sub"])
    assert body == json.loads((ROOT / "edge/dashboard.json").read_text())
    (shown,) = [one["properties"]["alarms"] for one in body["widgets"] if one["type"] == "alarm"]
    mine = {called(name) for name in resources("monitoring", "CloudWatch::Alarm") if name not in RELEASES}
    assert {one.rpartition(PREFIX)[2] for one in shown} == mine
    parameters = set(stack("monitoring")["Parameters"])
    assert set(re.findall(r"\$\{(\w+)\}", json.dumps(body))) <= parameters
    for one in body["widgets"]:
        assert one["x"] + one["width"] <= 24


def test_saved_queries_ask_for_what_our_lines_have():
    queries = resources("monitoring", "Logs::QueryDefinition")
    assert len(queries) >= 6
    known = {"message", "error", "status", "alias", "bucket", "key", "bytes", "level", "logger"}
    known |= {"request_id", "sent_request_id"}
    for one in queries.values():
        words = re.findall(r"(?:\bby |\bfields |ispresent\(|filter )([a-z_]+)\b", one["QueryString"])
        assert {word for word in words if word not in ("ispresent", "bin", "ms")} <= known, one["QueryString"]


def test_logs_of_viewers_are_asked_from_the_bucket_that_has_them():
    queries = resources("monitoring", "Athena::NamedQuery")
    assert len(queries) >= 4
    texts = [one["QueryString"]["Fn::Sub"] for one in queries.values()]
    assert "LOCATION 's3://${LogBucketName}/AWSLogs/${AWS::AccountId}/CloudFront/${DistributionId}/'" in texts[0]
    (delivery,) = resources("global", "Logs::Delivery").values()
    assert delivery["S3SuffixPath"].startswith("{DistributionId}/")
    assert all("viewers_of_${Environment}" in text for text in texts)
    columns = texts[0].partition("(\n")[2].partition("\n)")[0]
    assert len(re.findall(r" (?:string|bigint|int|float|date)\b", columns)) == 33  # as CloudFront writes them
