"""The program's flow, drawn from what its moving parts hear and say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from schema.catalogue import ROUTES
from schema.contracts import Handler
from schema.events.base import tag_of

MODEL = ("model_reserved", "model_withheld", "model_called", "circuit_opened", "circuit_closed")
"""What every performer says that asks the model."""

PERFORMERS: dict[str, tuple[str, ...]] = {
    "fetch": (
        "candidate_found",
        "source_completed",
        "source_timed_out",
        "source_failed",
        "fetch_failed",
        "fetch_completed",
        "site_challenged",
    ),
    "judge": (*MODEL, "candidate_judged", "judgement_failed"),
    "draft": (*MODEL, "draft_created", "draft_failed"),
    "click": (
        "click_deferred",
        "click_blocked",
        "click_withheld",
        "posting_failed",
        "click_attempt",
        "posting_success",
        "click_not_sent",
        "click_rejected",
        "outcome_unknown",
        "site_challenged",
    ),
    "profile": ("profile_read", "profile_read_failed", "site_challenged"),
    "metrics": (
        "outcome_recorded",
        "outcome_unavailable",
        "metrics_read_failed",
        "site_challenged",
    ),
    "alert": ("alert_delivered", "alert_undelivered"),
}
"""Work queue -> what its performer may say. Performers touch the world, so no type declares it."""

SPRING = "job_due"  # the clock: everything that happens on its own begins here


@dataclass(frozen=True, slots=True)
class Part:
    """One moving part: a handler, or (`acts`) a performer."""

    name: str
    hears: tuple[str, ...]
    says: tuple[str, ...]
    acts: bool = False


def parts_of(handlers: Iterable[Handler]) -> list[Part]:
    """Return every handler and performer with its event types by wire name."""
    rules = [Part(one.name, _names(one.hears), _names(one.says)) for one in handlers]
    performers = [
        Part(f"{queue} performer", _orders_of(queue), says, acts=True)
        for queue, says in PERFORMERS.items()
    ]
    return [*rules, *performers]


def _orders_of(queue: str) -> tuple[str, ...]:
    return tuple(order for order, carried in ROUTES.items() if carried == queue)


def _names(events: Iterable[type[Any]]) -> tuple[str, ...]:
    return tuple(tag_of(event.__name__) for event in events)


def as_tree(parts: Sequence[Part], root: str = SPRING) -> str:
    """Draw the flow from one event on; what was drawn already ends in ``…``."""
    lines = [root]
    _draw(parts, root, "", lines, {root})
    return "\n".join(lines)


def _draw(
    parts: Sequence[Part], event: str, indent: str, lines: list[str], drawn: set[str]
) -> None:
    branches = [(part, said) for part in parts if event in part.hears for said in part.says]
    for number, (part, said) in enumerate(branches, 1):
        last = number == len(branches)
        repeated = said in drawn and any(said in other.hears for other in parts)
        mark = "⇢" if part.acts else "→"
        lines.append(f"{indent}{'└' if last else '├'}─ {part.name} {mark} {said}{' …' * repeated}")
        if said not in drawn:
            drawn.add(said)
            _draw(parts, said, indent + ("   " if last else "│  "), lines, drawn)


def as_mermaid(parts: Sequence[Part]) -> str:
    """Draw the flow as a mermaid flowchart: round events, square rules, slanted performers."""
    lines = ["flowchart LR"]
    for part in parts:
        node = part.name.replace(" ", "_")
        lines.append(f"  {node}[/{part.name}/]" if part.acts else f"  {node}[{part.name}]")
        lines += [f"  {event}({event}) --> {node}" for event in part.hears]
        lines += [f"  {node} --> {event}({event})" for event in part.says]
    return "\n".join(lines)


def as_table(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return the flow as rows: part, kind, hears, says."""
    return [
        {
            "part": part.name,
            "kind": "performer" if part.acts else "handler",
            "hears": list(part.hears),
            "says": list(part.says),
        }
        for part in parts
    ]
