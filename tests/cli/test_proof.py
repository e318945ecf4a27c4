"""`proof`: the newest rollup by its own names, old or missing ones told apart."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from edge.worker.sealing import Sealer
from eventstore.store import PostgresStore
from handlers.watching.proof_keeper import proof_keeper
from schema.contracts import Command, NewEvent
from schema.events.operations import Job, JobDue, ProofRolledUp
from schema.events.proving import TreeHead
from schema.ids import EventId, named
from tests.cli.conftest import Ask
from tests.cli.real import Real
from tests.doubles.story import ACCOUNT, Story


def rolled(story: Story) -> None:
    """Let a proof fall due, and the keeper answer."""
    story.due(Job.PROOF)
    while asyncio.run(story.store.run_handler(proof_keeper, ACCOUNT)):
        pass


def test_the_newest_rollup_is_printed_by_its_names(ask: Ask, story: Story) -> None:
    story.booted()
    rolled(story)
    story.replied("marta")
    rolled(story)
    at = ("--at", str(len(story.rows) - 1))
    answer = ask("proof", *at, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert set(ProofRolledUp.__struct_fields__) <= set(answer.json)
    assert answer.json["posted_tweet_ids_last_2h"] == ["c-marta"]
    assert (answer.json["account"], answer.json["position"]) == (ACCOUNT, len(story.rows) - 1)
    text = ask("proof", *at).out
    assert all(name in text for name in ProofRolledUp.__struct_fields__)
    before = ask("proof", "--at", "3", "--json")
    assert before.json["posted_tweet_ids_last_2h"] == []


def test_an_old_rollup_says_so(ask: Ask, story: Story) -> None:
    rolled(story)
    answer = ask("proof", "--json")
    assert answer.code == 1
    assert "min old" in answer.err
    assert answer.json["queue_size"] == 0


def test_without_a_rollup_there_is_no_answer(ask: Ask, story: Story) -> None:
    story.booted()
    answer = ask("proof")
    assert (answer.code, answer.out) == (3, "")
    assert "has no proof rollup\n→ a worker makes one" in answer.err


@pytest.mark.postgres
def test_the_root_of_a_real_log_is_audited(ask: Ask, real: Real) -> None:
    now = datetime.now(UTC)
    real.say(JobDue(job=Job.POST, slot=now, seed=1), JobDue(job=Job.FETCH, slot=now, seed=1))

    async def seal(store: PostgresStore) -> None:
        await Sealer(store, [real.account], 600).seal(now)

    real.with_store(seal)
    real.say(JobDue(job=Job.PROOF, slot=now, seed=1))
    real.fold()
    [head] = real.events("tree_head")
    answer = ask("proof", "--json")
    assert answer.code == 0
    assert answer.json["log_root_hash"] == head.root
    assert answer.json["log_position"] == head.size - 1
    assert ask("audit", "--account", real.account).code == 0
    forged = TreeHead(size=head.size, root="0" * 64, peaks=head.peaks)

    async def forge(store: PostgresStore) -> None:
        new = NewEvent(EventId(named("forged")), forged)
        await store.append(real.account, [Command((new,))], actor="test")

    real.with_store(forge)
    audit = ask("audit", "--account", real.account, "--json")
    [broken] = [one for one in audit.json["invariants"] if not one["ok"]]
    assert (audit.code, broken["id"]) == (1, "I24")
    assert "the root of the first" in broken["why"]
