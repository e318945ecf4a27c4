"""Who is blocked at the end of an account's log: by a person's act, or by the settings in force."""

from __future__ import annotations

import msgspec

from replay.moment import written
from replay.reading import walk
from replay.source import Log
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.operations import SettingsChanged
from schema.ids import Account

TYPES = ("author_blocked", "author_unblocked", "settings_changed")
BY_SETTINGS = "settings"


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """One author; `since` is None for one whom the settings name."""

    account: Account
    author: str
    since: str | None
    by: str
    why: str


async def blocked_in(log: Log, account: Account) -> list[Blocked]:
    """Return the blocked authors by name; letter case tells nobody apart."""
    acts, named = dict[str, Blocked](), tuple[str, ...]()
    async for recorded in walk(log, account, types=TYPES):
        match recorded.event:
            case AuthorBlocked(author=author, why=why, by=by):
                since = written(recorded.at)
                one = Blocked(account=account, author=author, since=since, by=by, why=why)
                acts[author.casefold()] = one
            case AuthorUnblocked(author=author):
                acts.pop(author.casefold(), None)
            case SettingsChanged(rules=rules):
                named = rules.evaluate.blocked_authors
            case _:
                pass
    settings = {author.casefold(): _by_settings(account, author) for author in named}
    return [one for _, one in sorted((settings | acts).items())]


def _by_settings(account: Account, author: str) -> Blocked:
    why = "blocked_authors"
    return Blocked(account=account, author=author, since=None, by=BY_SETTINGS, why=why)
