"""`drift`: the live read models against a fresh fold of the log."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from edge.cli.show import view_named
from projectors import VIEWS
from replay.drift import Drift
from replay.live import drift_of

app = typer.Typer()


@app.command()
def drift(
    view: Annotated[
        str | None, typer.Argument(metavar="[VIEW]", help=f"One of {', '.join(VIEWS)}; or all.")
    ] = None,
    account: AccountOption = None,
    json: JsonOption = False,
) -> int:
    """Compare the read models with a fresh fold of the log. Exits 1 when they differ."""
    names = list(VIEWS) if view is None else [view_named(view).name]
    found = asked(_drifts(names, account))
    ok = all(one.ok for one in found)
    if json:
        say_json({"ok": ok, "views": found})
    else:
        rows = [
            (one.account, one.view, "ok" if one.ok else "DRIFTED", one.rows, one.differing, one.at)
            for one in found
        ]
        say(table(("account", "view", "", "rows", "differing", "at position"), rows))
        for one in found:
            for difference in one.differences:
                say(f"{one.view} {difference.key}")
                say(f"  live   {difference.live}")
                say(f"  folded {difference.folded}")
        if not ok:
            say("mend it with: ghostproof rebuild VIEW")
    return 0 if ok else 1


async def _drifts(names: list[str], wanted: str | None) -> list[Drift]:
    async with reading() as store:
        return [
            await drift_of(store, VIEWS[name], account)
            for account in await accounts_of(store, wanted)
            for name in names
        ]
