"""How a certification looks, to a person and to a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from edge.cli.output import say, table
from replay.certification import Certificate
from schema.ids import Account

POSITIONS_SHOWN = 5  # the newest; --json has more


def as_object(
    chosen: Certificate, found: Sequence[Certificate], recorded: Mapping[Account, int]
) -> dict[str, Any]:
    """Return the chosen certificate, with every account's verdict and what was recorded where."""
    fields: dict[str, Any] = msgspec.to_builtins(chosen)
    fields["accounts"] = {one.account: one.verdict for one in found}
    return fields | ({"recorded": dict(recorded)} if recorded else {})


def show(
    chosen: Certificate, found: Sequence[Certificate], recorded: Mapping[Account, int]
) -> None:
    """Print the table, the verdict, and the one thing to do first."""
    if len(found) > 1:
        say(table(("account", "verdict"), [(one.account, one.verdict) for one in found]))
        say()
    rows = [
        (one.id, one.name, one.status.upper(), one.detail, _positions(one.evidence))
        for one in chosen.checks
    ]
    say(table(("", "check", "result", "detail", "positions"), rows))
    say()
    say(f"{chosen.verdict}  ({chosen.account}, at {chosen.at})")
    if (broken := chosen.broken) is not None:
        say(f"blocker: {chosen.blocker} ({broken.id} {broken.name}): {broken.detail}")
        say(f"evidence: {_positions(broken.evidence)}")
        say(f"→ {chosen.next_action}")
    for account, position in recorded.items():
        say(f"recorded in {account} at position {position}")


def _positions(evidence: Sequence[int]) -> str:
    newest = ", ".join(str(one) for one in evidence[-POSITIONS_SHOWN:])
    return f"…, {newest}" if len(evidence) > POSITIONS_SHOWN else newest or "-"
