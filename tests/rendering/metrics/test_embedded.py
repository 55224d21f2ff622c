"""What CloudWatch reads from the log: metrics in the embedded metric format, and none where they are off."""

import json
import logging
from typing import Any

import pytest

from rendering.metrics import declaration, embedded
from rendering.trace import JsonFormatter
from tests.service import Service
from tests.tracked import ROOT

URL = "/profile-image/ios/people/one.jpg"


@pytest.fixture
def lines(caplog, settings):
    settings.METRICS, settings.ENVIRONMENT = "imageservice", "production"
    settings.PLANE = "images"
    caplog.set_level(logging.INFO)

    def read() -> list[dict[str, Any]]:
        told = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
        return [line for line in told if line["message"] == "request"]

    return read


def told(line: dict[str, Any]) -> dict[tuple[str, ...], dict[str, float]]:
    """What CloudWatch makes of a line: metrics and their values by the values of their dimensions."""
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000
    found = {}
    for directive in line["_aws"]["CloudWatchMetrics"]:
        assert directive["Namespace"] == "imageservice"
        (dimensions,) = directive["Dimensions"]
        for metric in directive["Metrics"]:
            assert metric["Unit"] in ("Count", "Milliseconds", "None")
        values = {metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]}
        found[tuple(line[dimension] for dimension in dimensions)] = values
    return found


def test_requests_are_counted_with_what_became_of_them_and_where_the_time_went(service: Service, lines):
    service.put("people/one.jpg")
    service.publish()
    for _ in range(2):
        service.get(URL)
    rendered, kept = (told(line)["production", "images"] for line in lines())
    assert (rendered["Requests"], rendered["Rendered"], rendered["Failures"]) == (1, 1, 0)
    assert {"FindMilliseconds", "ReadMilliseconds", "RenderMilliseconds", "KeepMilliseconds"} <= set(rendered)
    assert kept["Kept"] == 1
    assert not {"Rendered", "RenderMilliseconds", "Errors"} & set(kept)
    assert rendered["Milliseconds"] == lines()[0]["ms"]["total"]


def test_an_error_is_counted_by_its_code(service: Service, lines):
    service.publish()
    service.get(URL)
    assert told(lines()[0])["production", "unknown_original"] == {"Errors": 1}


@pytest.mark.parametrize(
    ("number", "counted"), [(1, True), (embedded.FEW, True), (embedded.FEW + 1, False), (0, False)]
)
def test_requests_are_counted_by_alias_where_aliases_are_few(service: Service, lines, monkeypatch, number, counted):
    service.put("people/one.jpg")
    service.publish()
    service.get(URL)
    embedded.count_aliases(number)
    service.get(URL)
    assert (("production", "profile-image/ios") in told(lines()[1])) is counted


def test_a_catalogue_says_how_many_aliases_there_are(service: Service, lines):
    service.put("people/one.jpg")
    service.publish()
    embedded.count_aliases(0)
    service.get(URL)
    assert told(lines()[0])["production", "profile-image/ios"]["Requests"] == 1


def test_without_a_namespace_the_log_has_none(service: Service, lines, settings):
    settings.METRICS = ""
    service.publish()
    service.get(URL)
    assert "_aws" not in lines()[0]
    assert "Requests" not in lines()[0]
    assert embedded.of_outbox(3) == {}


def test_the_outbox_is_measured_by_environment_alone(settings):
    settings.METRICS, settings.ENVIRONMENT = "imageservice", "production"
    assert told(embedded.of_outbox(12.34)) == {("production",): {"OutboxMinutes": 12.3}}


def test_alarms_and_dashboard_name_only_metrics_that_there_are():
    written = {metric.name for metric in declaration.ALL if metric.name}
    assert {"Requests", "Failures", "Milliseconds", "Kept", "RenderMilliseconds", "Errors", "OutboxMinutes"} <= written
    dashboard = json.loads((ROOT / "edge/dashboard.json").read_text())
    drawn = [line for widget in dashboard["widgets"] for line in widget["properties"].get("metrics", ())]
    ours = {line[1] for line in drawn if line[0] == "${Project}"}
    assert ours <= written
    assert {"Requests", "Kept", "Rendered", "Failures", "OutboxMinutes"} <= ours
