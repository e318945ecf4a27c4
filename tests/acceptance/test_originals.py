"""Originals for real: forum, browser, gate, PostgreSQL and worker, from the plan to the metrics.

One worker is killed when the page has its answer; the next settles what it left by the gate's word.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from edge.failpoints import CRASH
from edge.model.double import ModelDouble
from edge.sandbox.visitor import Visitor
from schema.events.ghosts import GhostDetected, ReconciliationCompleted
from schema.events.learning import OutcomeRecorded
from schema.events.permitting import PermitRevoked
from schema.events.posting import ClickAttempt, ClickWithheld, PostingSuccess, Via
from schema.events.scheduling import DecisionMade, DecisionType
from schema.originals import parted
from schema.text import normalised
from tests.torture.ground import Ground, laid
from tests.torture.program import running

pytestmark = [pytest.mark.postgres, pytest.mark.browser, pytest.mark.slow]

WITHIN_S = 120.0
TOPICS = ("compost", "mulch", "seedlings", "rain barrels", "pruning", "hedges", "bees", "leeks")
HAND_MADE = {"title": "Made by hand", "category": "2", "comment": "Nobody permitted this."}


async def test_originals_are_posted_under_the_law_and_everything_else_is_a_ghost() -> None:
    async with laid() as ground:
        _only_originals(ground.folder / "ghostproof.toml")
        await _one_dies_in_the_click(ground)
        async with running(ground, {}) as process:
            await _two_posted_and_read(ground)
            await _one_by_hand(ground)
            await _drained(process)
        await ground.log.catch_up()
        posted = ground.log.of(PostingSuccess)
        _agrees_with_the_forum(ground)
        assert posted[0].event.via is Via.RESPONSE  # though its worker did not live to see it
        assert all(made.event.decision_type is DecisionType.SINGLE for made in _decisions(ground))
        _is_explained(ground, posted[0].event.posted_id)
        _keeps_its_promises(ground)
        await _in_shadow(ground)


def _only_originals(settings: Path) -> None:
    """Let nothing be found to reply to, and plan at a pace that a test can wait for."""
    kept = [
        line
        for line in settings.read_text().splitlines()
        if not line.startswith(("curated =", "keywords =", "viral ="))
    ]
    text = "\n".join(kept).replace("[cadence]", "[cadence]\nplan = 5\nmetrics = 2")
    learning = "[learn]\nmetrics_after_s = 3\n[accounts"
    settings.write_text(f"{text}\ntopics = {json.dumps(TOPICS)}\n".replace("[accounts", learning))


async def _one_dies_in_the_click(ground: Ground) -> None:
    async with running(ground, {CRASH: "answered:1"}) as process:
        assert await process.wait() == -signal.SIGKILL
    await ground.log.catch_up()
    assert len(ground.log.of(ClickAttempt)) == 1
    assert ground.log.of(PostingSuccess) == []
    ground.redeliver()


async def _two_posted_and_read(ground: Ground) -> None:
    """Wait until originals are posted, read again on our profile, and have numbers."""
    log = ground.log
    await log.until(
        lambda: len(log.of(PostingSuccess)) > 1 and len(log.of(OutcomeRecorded)) > 0,
        within_s=WITHIN_S,
        what="two originals, one with its numbers",
    )
    seen = log.of(PostingSuccess)[1].position
    await log.until(
        lambda: any(one.position > seen for one in log.of(ReconciliationCompleted)),
        within_s=WITHIN_S,
        what="a look at our profile",
    )
    assert log.of(GhostDetected) == []


async def _one_by_hand(ground: Ground) -> None:
    number = await asyncio.to_thread(_make_by_hand, ground)
    await ground.log.until(
        lambda: bool(ground.log.of(GhostDetected)), within_s=WITHIN_S, what="the ghost"
    )
    [ghost] = ground.log.of(GhostDetected)
    assert ghost.event.posted_id == f"t{number}"
    assert ghost.event.text == "Made by hand\n\nNobody permitted this."


def _make_by_hand(ground: Ground) -> str:
    """Publish a topic as a person would; return its number."""
    handle = ground.site.bot
    with Visitor(ground.front.url, handle) as visitor:
        visitor.log_in(ground.site.accounts()[handle])
        made = visitor._submit("/topic/publish/2/", HAND_MADE)
    return made.headers["location"].split("/topic/")[1].split("/")[0]


async def _in_shadow(ground: Ground) -> None:
    """Let a worker in shadow mode do everything but the click."""
    settings = ground.folder / "ghostproof.toml"
    settings.write_text(settings.read_text().replace('mode = "sandbox"', 'mode = "shadow"'))
    before = _topics(ground)
    double = ModelDouble()
    model = {"OPENAI_BASE_URL": await double.start(), "OPENAI_API_KEY": "none"}
    try:
        async with running(ground, model) as process:
            await ground.log.until(
                lambda: bool(_withheld_and_revoked(ground)), within_s=WITHIN_S, what="shadow's end"
            )
            await _drained(process)
    finally:
        await double.stop()
    await ground.log.catch_up()
    assert _withheld_and_revoked(ground)[0].detail == "click_withheld_shadow"
    assert _topics(ground) == before
    _keeps_its_promises(ground)
    checks = {check["id"]: check["status"] for check in _asked(ground, "certify")["checks"]}
    assert checks["F"] == "not applicable"


def _withheld_and_revoked(ground: Ground) -> list[PermitRevoked]:
    withheld = {one.event.permit_id for one in ground.log.of(ClickWithheld)}
    ended = [one.event for one in ground.log.of(PermitRevoked)]
    return [event for event in ended if event.permit_id in withheld]


async def _drained(process: Process) -> None:
    process.terminate()
    assert await process.wait() == 0


def _decisions(ground: Ground) -> list[Any]:
    made = ground.log.of(DecisionMade)
    assert made
    return made


def _agrees_with_the_forum(ground: Ground) -> None:
    """Every topic of ours is one permit's text, but for the one made by hand."""
    texts = {one.permit_id: one.text for one in _events(ground, "draft_accepted")}
    permitted = {
        one.posted_id.removeprefix("t"): parted(texts[one.permit_id])
        for one in _events(ground, "posting_success")
    }
    found = {
        number: (title, normalised(text))
        for number, (title, text) in _topics(ground).items()
        if title != HAND_MADE["title"]
    }
    assert found == {
        number: (parts[0], normalised(parts[1])) for number, parts in permitted.items() if parts
    }


def _events(ground: Ground, kind: str) -> list[Any]:
    return [one.event for one in ground.log.events if one.type == kind]


def _topics(ground: Ground) -> Mapping[str, tuple[str, str]]:
    """Return our topics by number, title and text, from the forum's own database."""
    query = """
        select topic.id, topic.title, min(comment.comment) from spirit_topic_topic topic
        join spirit_comment_comment comment on comment.topic_id = topic.id
        join spirit_user_userprofile profile on profile.user_id = topic.user_id
        join auth_user account on account.id = topic.user_id
        where account.username = ? and topic.category_id = 2 group by 1, 2
    """
    with closing(sqlite3.connect(ground.site.directory / "forum.sqlite3")) as forum:
        rows = forum.execute(query, [ground.site.bot]).fetchall()
    return {str(number): (title, text) for number, title, text in rows}


def _is_explained(ground: Ground, posted_id: str) -> None:
    why = _asked(ground, "why", posted_id)
    assert (why["verdict"], why["missing"]) == ("explained", [])
    chain = why["chain"]
    assert chain["posted_id"] == posted_id
    assert chain["decision_id"]
    assert chain["permit_id"]
    assert why["permit"]["pipeline_source"] == "content_planner"


def _keeps_its_promises(ground: Ground) -> None:
    audit = _asked(ground, "audit")
    assert [one for one in audit["invariants"] if not one["ok"]] == []


def _asked(ground: Ground, *arguments: str) -> Any:
    return json.loads(ground.ask(*arguments, "--json").stdout)
