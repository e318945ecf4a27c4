"""The board: who waits for a slot, whose decision is under way, and who was clicked at when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.entries import without
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.drafting import DraftRejected
from schema.events.judging import CandidateRejected
from schema.events.operations import PostingAllowed, PostingStopped
from schema.events.permitting import PermitRejected
from schema.events.posting import ClickAttempt
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import DecisionMade


class Board(msgspec.Struct, frozen=True):
    """Who waits, what is decided and not yet attempted, and who was clicked at when.

    `waiting`, `items` and `open` are by queue id; `open` holds the author of each decision that
    has neither been attempted nor ended. An original has no queue item and is none of them.
    """

    waiting: dict[str, CandidateQueued] = {}
    items: dict[str, CandidateQueued] = {}
    open: dict[str, str | None] = {}
    clicks: tuple[tuple[datetime, str | None], ...] = ()
    stops: tuple[str, ...] = ()


def _evolve(board: Board, recorded: Recorded[Any]) -> Board:
    event = recorded.event
    match event:
        case CandidateQueued():
            entry = {str(event.queue_id): event}
            return replace(board, waiting=board.waiting | entry, items=board.items | entry)
        case CandidateSelected():
            return replace(board, waiting=without(board.waiting, event.queue_id))
        case CandidateReleased():
            item = board.items.get(str(event.queue_id))
            waiting = board.waiting | ({str(event.queue_id): item} if item else {})
            return replace(board, waiting=waiting)
        case CandidateExpired() | CandidateRejected():
            return replace(
                board,
                waiting=without(board.waiting, event.queue_id),
                items=without(board.items, event.queue_id),
                open=without(board.open, event.queue_id),
            )
        case DecisionMade() if event.queue_id is not None:
            return replace(board, open=board.open | {str(event.queue_id): event.target_author})
        case ClickAttempt():
            yesterday = recorded.at - timedelta(days=1)
            recent = tuple(click for click in board.clicks if click[0] > yesterday)
            return replace(
                board,
                clicks=(*recent, (recorded.at, event.target_author)),
                open=without(board.open, event.queue_id),
                items=without(board.items, event.queue_id),
            )
        case PermitRejected() | DraftRejected(final=True):
            return replace(board, open=without(board.open, event.queue_id))
        case PostingStopped() | PostingAllowed():
            return replace(board, stops=stops.after(board.stops, event))
        case _:
            return board


by_account: Fold[Board] = Fold(state=Board, initial=Board(), key=whole_account, evolve=_evolve)
