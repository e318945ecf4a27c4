"""`site`: a profile is checked against the live site, and its rules are signed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from edge.cli.account_settings import account_in
from edge.cli.acting import append_one
from edge.cli.opening import acting, asked
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from schema.errors import BadInput
from schema.ids import Account

if TYPE_CHECKING:
    from edge.browser.probing import Probed
    from edge.settings.settings import Settings
    from edge.sites.profile import Profile
    from schema.events.signing import RulesSigned

SIGNER_CHARACTERS_MAX = 200
SEARCH = "the"  # a word that every list of posts has, where the account looks for none

app = typer.Typer(no_args_is_help=True)


@app.callback()
def site() -> None:
    """Check a site's profile on its pages, and sign its rules."""


@app.command()
def check(account: AccountOption = None, json: JsonOption = False) -> int:
    """Open the site's pages as the worker would and try every selector. Exits 1 if one fails.

    Nothing is typed and nothing can be sent. A session must be there: `ghostproof login`.
    """
    settings = _settings()
    name = account_in(settings, account)
    profile, found = asked(_checked(settings, name))
    ok = all(one.ok for one in found)
    if json:
        say_json({"site": profile.name, "url": profile.base_url, "ok": ok, "checks": found})
        return 0 if ok else 1
    say(f"{profile.name} at {profile.base_url}")
    rows = [
        ("ok" if one.ok else "FAILED", one.key, one.page.removeprefix(profile.base_url), one.saw)
        for one in found
    ]
    say(table(("", "key", "page", "saw"), rows))
    _say_fixes(found)
    return 0 if ok else 1


@app.command()
def sign(
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")],
    account: AccountOption = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="I have read the block.")] = False,
    json: JsonOption = False,
) -> None:
    """Sign a live site's rules block for one account.

    The worker refuses a live site without it. Any later change of the block needs a new signature.
    """
    settings = _settings()
    name = account_in(settings, account)
    signer = by.strip()
    if not signer or len(signer) > SIGNER_CHARACTERS_MAX or not signer.isprintable():
        raise BadInput(f"nobody can sign as {by!r}", remedy="--by 'your name'")
    signed = _prepared(settings, name, signer)
    if signed is None:
        _say_none_needed(name, json=json)
        return
    if not json:
        _say_block(settings, name, signed)
    if not yes:
        _confirm(signer)
    position = asked(_sign(settings, name, signed))
    if json:
        say_json({"account": name, "position": position, "signed": signed})
    else:
        say(f"{name}: rules_signed at position {position}, by {signer}")
        say(f"signature {signed.signature}")


def _settings() -> Settings:
    from edge.settings.settings import load_settings  # noqa: PLC0415 - only this command pays for it

    return load_settings()


async def _checked(settings: Settings, name: Account) -> tuple[Profile, list[Probed]]:
    from edge.browser import check_site  # noqa: PLC0415 - a browser takes its time
    from edge.gate.process import Place  # noqa: PLC0415
    from edge.sites.admission import profile_of  # noqa: PLC0415
    from edge.sites.passwords import password_of  # noqa: PLC0415

    profile, own = profile_of(settings, name), settings.account(name)
    with TemporaryDirectory(prefix="gp-check-") as folder:
        found = await check_site(
            profile,
            own.handle,
            state_dir=settings.sessions / name,
            password=password_of(settings, name),
            gate_place=Place(Path(folder)),
            keyword=own.keywords[0] if own.keywords else SEARCH,
        )
    return profile, found


def _say_fixes(found: list[Probed]) -> None:
    failed = [one for one in found if not one.ok]
    for one in failed:
        say()
        say(f"{one.key}: {one.selector}" if one.selector else one.key)
        say(f"  → {one.fix}")
    say()
    said = f"{len(failed)} failed" if failed else "all ok"
    say(f"{len(found)} looked at, {said}")


def _prepared(settings: Settings, name: Account, signer: str) -> RulesSigned | None:
    from edge.sites.admission import profile_of  # noqa: PLC0415
    from edge.sites.signing import signed_by  # noqa: PLC0415

    profile = profile_of(settings, name)
    if profile.rules.sandbox:
        return None
    return signed_by(profile, signer, datetime.now(UTC))


def _say_none_needed(name: Account, *, json: bool) -> None:
    if json:
        say_json({"account": name, "position": None, "signed": None})
    else:
        say(f"{name}: its site is a sandbox, whose rules need no signature")


def _say_block(settings: Settings, name: Account, signed: RulesSigned) -> None:
    who = f"{name}, which posts as {settings.account(name).handle}"
    rows = [("site", f"{signed.site} at {signed.base_url}"), ("account", who)]
    for part, words in (*rows, *signed.rules.items()):
        say(f"{part}:\n  {words or '(nothing)'}")
    say()


def _confirm(signer: str) -> None:
    if not sys.stdin.isatty():
        raise BadInput("nobody here to ask whether this was read", remedy="read it, then add --yes")
    answer = typer.prompt(f"Signing as {signer} that this is so. Type yes", default="no")
    if answer.strip().lower() != "yes":
        raise BadInput("not signed", remedy="type yes when it is as it says")


async def _sign(settings: Settings, name: Account, signed: RulesSigned) -> int | None:
    from edge.settings.rules import rules_for  # noqa: PLC0415
    from edge.worker.accounts import open_log  # noqa: PLC0415

    async with acting(begins=True) as store:
        await open_log(store, name, rules_for(settings, name))
        return await append_one(store, name, signed, approver=True)
