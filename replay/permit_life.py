"""The life of a permit, drawn from the table of legal moves that the law is made of."""

from __future__ import annotations

from schema.law import LEGAL_MOVES

STATES = {
    "permit_created": "created",
    "permit_approved": "approved",
    "permit_rejected": "rejected",
    "permit_expired": "expired",
    "permit_revoked": "revoked",
    "click_attempt": "spent",
    "posting_success": "confirmed",
    "click_not_sent": "not sent",
    "click_rejected": "refused by the site",
    "outcome_unknown": "unknown",
    "outcome_abandoned": "abandoned",
    "late_confirmed": "confirmed late",
}
"""Event that brings a permit there -> the state's name."""

ENDS_BY = {
    "created": "a verdict, its queue item's end, or revocation",
    "approved": "the one click attempt, expiry (by the database's clock), or revocation",
    "spent": "exactly one of the four outcomes",
    "unknown": "a sighting of the post, or abandonment after enough complete readings",
    "abandoned": "if ever, a late sighting; without any new click",
}

HEAD = """# The life of a permit

Drawn from `schema/law.py` by `scripts/write_docs.py`; PostgreSQL enforces the same table as a
constraint on the log (`gp.legal_move`), and a test holds the two together. Each arrow is an event
that *spends* the one at its tail. Everything is spent once, so there is no way back to `approved`:
a new try is a new permit that names the one it supersedes.
"""


def as_markdown() -> str:
    """Return the page: the diagram, then what ends each state."""
    return "\n".join([HEAD, *_diagram(), "", *_table(), ""])


def _diagram() -> list[str]:
    arrows = [
        f"  {_node(spent)} --> {_node(event)} : {event}"
        for event, spends in LEGAL_MOVES.items()
        for spent in spends
    ]
    names = [f"  state {name!r} as {_node(event)}" for event, name in STATES.items()]
    shown = [line.replace("'", '"') for line in names]
    return ["```mermaid", "stateDiagram-v2", *shown, "  [*] --> permit_created_", *arrows, "```"]


def _node(event: str) -> str:
    return f"{event}_"


def _table() -> list[str]:
    rows = [
        f"| {name} | `{event}` | {ENDS_BY.get(name, 'never: this is an end')} |"
        for event, name in STATES.items()
    ]
    return ["| state | comes by | ends by |", "|---|---|---|", *rows]
