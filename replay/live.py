"""The live read models, compared with a fresh fold up to where each has come."""

from __future__ import annotations

from typing import Any

from replay.drift import SHOWN_MAX, Drift, differences
from replay.folding import fold_log
from replay.moment import Moment
from replay.source import LogWithViews
from schema.contracts import Projector
from schema.ids import Account


async def drift_of(store: LogWithViews, view: Projector[Any], account: Account) -> Drift:
    """Compare a read model with the log at the position that it has reached."""
    reached, live = await store.view_snapshot(view, account)
    folded = {}
    if reached >= 0:
        folded = await fold_log(view, store, account, until=Moment(position=reached))
    found = differences(live, folded)
    return Drift(
        view=view.name,
        account=account,
        ok=not found,
        rows=len(folded),
        at=reached,
        differing=len(found),
        differences=tuple(found[:SHOWN_MAX]),
    )
