"""A worker beside a newer build goes on until it meets what it cannot read, then leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import ValidationError

from edge.worker.accounts import Build, open_accounts
from edge.worker.folding import Folding
from edge.worker.outdated import Succession
from handlers.deciding.slot_opener import slot_opener
from schema.errors import MalformedEvent, Outdated, UnknownEvent
from schema.events.operations import Job, WorkerStarted, WorkerStopped
from schema.ids import SYSTEM, named
from schema.wire import decode_page
from tests.handlers.facts import due
from tests.handlers.given import ME
from tests.performers.orders import Bench
from tests.worker.workers import BUILD, worker

LATER = replace(BUILD, worker_id=named("later"), git_sha="def")
STRANGE = b'[{"type":"posting_allowed","source":"logged","why":"","by":"","mood":"good"}]'


async def started(bench: Bench, *builds: Build) -> Succession:
    """Let workers of these builds start in this order; return what the first of ours knows."""
    for build in builds:
        await open_accounts(bench.store, bench.rules, build)
    return Succession(bench.store, BUILD)


def start_of(build: Build) -> WorkerStarted:
    return WorkerStarted(
        worker_id=build.worker_id,
        git_sha=build.git_sha,
        version=build.version,
        host=build.host,
        pid=build.pid,
        roles=build.roles,
        settings_hash="",
    )


async def unreadable(*_given: Any) -> int:
    decode_page(STRANGE)
    raise AssertionError("this build knows the field")


async def test_what_a_later_build_says_makes_this_one_outdated(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    succession = await started(bench, BUILD, LATER)
    monkeypatch.setattr(bench.store, "run_handler", unreadable)
    bench.say(due(Job.SCHEDULE))
    with pytest.raises(Outdated, match=r"build def started after.*unknown field `mood`") as caught:
        await Folding(bench.store, [slot_opener], [], None, succession).round()
    assert caught.value.remedy.startswith("start build def")


@pytest.mark.parametrize("builds", [(BUILD,), (LATER, BUILD), (BUILD, BUILD)])
async def test_without_a_later_build_it_is_a_fault_like_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, builds: tuple[Build, ...]
) -> None:
    succession = await started(bench, *builds)
    monkeypatch.setattr(bench.store, "run_handler", unreadable)
    bench.say(due(Job.SCHEDULE))
    folding = Folding(bench.store, [slot_opener], [], None, succession)
    await folding.round()
    assert "MalformedEvent" in folding.failed[f"slot_opener of {ME}"]


@pytest.mark.parametrize("error", [ValueError("a bug"), ZeroDivisionError("a bug")])
async def test_a_bug_makes_nobody_outdated(bench: Bench, error: Exception) -> None:
    succession = await started(bench, BUILD, LATER)
    await succession.refuse(ME, error)


@pytest.mark.parametrize(
    "error", [kind("odd") for kind in (MalformedEvent, UnknownEvent, ValidationError)]
)
async def test_whatever_cannot_be_read_may_be_a_later_builds(
    bench: Bench, error: Exception
) -> None:
    succession = await started(bench, BUILD, LATER)
    with pytest.raises(Outdated):
        await succession.refuse(ME, error)


async def test_the_same_build_by_a_shorter_name_is_no_later_one(bench: Bench) -> None:
    whole, short = replace(BUILD, git_sha="a" * 40), replace(LATER, git_sha="a" * 7)
    await started(bench, whole, short)
    await Succession(bench.store, whole).refuse(ME, UnknownEvent("an odd field"))


async def test_a_start_that_cannot_be_read_is_a_later_builds(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    succession = await started(bench, BUILD)

    async def read(*_given: Any, **_named: Any) -> Any:
        raise UnknownEvent("worker_started of version 2")

    monkeypatch.setattr(bench.store, "read", read)
    with pytest.raises(Outdated, match="unknown name"):
        await succession.refuse(ME, MalformedEvent("an odd field"))


@pytest.mark.parametrize("where", ["folding.Folding.round", "ticking.Ticker.tick"])
async def test_an_outdated_worker_drains_and_says_goodbye(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(f"edge.worker.{where}", unreadable)
    monkeypatch.setattr("edge.worker.worker.DRAIN_S", 0)  # the others sleep on a clock that stands

    def begun() -> None:
        bench.say(start_of(LATER))

    with pytest.raises(Outdated):
        await worker(bench, tmp_path, begun=begun).run()
    assert [one.reason for one in bench.said(WorkerStopped)] == ["outdated"]
    assert [row.type for row in bench.store.logs[SYSTEM].rows].count("unhandled_exception") == 0
