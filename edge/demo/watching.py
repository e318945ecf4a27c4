"""Watching the log: the worker's doings are told as they happen, and the demo waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from edge.demo.stages import Stages
from schema.contracts import Recorded, Store
from schema.errors import StoreError
from schema.events.fetching import FetchCompleted
from schema.events.ghosts import GhostDetected
from schema.events.permitting import PermitApproved, PermitRejected
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickRejected,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
)
from schema.events.scheduling import DecisionMade
from schema.ids import Account

POLL_S = 0.2


class DemoFailed(StoreError):
    """The demo did not get where it should; the log in the data directory says how far it came."""

    exit_code = 1


class Watch:
    """Reads the account's log from where it stood at the start."""

    def __init__(self, store: Store, account: Account, stages: Stages) -> None:
        self._store = store
        self._account = account
        self._stages = stages
        self._after = -1
        self.seen: list[Recorded[Any]] = []

    async def begin(self) -> None:
        """Skip what is in the log already."""
        self._after = (await self._store.heads()).get(self._account, 0) - 1

    async def until(
        self, enough: Callable[[list[Recorded[Any]]], bool], *, within_s: float, worker: Any
    ) -> None:
        """Read on, telling the story, until `enough` holds of all events seen.

        Raises:
            DemoFailed: the worker ended, or the time is over.
        """
        deadline = self._stages.total_s() + within_s
        while not enough(self.seen):
            if worker.done():
                worker.result()
                raise DemoFailed("the worker ended early", remedy="look above for its last words")
            if self._stages.total_s() > deadline:
                message = f"this took more than {within_s:.0f} s"
                raise DemoFailed(message, remedy="`ghostproof events` shows how far it came")
            page = await self._store.read(self._account, after=self._after)
            self._after = page.events[-1].position if page.events else self._after
            for recorded in page.events:
                self.seen.append(recorded)
                if (line := story(recorded)) is not None:
                    self._stages.say(f"  {recorded.position:>5}  {line}")
            await asyncio.sleep(POLL_S)

    def of(self, *kinds: type[Any]) -> list[Recorded[Any]]:
        """Return the seen events of these types."""
        return [recorded for recorded in self.seen if isinstance(recorded.event, kinds)]


def story(recorded: Recorded[Any]) -> str | None:
    """Tell one event in a line; most are left out."""
    event = recorded.event
    match event:
        case FetchCompleted():
            return f"fetch completed: {event.seen} posts seen, {event.new} new"
        case DecisionMade():
            return f"decided: reply to {event.target_post_id} by {event.target_author}"
        case PermitApproved():
            return f"permit {str(event.permit_id)[:8]} approved"
        case PermitRejected():
            return f"permit {str(event.permit_id)[:8]} rejected: {event.error_message}"
        case ClickAttempt():
            return f"click attempt under permit {str(event.permit_id)[:8]}"
        case PostingSuccess():
            return f"posted and seen: {event.url}"
        case GhostDetected():
            return f"GHOST: {event.url}"
        case OutcomeUnknown():
            return f"outcome unknown: {event.detail}"
        case ClickRejected():
            return f"the site refused: {event.detail}"
        case PostingFailed() | ClickNotSent():
            return f"{recorded.type}: {event.reason}"
        case _:
            return None
