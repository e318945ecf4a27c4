"""`login`: somebody signs in once by hand, and the session is kept for the worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.cli.account_settings import account_in
from edge.cli.opening import asked
from edge.cli.options import AccountOption
from edge.cli.output import say
from schema.errors import BadInput
from schema.ids import Account

if TYPE_CHECKING:
    from edge.settings.settings import Settings
    from edge.sites.profile import Profile

app = typer.Typer()


@app.command()
def login(
    account: AccountOption = None,
    *,
    headless: Annotated[
        bool,
        typer.Option("--headless", help="No window: fill the form with the account's password."),
    ] = False,
) -> None:
    """Sign in on the site's own page and keep the session.

    Only its owner can read it. A window opens at the log-in page; sign in there as you always do.
    The window ends by itself.
    """
    from edge.settings.settings import load_settings  # noqa: PLC0415 - only this command pays for it

    settings = load_settings()
    name = account_in(settings, account)
    if not headless:
        _require_display(name)
    path = asked(_log_in(settings, name, headless=headless), endless=True)
    say(f"{name}: signed in as {settings.account(name).handle}; the session is in {path}")
    say("nobody else can read that file; whoever could would be able to post as the account")


async def _log_in(settings: Settings, name: Account, *, headless: bool) -> Path:
    from edge.browser import log_in_anew, session_file  # noqa: PLC0415 - a browser takes its time
    from edge.browser.by_hand import sign_in_by_hand  # noqa: PLC0415
    from edge.browser.session import write_session  # noqa: PLC0415
    from edge.sites.admission import profile_of  # noqa: PLC0415

    profile, handle = profile_of(settings, name), settings.account(name).handle
    path = session_file(settings.sessions / name, profile, handle)
    if headless:
        await log_in_anew(profile, handle, _password(settings, name, profile), path)
        return path
    say(f"a window opens at {profile.base_url}{profile.sign_in.url}: sign in there as {handle}")
    write_session(path, await sign_in_by_hand(profile, handle))
    return path


def _require_display(name: Account) -> None:
    if sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    raise BadInput(
        "there is no display to open a window on (DISPLAY is not set)",
        remedy=f"run it at a desk, or: ghostproof login --account {name} --headless",
    )


def _password(settings: Settings, name: Account, profile: Profile) -> str:
    from edge.sites.passwords import password_of  # noqa: PLC0415

    known = password_of(settings, name)
    if known is not None:
        return known
    if not sys.stdin.isatty():
        variable = f"GHOSTPROOF_PASSWORD_{name.upper().replace('-', '_')}"
        message = f"no password for account {name}, and nobody here to ask"
        raise BadInput(message, remedy=f"set {variable} or accounts.{name}.password_file")
    handle = settings.account(name).handle
    return str(typer.prompt(f"password of {handle} on {profile.name}", hide_input=True))
