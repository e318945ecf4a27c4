"""Alert: a message is signed, tried a bounded number of times, and never in anybody's way."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
from pathlib import Path

import msgspec
import pytest

from edge.gate.authority import Authority
from edge.performers.alert import Alert, message
from edge.performers.webhook import Answered, Webhook, signature
from edge.worker.performing import Performing
from schema.contracts import Command, NewEvent
from schema.events.alerting import Alert as Kind
from schema.events.alerting import AlertCleared, AlertDelivered, AlertRaised, AlertUndelivered
from schema.events.operations import MessageParked, Severity
from schema.ids import EventId, named
from tests.handlers.given import ME
from tests.performers.hook import HANG, Hook, listening
from tests.performers.orders import Bench
from tests.worker.workers import Obedient, order_fetch

SECRET = "shared with the other side"
RAISED = AlertRaised(
    alert=Kind.GHOST,
    subject="h1",
    severity=Severity.CRITICAL,
    message="a ghost",
    data={"tweet_id": "h1"},
)
PARKED = MessageParked(queue="judge", message_id=7, order_position=3, reads=6, last_error="")
CLEARED = AlertCleared(alert=Kind.GHOST, subject="h1", severity=Severity.CRITICAL, why="mine")


def telling(hook: Hook, *, timeout_s: float = 5.0, tries: int = 5) -> Alert:
    return Alert(Webhook(hook.url, SECRET, timeout_s), tries=tries)


async def test_a_message_arrives_with_its_signature(bench: Bench) -> None:
    told = bench.say(RAISED)
    async with listening(200) as hook:
        said = await bench.perform(telling(hook))
    expected = AlertDelivered(alert=Kind.GHOST, subject="h1", told=told, status=200, tries=1)
    assert said == [expected]
    [head], [body] = hook.heads, hook.bodies
    by_hand = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert head["x-ghostproof-signature"] == f"sha256={by_hand}"
    assert head["x-ghostproof-event"] == str(told)
    assert head["content-type"] == "application/json"
    assert body == message(bench.log.rows[-1])
    assert msgspec.json.decode(body)["alert_id"] == "ghost:h1"


async def test_the_end_of_an_alert_is_told_as_well(bench: Bench) -> None:
    bench.say(CLEARED)
    async with listening(204) as hook:
        await bench.perform(telling(hook))
    said = msgspec.json.decode(hook.bodies[0])
    assert (said["type"], said["message"]) == ("alert_cleared", "over: mine")


def test_a_changed_byte_has_another_signature() -> None:
    assert signature(SECRET, b"{}") != signature(SECRET, b"{ }") != signature("other", b"{ }")


async def test_a_failing_server_is_tried_again_with_the_same_bytes(bench: Bench) -> None:
    bench.say(RAISED)
    async with listening(500, 429, 200) as hook:
        [said] = await bench.perform(telling(hook))
    assert isinstance(said, AlertDelivered)
    assert (said.tries, said.status) == (3, 200)
    assert bench.clock.slept[:2] == [1.0, 2.0]
    assert len(set(hook.bodies)) == 1


async def test_the_tries_are_bounded_and_then_it_is_on_record(bench: Bench) -> None:
    bench.say(RAISED)
    async with listening(503) as hook:
        [said] = await bench.perform(telling(hook, tries=3))
    assert isinstance(said, AlertUndelivered)
    assert (said.tries, said.reason, len(hook.bodies)) == (3, "answered 503", 3)


@pytest.mark.parametrize("status", [302, 400, 404, 410])
async def test_a_refusal_is_not_repeated_and_no_redirect_followed(
    bench: Bench, status: int
) -> None:
    bench.say(RAISED)
    async with listening(status) as hook:
        [said] = await bench.perform(telling(hook))
    assert isinstance(said, AlertUndelivered)
    assert (said.tries, said.reason, len(hook.bodies)) == (1, f"answered {status}", 1)


async def test_a_server_that_hangs_is_left_after_its_time(bench: Bench) -> None:
    bench.say(RAISED)
    async with listening(HANG) as hook:
        [said] = await bench.perform(telling(hook, timeout_s=0.05, tries=2))
    assert isinstance(said, AlertUndelivered)
    assert (said.tries, said.reason) == (2, "no answer within 0.05 s")


async def test_nobody_at_the_address_is_on_record_without_the_address(bench: Bench) -> None:
    bench.say(RAISED)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        hook = Hook(url=f"http://127.0.0.1:{bound.getsockname()[1]}/only-we-know")
        [said] = await bench.perform(telling(hook, tries=2))
    assert isinstance(said, AlertUndelivered)
    assert (said.tries, said.reason) == (2, "not reached: ConnectError")
    assert "only-we-know" not in repr(said) + repr(Webhook(hook.url, SECRET))


async def test_a_hanging_webhook_holds_up_no_other_queue(bench: Bench) -> None:
    bench.say(RAISED)
    order_fetch(bench)
    async with listening(HANG) as hook:
        hanging = asyncio.create_task(Performing(telling(hook, timeout_s=600), bench.world).one())
        await hook.asked.wait()
        fetch = Obedient()
        assert await Performing(fetch, bench.world).one()
        assert (fetch.done, hanging.done()) == (1, False)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)


async def test_a_stranger_with_a_certificate_of_their_own_is_told_nothing(
    bench: Bench, tmp_path: Path
) -> None:
    bench.say(RAISED)
    hook, own_certificate = Hook(), Authority(tmp_path / "own").context("127.0.0.1")
    served = await asyncio.start_server(hook.serve, "127.0.0.1", 0, ssl=own_certificate)
    async with served:
        hook.url = f"https://127.0.0.1:{served.sockets[0].getsockname()[1]}/"
        [said] = await bench.perform(telling(hook, tries=1))
    assert isinstance(said, AlertUndelivered)
    assert (said.reason, hook.bodies) == ("not reached: ConnectError", [])


async def test_what_is_below_the_severity_is_not_sent(bench: Bench) -> None:
    bench.say(RAISED)
    async with listening(200) as hook:
        webhook = Webhook(hook.url, SECRET)
        assert len(await bench.perform(Alert(webhook, severity_min=Severity.CRITICAL))) == 1
        bench.say(msgspec.structs.replace(RAISED, severity=Severity.ERROR))
        assert await bench.perform(Alert(webhook, severity_min=Severity.CRITICAL)) == []
    assert len(hook.bodies) == 1


async def test_without_a_webhook_the_order_is_closed_in_silence(bench: Bench) -> None:
    bench.say(RAISED)
    assert await bench.perform(Alert()) == []


async def test_news_is_sent_however_late_the_sender_comes(bench: Bench) -> None:
    new = NewEvent(EventId(named("early")), RAISED, cause=bench.say(PARKED))
    bench.store.append_now(ME, [Command((new,))], actor="rules")
    bench.clock.pass_s(30 * 24 * 3600)
    async with listening(200) as hook:
        [said] = await bench.perform(telling(hook))
    assert isinstance(said, AlertDelivered)


@pytest.mark.parametrize("event", [RAISED, CLEARED])
@pytest.mark.parametrize(
    ("hours", "sent"), [(0.0, True), (23.9, True), (24.0, False), (30 * 24.0, False)]
)
async def test_what_is_about_the_past_is_on_record_and_no_news(
    bench: Bench, event: AlertRaised | AlertCleared, hours: float, sent: bool
) -> None:
    """A rule that is new to an old log raises what was over long ago."""
    cause = bench.say(PARKED)
    bench.clock.pass_s(hours * 3600)
    new = NewEvent(EventId(named("late")), event, cause=cause)
    bench.store.append_now(ME, [Command((new,))], actor="rules")
    async with listening(200) as hook:
        [said] = await bench.perform(telling(hook))
    assert len(hook.bodies) == sent
    assert isinstance(said, AlertDelivered if sent else AlertUndelivered)
    if isinstance(said, AlertUndelivered):
        assert (said.tries, said.reason) == (
            0,
            f"not sent: it is about {hours:.0f} h before, and no news",
        )


@pytest.mark.parametrize(
    ("status", "taken", "final"),
    [
        (None, False, False),
        (200, True, True),
        (299, True, True),
        (300, False, True),
        (408, False, False),
        (499, False, True),
        (500, False, False),
    ],
)
def test_which_answers_end_the_tries(status: int | None, taken: bool, final: bool) -> None:
    answered = Answered(status, "")
    assert (answered.taken, answered.final) == (taken, final)
