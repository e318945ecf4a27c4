"""What waits for a person: created permits with the exact text that an approval would be for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from replay.reading import gather
from replay.source import Log
from schema.contracts import Recorded
from schema.events.base import permit_ids
from schema.events.drafting import DraftAccepted
from schema.events.operations import SettingsChanged
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
)
from schema.ids import Account, EventId

HEARD = (
    "settings_changed",
    "permit_created",
    "permit_approved",
    "permit_rejected",
    "permit_expired",
    "permit_revoked",
    "draft_accepted",
)
DEFAULT_TTL_S = 1800


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """One permit without a verdict; `text` is None while its draft is being written."""

    account: Account
    permit_id: str
    created: EventId
    created_at: datetime
    target_url: str | None
    target_author: str | None
    text: str | None
    text_hash: str | None
    ttl_s: int
    ids: dict[str, Any]


async def pending(log: Log, account: Account) -> list[Pending]:
    """Return the account's permits that wait for a verdict, oldest first."""
    created: dict[str, Recorded[PermitCreated]] = {}
    texts: dict[str, DraftAccepted] = {}
    ttl_s = DEFAULT_TTL_S
    for recorded in await gather(log, account, types=HEARD):
        event = recorded.event
        match event:
            case SettingsChanged():
                ttl_s = event.rules.permit.ttl_s
            case PermitCreated():
                created[str(event.permit_id)] = recorded
            case DraftAccepted():
                texts[str(event.permit_id)] = event
            case PermitApproved() | PermitRejected() | PermitExpired() | PermitRevoked():
                created.pop(str(event.permit_id), None)
            case _:  # erased: whatever it was, nobody can read it
                pass
    return [
        _waiting(recorded, texts.get(permit_id), ttl_s) for permit_id, recorded in created.items()
    ]


def _waiting(recorded: Recorded[PermitCreated], draft: DraftAccepted | None, ttl_s: int) -> Pending:
    event = recorded.event
    return Pending(
        account=recorded.account,
        permit_id=str(event.permit_id),
        created=recorded.event_id,
        created_at=recorded.at,
        target_url=event.target_url,
        target_author=event.target_author,
        text=draft.text if draft else None,
        text_hash=draft.text_hash if draft else None,
        ttl_s=ttl_s,
        ids=permit_ids(event),
    )
