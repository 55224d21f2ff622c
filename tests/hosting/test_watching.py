"""What Prometheus and Grafana are told: of metrics that there are, with the labels that they have."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from rendering.metrics.declaration import ALL, HISTOGRAM
from rendering.metrics.prometheus import PREFIX
from tests.tracked import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "hosting/grafana.json").read_text())
SCRAPED: dict[str, Any] = yaml.safe_load((ROOT / "hosting/prometheus.yml").read_text())["scrape_configs"][0]
RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "hosting/alerts.yml").read_text())["groups"][0]["rules"]
#: Labels that Prometheus adds: of whom it asked, and of a histogram's buckets.
ADDED = {"job", "instance", "le"}
EXPRESSIONS = {
    **{panel["title"]: [target["expr"] for target in panel["targets"]] for panel in DASHBOARD["panels"]},
    **{rule["alert"]: [rule["expr"]] for rule in RULES},
}


def series() -> dict[str, set[str]]:
    """The names of series as Prometheus stores them, and their labels."""
    found = {}
    for metric in ALL:
        if metric.series:
            endings = ("_bucket", "_sum", "_count") if metric.kind == HISTOGRAM else ("",)
            found.update({f"{PREFIX}{metric.series}{ending}": set(metric.labels) for ending in endings})
    return found


@pytest.mark.parametrize("title", EXPRESSIONS)
def test_an_expression_names_a_series_that_there_is_and_labels_that_it_has(title):
    for expression in EXPRESSIONS[title]:
        named = re.findall(r"[a-z_]+(?=\{|\[|\)| [>/])", re.sub(r"\b(?:by|rate|sum|max)\b", "", expression))
        ours = [name for name in named if name.startswith(PREFIX)]
        assert ours or expression.startswith("up{"), expression
        for name in ours:
            assert name in series(), expression
            labels = set(re.findall(r"(\w+) ?(?:=~|!=|=)\"", expression))
            labels |= {one for group in re.findall(r"by \(([^)]*)\)", expression) for one in group.split(", ")}
            assert labels <= series()[name] | ADDED, expression


def test_every_series_is_shown():
    shown = " ".join(one for expressions in EXPRESSIONS.values() for one in expressions)
    for metric in ALL:
        assert not metric.series or f"{PREFIX}{metric.series}" in shown, metric.series


def test_panels_do_not_overlap_and_have_ids_of_their_own():
    panels = DASHBOARD["panels"]
    assert sorted(panel["id"] for panel in panels) == list(range(1, len(panels) + 1))
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_where_the_runbook_has_it(rule):
    page, _, heading = rule["annotations"]["runbook"].partition("#")
    assert f"\n### {heading}\n" in (ROOT / page).read_text()


def test_each_plane_is_asked_itself_where_it_listens():
    (targets,) = SCRAPED["static_configs"]
    units = [(ROOT / f"hosting/systemd/imageservice-{plane}.service").read_text() for plane in ("pictures", "admin")]
    assert targets["targets"] == [re.findall(r"--bind (\S+)", unit)[0] for unit in units]
    assert SCRAPED["metrics_path"] == "/-/metrics"


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool, of Prometheus, is not on this machine")
def test_prometheus_itself_takes_them():
    subprocess.run(["promtool", "check", "config", "hosting/prometheus.yml"], cwd=ROOT, check=True, capture_output=True)
