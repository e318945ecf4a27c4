"""Every line that operators grep for, letter by letter."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import structlog

from edge import logs
from edge.lines import EARLIER, Line, Told, lines_of, listening
from edge.worker.telling import tell
from schema.contracts import Recorded
from schema.events.base import Event
from schema.events.drafting import Gate
from schema.events.learning import (
    ArmsTrained,
    MetricsPassClosed,
    OutcomeRecorded,
    SkippedReason,
    TrainingSkipped,
)
from schema.events.money import ModelReserved
from schema.events.posting import LateConfirmed, PassSkip, PostingPassClosed
from schema.ids import Account, EventId, Trace, named
from tests.handlers.facts import (
    SOME_EVENT,
    accepted,
    created,
    decided,
    draft_failed,
    draft_refused,
    drafted,
    ended,
    slot_opened,
)
from tests.handlers.given import ME, NOON
from tests.handlers.reading import success

IDS = EventId(named("line")), Trace(named("trace"))
DECISION = decided().decision_id
SKIPPED = f"[POSTING_ORCHESTRATOR] ⏭️ Skipped posting decision_id={DECISION}: "
SLOT = "scheduled_at=2026-01-31T12:00:00+00:00"
ORIGINAL = {"candidate_id": None, "evaluation_id": None, "queue_id": None}


def original(event: Any) -> Any:
    """Return the same about an original post."""
    return type(event)(
        **{name: getattr(event, name) for name in event.__struct_fields__} | ORIGINAL
    )


def reserved() -> ModelReserved:
    return ModelReserved(
        reservation_id=named("r"),
        purpose="reply_generation",
        request_id="r",
        model="gpt-4o-mini",
        cost_usd_max=Decimal("0.01"),
    )


def outcome(er: float | None, *, simulated: bool = False) -> OutcomeRecorded:
    numbers: dict[str, Any] = {"impressions": 30, "likes": 1, "replies": 1, "er": er}
    recorded: OutcomeRecorded = ended(
        OutcomeRecorded, posted_id="q1", simulated=simulated, **numbers
    )
    return recorded


def pass_closed(why: PassSkip | None, *decisions: Any) -> PostingPassClosed:
    return PostingPassClosed(found=2, ordered=0, skipped=why, skipped_decisions=decisions)


LATE = ended(
    LateConfirmed, spends=SOME_EVENT, posted_id="q1", url="u", text_hash="0", posted_at=NOON
)
NOT_ENOUGH = TrainingSkipped(reason=SkippedReason.INSUFFICIENT_OUTCOMES, have=2, need=5)
NOT_LIVE = TrainingSkipped(reason=SkippedReason.NOT_LIVE, have=0, need=5)
TRAINED = ArmsTrained(version=3, arms=6, outcomes=12, choices=50, explore_ratio=0.24)
REFUSED = ended(
    type(draft_refused()), ordinal=1, gate=Gate.QUALITY, why="a link\nand more", final=False
)
QUOTA = ended(type(draft_failed()), ordinal=1, outcome="insufficient_quota", detail="")
CIRCUIT = ended(type(draft_failed()), ordinal=1, outcome="circuit", detail="")

GOLDEN: list[tuple[Any, list[str]]] = [
    (reserved(), ["[OPENAI] using budgeted client purpose=reply_generation model=gpt-4o-mini"]),
    (slot_opened(), [f"[SCHEDULER] ✅ Job start logged: {slot_opened().scheduler_run_id}"]),
    (created(), [f"[SCHEDULER] ✅ Permit created: {created().permit_id}"]),
    (
        accepted(),
        [
            f"[GATE_CHAIN] ✅ passed decision_id={DECISION}",
            f"[REPLY_JOB] ✅ Real LLM reply queued decision_id={DECISION} {SLOT}",
        ],
    ),
    (
        original(accepted()),
        [
            f"[GATE_CHAIN] ✅ passed decision_id={DECISION}",
            f"[PLAN_JOB] ✅ Real LLM content queued decision_id={DECISION} {SLOT}",
        ],
    ),
    (accepted(ordinal=0), []),
    (REFUSED, [f"[GATE_CHAIN] ⛔ quality decision_id={DECISION}: a link and more"]),
    (draft_refused(), [f"[GATE_CHAIN] ⛔ no draft decision_id={DECISION}: timeout"]),
    (original(QUOTA), ["[PLAN_JOB] OpenAI insufficient_quota → not queueing"]),
    (QUOTA, ["[REPLY_JOB] OpenAI insufficient_quota → not queueing"]),
    (CIRCUIT, ["[REPLY_JOB] OpenAI circuit open → not queueing"]),
    (pass_closed(None), ["[POSTING_ORCHESTRATOR] 📋 Found 2 decisions in queue"]),
    (
        pass_closed(PassSkip.POSTING_DISABLED, DECISION),
        [
            "[POSTING_ORCHESTRATOR] 📋 Found 2 decisions in queue",
            SKIPPED + "POSTING_DISABLED=true",
        ],
    ),
    (
        pass_closed(PassSkip.RATE_LIMITED, DECISION),
        [
            "[POSTING_ORCHESTRATOR] 📋 Found 2 decisions in queue",
            SKIPPED + "rate_limited",
        ],
    ),
    (
        success(),
        [f"[POSTING_ORCHESTRATOR] ✅ Posted successfully tweet_id=q1 decision_id={DECISION}"],
    ),
    (
        LATE,
        [f"[POSTING_ORCHESTRATOR] ✅ Posted successfully tweet_id=q1 decision_id={DECISION}"],
    ),
    (
        MetricsPassClosed(found=4, ordered=2),
        ["[ANALYTICS_COLLECTOR] 📋 Found 4 posts needing metrics"],
    ),
    (
        outcome(0.0667),
        [f"[ANALYTICS_COLLECTOR] ✅ Stored real outcome decision_id={DECISION} ER=6.67%"],
    ),
    (
        outcome(None),
        [f"[ANALYTICS_COLLECTOR] ✅ Stored real outcome decision_id={DECISION} ER=n/a%"],
    ),
    (
        outcome(0.5, simulated=True),
        [f"[ANALYTICS_COLLECTOR] ✅ Stored simulated outcome decision_id={DECISION} ER=50.00%"],
    ),
    (
        NOT_ENOUGH,
        ["[LEARN_JOB] ⚠️ Training skipped: insufficient real outcomes (need 5)"],
    ),
    (NOT_LIVE, ["[LEARN_JOB] ⚠️ Training skipped: not in live mode"]),
    (TRAINED, ["[LEARN_JOB] ✅ arms_trained=6 explore_ratio=0.24 coeffs_updated=v3"]),
]


def trace(*events: Event) -> list[Recorded[Any]]:
    """Return events as they stand in a trace."""
    return [Recorded(ME, place, *IDS, NOON, event) for place, event in enumerate(events)]


@pytest.mark.parametrize(("event", "expected"), GOLDEN)
def test_a_line_is_this_and_no_other(event: Any, expected: list[str]) -> None:
    earlier = trace(decided(2), decided(), drafted())
    assert [line.text for line in lines_of(event, earlier)] == expected


def test_every_kind_that_is_told_has_a_golden_line() -> None:
    assert {type(event) for event, _ in GOLDEN} == set(Told.__args__)


def test_what_a_double_wrote_is_not_called_real() -> None:
    earlier = trace(decided(), drafted(synthetic=True))
    assert lines_of(accepted(), earlier)[1].text == (
        f"[REPLY_JOB] ✅ Synthetic reply queued decision_id={DECISION} {SLOT}"
    )


def test_what_came_from_outside_stays_in_its_line() -> None:
    why = "bad\n[POSTING_ORCHESTRATOR] \x1b[2Jx"
    refused = ended(type(draft_refused()), ordinal=1, gate=None, why=why, final=True)
    [line] = lines_of(refused)
    assert line.text == (
        f"[GATE_CHAIN] ⛔ no draft decision_id={DECISION}: bad [POSTING_ORCHESTRATOR] [2Jx"
    )


def test_a_health_server_says_where_it_listens() -> None:
    assert listening("0.0.0.0", 3000).text == "[HEALTH] ✅ Listening on 0.0.0.0:3000"  # noqa: S104


def test_what_is_asked_for_besides_is_in_the_catalogue() -> None:
    assert EARLIER == ("decision_made", "draft_created")


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Say what went to stderr since, and put logging back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield lambda: capsys.readouterr().err
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def told(line: Line) -> None:
    logs.set_up()
    tell(line, Recorded(Account("garden"), 7, *IDS, NOON, success()))


def test_the_console_prints_the_bare_line(console: Callable[[], str]) -> None:
    [line] = lines_of(success())
    told(line)
    assert console() == line.text + "\n"


def test_other_lines_keep_their_time_and_fields(console: Callable[[], str]) -> None:
    logs.set_up()
    structlog.get_logger("worker").info("drained", unfinished=2)
    written = console()
    assert "[info     ] drained" in written
    assert "unfinished=2" in written


def test_a_json_log_carries_the_line_and_the_same_as_fields(
    console: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    [line] = lines_of(success())
    told(line)
    written = json.loads(console())
    assert (written["event"], written["part"]) == (line.text, "POSTING_ORCHESTRATOR")
    assert (written["tweet_id"], written["decision_id"]) == ("q1", str(DECISION))
    assert (written["account"], written["position"], written["level"]) == ("garden", 7, "info")


@pytest.mark.parametrize("event", [event for event, _ in GOLDEN])
def test_every_value_of_a_line_is_a_field(event: Any) -> None:
    for line in lines_of(event, trace(decided(), drafted())):
        values = [part.partition("=")[2] for part in line.text.split() if "=" in part]
        shown = {str(value) for value in line.fields.values()}
        for value in values:
            bare = value.strip("%:v")
            known = bare in shown or bare == "true" or "explore" in line.text or "ER" in line.text
            assert known, (value, line)
