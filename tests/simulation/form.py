"""The composer of one reply: what it holds, and what becomes of the one press."""

from __future__ import annotations

import asyncio

from edge.ports import ClickObservation, Observed, Target
from schema.errors import SiteChanged
from tests.simulation.forum import FOREVER, Entry, Forum, How, Press
from tests.simulation.steps import Steps

HOUR_S = 3600.0


class Form:
    """Implements `edge.ports.Composer`."""

    def __init__(self, forum: Forum, steps: Steps, target: Target | None) -> None:
        self._forum = forum
        self._steps = steps
        self._target = target
        self._held = ""
        self._read = 0
        self._fault = steps.faults.at("compose")

    async def fill(self, text: str) -> None:
        await self._steps.at("fill")
        self._held = text[:-1] if self._fault == "composer_truncates" else text

    async def read_back(self) -> str:
        await self._steps.at("read back")
        self._read += 1
        if self._read > 1 and self._steps.faults.strikes("stall_after_arming"):
            await self._steps.pass_time(2.0, 60.0)
        if self._read > 1 and self._forum.hesitates:
            self._forum.hesitates = False
            await self._steps.pass_time(2.0, 9.0)
        if self._fault == "composer_changes" and self._read > 1:
            if self._steps.dice.random() < 0.5:
                raise SiteChanged("the composer is gone")
            self._held += "!"
        return self._held

    async def target_post_id(self) -> str | None:
        if self._fault == "composer_wrong_form":
            return "another"
        return self._target.post_id if self._target else None

    async def click(self, *, permit_id: str, text: str, until_s: float) -> ClickObservation:
        """Send what is held, to where the form leads: the one lock to rely on is the deadline's."""
        await self._steps.at("press")
        if self._steps.faults.strikes("stall_at_press"):
            await self._steps.pass_time(2.0, 60.0)
        timeout_s = until_s - self._forum.now()
        if timeout_s <= 0:
            return ClickObservation(Observed.NOT_SENT, "the token's time is over")
        fault = self._steps.faults.at("click")
        if fault == "interlock_holds":
            return ClickObservation(Observed.NOT_SENT, "the interlock let nothing out")
        forum = self._forum
        target = await self.target_post_id()
        press = Press(forum.now(), permit_id, self._held, target, self._steps.process)
        forum.presses.append(press)
        seen = await self._sent(fault, press, timeout_s)
        await self._steps.at("pressed")
        return seen

    async def _sent(self, fault: str | None, press: Press, timeout_s: float) -> ClickObservation:
        match fault:
            case "request_lost":
                return await self._no_answer(timeout_s)
            case "error_before_effect":
                return await self._answer(Observed.UNKNOWN, 502, None)
            case "flood_refusal":
                return await self._answer(Observed.REFUSED, 429, None)
            case "effect_delayed":
                return await self._late(press, timeout_s)
        await self._steps.pass_time(0.02, 0.5)
        entry = self._effect(press, fault)
        await self._steps.at("posted")
        match fault:
            case "answer_lost":
                return await self._no_answer(timeout_s)
            case "error_after_effect":
                return await self._answer(Observed.UNKNOWN, 500, None)
            case "answer_without_id":
                return await self._answer(Observed.ACCEPTED, 200, None)
        return await self._answer(Observed.ACCEPTED, 302, entry)

    async def _no_answer(self, timeout_s: float) -> ClickObservation:
        await self._steps.pass_time(timeout_s, timeout_s)
        return ClickObservation(Observed.UNKNOWN, "no answer")

    async def _answer(
        self, observed: Observed, status: int, entry: Entry | None
    ) -> ClickObservation:
        await self._steps.pass_time(0.05, 2.0)
        return ClickObservation(
            observed, f"answered {status}", status, entry.post_id if entry else None
        )

    async def _late(self, press: Press, timeout_s: float) -> ClickObservation:
        """Let the request be carried out whether or not anybody still waits for the answer."""
        after_s = self._steps.between(1.0, 60.0)
        made: list[Entry] = []
        asyncio.get_running_loop().call_later(
            after_s, lambda: made.append(self._effect(press, None)), context=self._steps.nobody
        )
        if after_s >= timeout_s:
            return await self._no_answer(timeout_s)
        await self._steps.pass_time(after_s + 0.01, after_s + 0.01)
        return await self._answer(Observed.ACCEPTED, 302, made[0])

    def _effect(self, press: Press, fault: str | None) -> Entry:
        entry = self._made(press, How.CLICK)
        now, between = self._forum.now(), self._steps.between
        match fault:
            case "posted_twice":
                self._made(press, How.TWIN)
            case "text_altered":
                entry.text = entry.text[:-10]
            case "post_hidden":
                entry.shown_from = now + between(0.4, 3.0) * HOUR_S
            case "post_visible_late":
                entry.shown_from = now + between(20.0, 600.0)
            case "post_never_shown":
                entry.shown_from = FOREVER
        return entry

    def _made(self, press: Press, how: How) -> Entry:
        entry = self._forum.post(press.target, press.text, self._forum.now(), how)
        entry.permit_id = press.permit_id
        return entry
