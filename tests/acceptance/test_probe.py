"""The self-probe for real: workers of one build, of the next and of none that anybody can name."""

from __future__ import annotations

import json
import os
import shutil
from asyncio.subprocess import Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from schema.builds import UNKNOWN
from schema.events.operations import Job, JobDue, WatchdogReported, WorkerStarted
from schema.events.posting import ClickAttempt, PostingSuccess
from schema.events.proving import ProbeCompleted, ProbeStarted
from schema.events.queueing import CandidateQueued
from tests.torture.ground import Ground, laid
from tests.torture.program import running

pytestmark = [pytest.mark.postgres, pytest.mark.browser, pytest.mark.slow]

WITHIN_S = 180.0
LOOKS = 4
"""Watchdog slots in which a probe would have begun; the first look of a good build is enough."""

A, B = "a" * 40, "b" * 40


async def test_each_build_is_probed_once_and_one_without_a_name_never() -> None:
    async with laid() as ground:
        _no_slot_but_the_probes(ground.folder / "ghostproof.toml")
        first = await _probed(ground, A)
        _is_explained(ground, first)
        await _not_probed(ground, {"GIT_SHA": A})
        await _not_probed(ground, {"GIT_SHA": A[:12]})  # the same commit, abbreviated
        second = await _probed(ground, B, held=True)
        assert second.permit_id != first.permit_id
        await _not_probed(ground, _without_git(ground.folder / "bin"))
        assert ground.log.of(WorkerStarted)[-1].event.git_sha == UNKNOWN
        assert "no probe runs: nobody can say which build this is" in _worker_log(ground)
        attempts = [one.event.permit_id for one in ground.log.of(ClickAttempt)]
        assert attempts == [first.permit_id, second.permit_id]


def _no_slot_but_the_probes(settings: Path) -> None:
    """Leave the scheduler's own slots out, so that whatever is posted is a probe's."""
    text = settings.read_text()
    assert "schedule = 1\n" in text
    settings.write_text(text.replace("schedule = 1\n", "schedule = 86400\n"))


async def _probed(ground: Ground, sha: str, *, held: bool = False) -> ProbeCompleted:
    """Run a worker of this build until its probe has ended; return what the probe found.

    `held` stops posting for the first looks, which must not use up the build.
    """
    before, boots = len(ground.log.of(ProbeCompleted)), _boots(ground)
    ground.hold_posting(held=held)
    async with running(ground, {"GIT_SHA": sha}) as process:
        if held:
            await _looked(ground, boots)
            assert len(ground.log.of(ProbeStarted)) == before
            ground.hold_posting(held=False)
        await ground.log.until(
            lambda: len(ground.log.of(ProbeCompleted)) > before,
            within_s=WITHIN_S,
            what=f"the probe of {sha[:7]}",
        )
        await _drained(process)
    started, done = ground.log.of(ProbeStarted)[-1], ground.log.of(ProbeCompleted)[-1].event
    assert started.event.why == "no whole chain since this build started"
    assert (started.event.git_sha, done.git_sha) == (sha, sha)
    assert (done.probe_id, done.ok, done.missing) == (started.event.probe_id, True, ())
    posted = ground.log.of(PostingSuccess)[-1].event
    assert (done.posted_id, done.permit_id) == (posted.posted_id, posted.permit_id)
    return done


async def _not_probed(ground: Ground, environment: Mapping[str, str]) -> None:
    """Run a worker that could probe, for some looks of its watchdog; none may begin."""
    before, boots = len(ground.log.of(ProbeStarted)), _boots(ground)
    async with running(ground, environment) as process:
        await _looked(ground, boots)
        await _drained(process)
    await ground.log.catch_up()
    assert _json(ground, "show", "queue")["rows"]
    assert len(ground.log.of(CandidateQueued)) > len(ground.log.of(ClickAttempt))
    assert len(ground.log.of(ProbeStarted)) == before


def _boots(ground: Ground) -> int:
    return len(ground.log.of(WorkerStarted))


async def _looked(ground: Ground, boots: int) -> None:
    """Wait until the worker after so many had some looks, each part of it at work."""

    def enough() -> bool:
        if _boots(ground) == boots:
            return False
        booted = ground.log.of(WorkerStarted)[-1]
        due = [one for one in ground.log.of(JobDue) if one.position > booted.position]
        looks = sum(one.event.job is Job.WATCHDOG for one in due)
        at_work = ground.log.of(WatchdogReported)[-1].event.last_activity
        return looks >= LOOKS and set(at_work) == set(booted.event.roles)

    await ground.log.until(enough, within_s=WITHIN_S, what="looks of a watchdog that sees all")


def _without_git(folder: Path) -> dict[str, str]:
    """Return an environment in which no commit is named and no git is found."""
    folder.mkdir()
    for directory in os.environ["PATH"].split(os.pathsep):
        for program in Path(directory).glob("*"):
            if program.name != "git" and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program)
    assert shutil.which("git", path=str(folder)) is None
    return {"PATH": str(folder), "GIT_SHA": ""}


def _is_explained(ground: Ground, done: ProbeCompleted) -> None:
    """Ask about the probe's post as anybody would."""
    assert done.posted_id is not None
    why = _json(ground, "why", done.posted_id)
    assert (why["verdict"], why["missing"]) == ("explained", [])
    assert why["chain"] == {
        "candidate_evaluation_id": str(done.evaluation_id),
        "queue_id": str(done.queue_id),
        "scheduler_run_id": str(done.scheduler_run_id),
        "decision_id": str(done.decision_id),
        "permit_id": str(done.permit_id),
        "posted_id": done.posted_id,
    }
    assert why["permit"]["pipeline_source"] == "reply_v2_scheduler"
    assert why["permit"]["reason_code"] is None


async def _drained(process: Process) -> None:
    process.terminate()
    assert await process.wait() == 0


def _worker_log(ground: Ground) -> str:
    return (ground.folder / "worker.log").read_text()


def _json(ground: Ground, *arguments: str) -> Any:
    return json.loads(ground.ask(*arguments, "--json").stdout)
