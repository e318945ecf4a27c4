"""What `doctor` looks at, one thing a function: it says what is there, or raises with the fix."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from edge.addresses import address_of
from edge.browser.chromium import find_chromium
from edge.browser.session import read_session
from edge.database.opening import open_log, open_urls
from edge.health.listening import bound
from edge.settings.build import git_sha
from edge.settings.settings import Settings
from edge.sites.admission import require_fitting_mode, require_signed, require_within_limits
from edge.sites.passwords import password_of
from edge.worker.stops import FILE_NAME
from eventstore.migrating import check as check_migrations
from schema.builds import UNKNOWN
from schema.errors import GhostproofError
from schema.ids import Account

OTHERS_MAY = 0o077

Look = Callable[[Settings], Awaitable[str]]


async def _python(settings: Settings) -> str:
    del settings
    return sys.version.split()[0]


async def _accounts(settings: Settings) -> str:
    if not settings.accounts:
        raise GhostproofError("no account is set up", remedy="ghostproof init writes an example")
    return f"mode {settings.mode}, accounts {', '.join(settings.accounts)}"


async def _folder(settings: Settings) -> str:
    folder = settings.data_dir.absolute()
    nearest = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(nearest, os.W_OK):
        raise GhostproofError(f"{nearest} is not writable", remedy="set data_dir to one that is")
    return str(folder)


async def _database(settings: Settings) -> str:
    async with open_urls(settings.place) as urls:
        await check_migrations(urls.admin or urls.reader)
        async with open_log(settings.place) as log:
            heads = await log.heads()
    roles = " (single role: the approver is not apart)" if settings.database.single_role else ""
    logs = "1 log" if len(heads) == 1 else f"{len(heads)} logs"
    return f"{logs}, {sum(heads.values()):,} events{roles}"


async def _chromium(settings: Settings) -> str:
    from edge.browser.driver import require_driver  # noqa: PLC0415 - a third of a second

    del settings
    await asyncio.to_thread(require_driver)
    return str(await asyncio.to_thread(find_chromium))


async def _sites(settings: Settings) -> str:
    profiles = {
        Account(name): require_fitting_mode(settings, Account(name)) for name in settings.accounts
    }
    live = {name: one for name, one in profiles.items() if not one.rules.sandbox}
    if live:
        async with open_log(settings.place) as log:
            for account, profile in live.items():
                require_within_limits(settings, account, profile)
                await require_signed(log, account, profile)
    names = ", ".join(sorted({one.name for one in profiles.values()})) or "none"
    return f"{names}, rules signed" if live else names


async def _model(settings: Settings) -> str:
    if settings.model.api_key is None and settings.model.base_url is None:
        if settings.mode != "sandbox":
            raise GhostproofError("no model endpoint", remedy="set OPENAI_API_KEY")
        return "none is set: the local test double answers"
    return f"{settings.model.name} at {settings.model.base_url or 'the default endpoint'}"


async def _sessions(settings: Settings) -> str:
    found = sorted(settings.sessions.glob("*/*.session.json"))
    for path in found:
        read_session(path)
    lacking = [name for name in settings.accounts if not _may_sign_in(settings, Account(name))]
    if lacking:
        message = f"neither a session nor a password: {', '.join(lacking)}"
        remedy = "ghostproof login; the local forum makes its own: ghostproof sandbox serve"
        raise GhostproofError(message, remedy=remedy)
    return f"{len(found)} kept, nobody else can read them" if found else "none yet"


def _may_sign_in(settings: Settings, account: Account) -> bool:
    kept = any((settings.sessions / account).glob("*.session.json"))
    return kept or password_of(settings, account) is not None


async def _build(settings: Settings) -> str:
    sha = git_sha(settings.git_sha)
    if sha == UNKNOWN:
        message = "nobody can say which build this is: no GIT_SHA, and no git checkout"
        raise GhostproofError(message, remedy="set GIT_SHA where the program is deployed")
    return sha


async def _health(settings: Settings) -> str:
    own = settings.health
    if not own.enabled:
        return "the server is switched off"
    if (url := address_of(settings.data_dir)) is not None:
        return f"a worker answers at {url}"
    bound(own.host, own.port).close()
    return f"port {own.port} is free" if own.port else "any free port"


async def _stops(settings: Settings) -> str:
    file = settings.data_dir / FILE_NAME
    holding = [settings.flag_that_holds or "", f"the file {file}" if file.exists() else ""]
    return f"stopped by {' and '.join(filter(None, holding))}" if any(holding) else "not stopped"


async def _passwords(settings: Settings) -> str:
    for name, own in settings.accounts.items():
        if own.password_file is not None:
            _private(name, own.password_file)
    return "nobody else can read them"


def _private(name: str, path: Path) -> None:
    if not path.is_file():
        raise GhostproofError(
            f"{path} is not a file", remedy=f"correct accounts.{name}.password_file"
        )
    if path.stat().st_mode & OTHERS_MAY:
        raise GhostproofError(f"others may read {path}", remedy=f"chmod 600 {path}")


LOOKS: dict[str, Look] = {
    "python": _python,
    "build": _build,
    "accounts": _accounts,
    "data folder": _folder,
    "database": _database,
    "site profiles": _sites,
    "chromium": _chromium,
    "model": _model,
    "passwords": _passwords,
    "sessions": _sessions,
    "health": _health,
    "posting by flag and file": _stops,
}
