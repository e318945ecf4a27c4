"""`doctor`: what is wrong with the set-up, each line with its fix."""

from __future__ import annotations

import msgspec
import typer

from edge.cli.looks import LOOKS, Look
from edge.cli.opening import asked
from edge.cli.options import JsonOption
from edge.cli.output import say, say_json
from edge.settings.settings import Settings, load_settings
from schema.errors import GhostproofError

app = typer.Typer()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at; `fix` says what to do when it is not ok."""

    what: str
    ok: bool
    detail: str
    fix: str = ""


@app.command()
def doctor(json: JsonOption = False) -> int:
    """Check the whole set-up. Exits 1 when something needs a fix."""
    lines = asked(_all())
    ok = all(line.ok for line in lines)
    if json:
        say_json({"ok": ok, "checks": lines})
        return 0 if ok else 1
    for line in lines:
        say(f"{'ok ' if line.ok else 'FIX'}  {line.what}: {line.detail}")
        if not line.ok:
            say(f"     → {line.fix}")
    return 0 if ok else 1


async def _all() -> list[Line]:
    try:
        settings = load_settings()
    except GhostproofError as error:
        return [Line(what="settings", ok=False, detail=error.message, fix=error.remedy)]
    return [await _line(what, look, settings) for what, look in LOOKS.items()]


async def _line(what: str, look: Look, settings: Settings) -> Line:
    try:
        return Line(what=what, ok=True, detail=await look(settings))
    except GhostproofError as error:
        fix = error.remedy or " ".join((type(error).__doc__ or "").split())
        return Line(what=what, ok=False, detail=error.message, fix=fix)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fix = "correct its name or its rights, then look again"
        return Line(what=what, ok=False, detail=f"{where}{error.strerror or error}", fix=fix)
