"""`rebuild VIEW`: throw a read model away and fold it from the log again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import acting, asked
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from edge.cli.progress import progress
from edge.cli.show import view_named
from projectors import VIEWS
from schema.contracts import Projector

app = typer.Typer()


@app.command()
def rebuild(
    view: Annotated[str, typer.Argument(metavar="VIEW", help=f"One of {', '.join(VIEWS)}.")],
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Fold a read model from the log again. Readers see the old rows until it is done."""
    rows = asked(_rebuild(view_named(view), account))
    if json:
        say_json({"view": view, "rebuilt": rows})
    else:
        say(table(("account", "rows"), [(one["account"], one["rows"]) for one in rows]))


async def _rebuild(view: Projector[Any], wanted: str | None) -> list[dict[str, Any]]:
    def reached(position: int) -> None:
        progress.reached(f"rebuild {view.name}", position + 1)

    done: list[dict[str, Any]] = []
    async with acting() as store:
        for account in await accounts_of(store, wanted):
            await store.rebuild_view(view, account, progress=reached)
            rows = await store.view_rows(view, account)
            done.append({"account": account, "rows": len(rows)})
    return done
