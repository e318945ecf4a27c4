"""`show VIEW`: the rows of a read model, as they are or as they were."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, AtOption, JsonOption
from edge.cli.output import say, say_json, table
from projectors import VIEWS
from replay.folding import fold_log
from replay.moment import parse_moment, written
from schema.contracts import Projector
from schema.errors import BadInput

NARROW = {
    "queue": ("queue_id", "status", "tier", "score", "author", "candidate_post_id", "expires_at"),
    "slots": ("scheduler_run_id", "reason", "posted", "queue_size", "slot_time"),
    "permits": ("permit_id", "status", "target_post_id", "posted_id", "used_at", "pipeline_source"),
    "chains": ("posted_id", "decided_at", "decision_id", "permit_id"),
    "alerts": ("alert", "subject", "severity", "status", "raised_at", "message"),
    "spending": ("purpose", "request_id", "model", "cost_usd", "status", "reserved_at"),
    "evaluations": ("candidate_post_id", "verdict", "tier", "overall_score", "reason", "author"),
    "content": ("decision_id", "status", "generation_source", "target_post_id", "content"),
    "ghosts": ("posted_id", "kind", "detected_at", "acknowledged_by", "text"),
}
"""View -> columns that fit a terminal, the last ones a wide one; the others are for --json."""

TIMES = {
    "queue": "created_at",
    "slots": "slot_time",
    "permits": "created_at",
    "chains": "decided_at",
    "ghosts": "detected_at",
    "proof": "rolled_up_at",
    "alerts": "raised_at",
    "outcomes": "collected_at",
    "arms": "updated_at",
    "spending": "reserved_at",
    "evaluations": "evaluated_at",
    "content": "created_at",
}
"""View -> the time that its rows are in the order of, the newest last."""

app = typer.Typer()


@app.command()
def show(
    view: Annotated[str, typer.Argument(metavar="VIEW", help=f"One of {', '.join(VIEWS)}.")],
    at: AtOption = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Print a read model's rows. With --at they are folded from the log as of then."""
    rows = asked(_rows(view_named(view), at, account))
    if json:
        say_json({"view": view, "at": at or "now", "rows": rows})
    elif not rows:
        say(f"{view}: no rows")
    else:
        say(_lay_out(view, rows))


def view_named(name: str) -> Projector[Any]:
    """Return the view's projector.

    Raises:
        BadInput: there is no such view.
    """
    if name not in VIEWS:
        raise BadInput(f"no view {name!r}", remedy=f"views are: {', '.join(VIEWS)}")
    return VIEWS[name]


async def _rows(view: Projector[Any], at: str | None, wanted: str | None) -> list[dict[str, Any]]:
    until = parse_moment(at) if at else None
    found: list[dict[str, Any]] = []
    async with reading() as store:
        for account in await accounts_of(store, wanted):
            if until is None:
                rows = await store.view_rows(view, account)
            else:
                rows = list((await fold_log(view, store, account, until=until)).values())
            rows.sort(key=lambda row: _age(view, row))
            found += [{"account": account, **msgspec.structs.asdict(row)} for row in rows]
    return found


def _age(view: Projector[Any], row: Any) -> tuple[datetime, str]:
    return getattr(row, TIMES[view.name]), str(getattr(row, view.keyed))


def _lay_out(view: str, rows: list[dict[str, Any]]) -> str:
    if len(rows) == 1 and view not in NARROW:
        return table(("field", "value"), [(name, _short(one)) for name, one in rows[0].items()])
    columns = NARROW.get(view) or tuple(rows[0])
    if len({row["account"] for row in rows}) > 1:
        columns = ("account", *columns)
    return table(columns, [[_short(row[name]) for name in columns] for row in rows])


def _short(value: Any) -> Any:
    return written(value) if isinstance(value, datetime) else value
