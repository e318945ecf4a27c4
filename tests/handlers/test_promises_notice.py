"""Each promise notices code that breaks it: a test that cannot fail proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import msgspec
import pytest

import handlers
from schema.contracts import Handler, Recorded
from schema.events.base import Event
from schema.events.operations import PostingStopped
from schema.events.permitting import PermitCreated, PermitExpired, PermitRevoked
from schema.events.posting import ClickOrdered, OutcomeAbandoned
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import SlotClosed
from schema.rules import PostRules
from tests.handlers import promises
from tests.handlers.histories import Check, History, live, notices
from tests.handlers.refolding import as_bytes, kept, refolded

BY_NAME = {handler.name: handler for handler in handlers.ALL}
Parts = tuple[Handler, ...]


def with_parts(*changed: Handler) -> Parts:
    by_name = BY_NAME | {handler.name: handler for handler in changed}
    return tuple(by_name.values())


def forgetful(name: str, fold: str, *kinds: type[Event]) -> Handler:
    """Return a handler with one fold that does not remember events of these kinds."""
    handler = BY_NAME[name]
    true = handler.folds[fold]

    def evolve(state: Any, recorded: Recorded[Any]) -> Any:
        return state if isinstance(recorded.event, kinds) else true.evolve(state, recorded)

    return replace(handler, folds={**handler.folds, fold: replace(true, evolve=evolve)})


def silent(name: str, unsaid: Callable[[Any], bool]) -> Handler:
    """Return a handler that does not say some of its answers."""
    true = BY_NAME[name]

    def decide(states: Any, recorded: Recorded[Any]) -> list[Event]:
        return [event for event in true.decide(states, recorded) if not unsaid(event)]

    return replace(true, decide=decide)


@pytest.mark.parametrize(
    ("check", "parts"),
    [
        pytest.param(
            promises.orders_have_a_live_approval,
            with_parts(forgetful("posting", "desk", PermitExpired, PermitRevoked)),
            id="posting that misses the end of a permit",
        ),
        pytest.param(
            promises.nothing_is_ordered_while_stopped,
            with_parts(
                forgetful("posting", "desk", PostingStopped),
                silent("permit_warden", lambda event: isinstance(event, PermitRevoked)),
            ),
            id="posting and a warden that ignore stops",
        ),
        pytest.param(
            promises.one_order_at_a_time_per_permit,
            with_parts(forgetful("posting", "desk", ClickOrdered)),
            id="posting that forgets its orders",
        ),
        pytest.param(
            promises.no_target_is_replied_to_twice,
            with_parts(forgetful("approver", "target", Event)),
            id="an approver that forgets targets",
        ),
        pytest.param(
            promises.candidates_are_queued_once,
            with_parts(forgetful("queue_keeper", "once", CandidateQueued)),
            id="a queue keeper that queues again",
        ),
        pytest.param(
            promises.slots_are_closed_once,
            with_parts(
                silent("scheduler", lambda e: getattr(e, "reason", "") == "queue_empty"),
                silent("watchdog", lambda event: isinstance(event, SlotClosed)),
            ),
            id="a scheduler and a watchdog that leave empty slots open",
        ),
        pytest.param(
            promises.decisions_come_with_permit_and_slot,
            with_parts(silent("scheduler", lambda event: isinstance(event, PermitCreated))),
            id="a scheduler that asks for no permit",
        ),
        pytest.param(
            promises.everything_ends,
            with_parts(silent("reconciler", lambda event: isinstance(event, OutcomeAbandoned))),
            id="a reconciler that never gives up",
        ),
    ],
)
def test_a_handler_is_caught(check: Check, parts: Parts) -> None:
    assert notices(check, parts)


def _anybody(board: Any, _caps: Any, _now: Any) -> Any:
    return list(board.waiting.values())


def _hasty(true: Callable[..., Any]) -> Callable[..., Any]:
    at_once = PostRules(settle_s=0, settle_readings=1)
    return lambda ledger, event, _rules, now: true(ledger, event, at_once, now)


def _with(**changes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def around(true: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: msgspec.structs.replace(true(*given), **changes)

    return around


def _always(value: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return lambda _true: lambda *_given: value


@pytest.mark.parametrize(
    ("check", "module", "function", "broken"),
    [
        (promises.orders_keep_the_caps, "clicking.posting", "_room", _always((None, 9))),
        (promises.approvals_keep_the_caps, "permits.approver", "rate_refusal", _always(None)),
        (promises.targets_are_fit, "permits.approver", "permanent_refusal", _always(None)),
        (
            promises.decisions_keep_the_authors_cap,
            "deciding.scheduler",
            "_free",
            lambda _true: _anybody,
        ),
        (promises.accepted_texts_pass_the_gates, "writing.drafting", "refusal", _always(None)),
        (
            promises.orders_carry_the_accepted_text,
            "clicking.posting",
            "_ordered",
            _with(text="another text"),
        ),
        (
            promises.the_log_blocks_no_order,
            "clicking.posting",
            "_ordered",
            _with(target_author="x"),
        ),
        (promises.our_own_clicks_are_no_ghosts, "settling.explaining", "might_be", _always(False)),
        (promises.posts_by_hand_are_ghosts, "settling.explaining", "_ghost", _always(None)),
        (promises.giving_up_takes_long, "settling.reconciler", "abandoned", _hasty),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_broken_function_is_caught(
    check: Check,
    module: str,
    function: str,
    broken: Callable[[Callable[..., Any]], Callable[..., Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # the package shows the handler under the module's name
    place = import_module(f"handlers.{module}")
    monkeypatch.setattr(place, function, broken(getattr(place, function)))
    assert notices(check)


def test_two_proofs_of_one_post_are_caught() -> None:
    def doubled(history: History) -> None:
        rows = history.flow.of(*promises.PROOFS)
        history.flow.log.rows.extend(rows[:1])
        promises.posts_are_explained_once(history)

    assert notices(doubled)


def test_a_rule_with_a_memory_of_its_own_is_caught() -> None:
    calls: list[int] = []

    def decide(states: Any, recorded: Recorded[Any]) -> list[Event]:
        calls.append(1)
        said = BY_NAME["slot_opener"].decide(states, recorded)
        return [msgspec.structs.replace(event, seed=len(calls)) for event in said]

    parts = with_parts(replace(BY_NAME["slot_opener"], decide=decide))

    def check(history: History) -> None:
        assert as_bytes(history) == as_bytes(live(history.taken, parts))

    assert notices(check, parts)


def test_a_refold_that_forgets_a_handlers_own_answers_is_caught() -> None:
    def check(history: History) -> None:
        for running in history.flow.running:
            unsaid = [row for row in history.flow.rows if row.actor != running.handler.name]
            assert kept(refolded(running.handler, unsaid)) == kept(running.states)

    assert notices(check)
