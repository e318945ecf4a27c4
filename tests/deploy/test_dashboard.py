"""Dashboard and alarms ask for figures that exist, by labels that they have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from edge.cli.commands import COMMANDS
from edge.health.names import ALL
from schema.events.operations import Severity

ROOT = Path(__file__).parents[2]
BOARD = json.loads((ROOT / "deploy" / "grafana" / "ghostproof.json").read_text())
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "ghostproof.yaml").read_text())
ALARMS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"]}
METRICS = {metric.name: set(metric.labels) for metric in ALL}
SCRAPED = {"instance", "job"}
"""Labels that Prometheus itself adds."""


def expressions(board: dict[str, Any]) -> Iterator[str]:
    """Yield every question that the dashboard asks."""
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]


def unknown_in(expression: str) -> set[str]:
    """Return the metrics and labels of an expression that do not exist."""
    metrics = set(re.findall(r"\bghostproof_\w+", expression))
    if strange := metrics - METRICS.keys():
        return strange
    known = set.union(SCRAPED, *(METRICS[metric] for metric in metrics))
    grouped = re.findall(r"\b(?:by|without) \(([^)]*)\)", expression)
    asked = {label.strip() for group in grouped for label in group.split(",")}
    for metric, matchers in re.findall(r"(ghostproof_\w+)\{([^}]*)\}", expression):
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
        if strange := labels - METRICS[metric]:
            return strange
    return asked - known


@pytest.mark.parametrize("expression", list(expressions(BOARD)))
def test_a_panel_asks_for_what_is_there(expression: str) -> None:
    assert re.search(r"\bghostproof_", expression)
    assert unknown_in(expression) == set()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_asks_for_what_is_there_and_says_what_to_do(name: str) -> None:
    alarm = ALARMS[name]
    assert unknown_in(alarm["expr"]) == set()
    assert alarm["labels"]["severity"] in set(Severity)
    typed = re.match(r"ghostproof ([a-z-]+)", alarm["annotations"]["action"])
    assert typed is None or typed[1] in COMMANDS


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_on_a_counter_tells_of_its_first_count(name: str) -> None:
    """A counter's first sample is no increase, and many a counter begins at one."""
    expression = ALARMS[name]["expr"]
    for metric in re.findall(r"increase\((\w+)", expression):
        assert re.search(rf"unless max by \([^)]+\) \({metric} offset", expression)


@pytest.mark.parametrize(
    ("expression", "strange"),
    [
        ("sum(ghostproof_ghost)", {"ghostproof_ghost"}),
        ("sum by (state) (ghostproof_queue_items)", {"state"}),
        ('ghostproof_queue_items{acount="a"}', {"acount"}),
    ],
)
def test_a_misspelt_question_would_be_noticed(expression: str, strange: set[str]) -> None:
    assert unknown_in(expression) == strange


def test_every_metric_has_its_place_on_the_dashboard() -> None:
    shown = {name for asked in expressions(BOARD) for name in re.findall(r"ghostproof_\w+", asked)}
    assert METRICS.keys() - shown == set()


def test_panels_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + i, at["y"] + j) for i in range(at["w"]) for j in range(at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_every_panel_says_what_it_is_about() -> None:
    assert [panel["title"] for panel in BOARD["panels"] if not panel["description"]] == []
