"""Keep certifications on record: each as an event in its own account's log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from edge.cli.acting import ACTOR, person
from edge.cli.opening import acting
from replay.certification import Certificate
from schema.contracts import Command, NewEvent
from schema.errors import AppendRefused
from schema.events.proving import CertificationRecorded
from schema.ids import Account, EventId, named
from schema.wire import encode


async def record(found: Sequence[Certificate]) -> dict[Account, int]:
    """Append each answer and return its position; the same answer once more changes nothing.

    Raises:
        AppendRefused: the store refused it.
    """
    positions = {}
    async with acting() as store:
        for one in found:
            account, event = Account(one.account), _event(one)
            # the id is what was said: the past, asked again, answers the same
            event_id = EventId(named(account, "certified", encode(event).decode()))
            [verdict] = await store.append(
                account, [Command((NewEvent(event_id, event),))], actor=ACTOR
            )
            if not verdict.stands or verdict.position is None:
                raise AppendRefused(f"{account}: {verdict.reason}", code=verdict.code)
            positions[account] = verdict.position
    return positions


def _event(found: Certificate) -> CertificationRecorded:
    return CertificationRecorded(
        verdict=found.verdict,
        blocker=found.blocker,
        at=datetime.fromisoformat(found.at),
        checks=tuple(f"{check.id}:{check.status}" for check in found.checks),
        by=person(),
    )
