"""Which account's log a command is about."""

from __future__ import annotations

from replay.moment import Moment
from replay.source import Log
from schema.errors import BadInput, NoSuchAccount, NothingLogged
from schema.ids import SYSTEM, Account


async def accounts_of(store: Log, wanted: str | None) -> list[Account]:
    """Return the wanted account, or all that post.

    Raises:
        NoSuchAccount: the log has no such account.
        NothingLogged: there is no account yet.
    """
    known = await store.accounts()
    if wanted is not None:
        if Account(wanted) not in known:
            listed = ", ".join(known) or "none yet"
            raise NoSuchAccount(f"no account {wanted!r} in the log", remedy=f"accounts: {listed}")
        return [Account(wanted)]
    if posting := [account for account in known if account != SYSTEM]:
        return posting
    raise NothingLogged("the log has no account yet")


async def one_account(store: Log, wanted: str | None) -> Account:
    """Return the wanted account, or the only one.

    Raises:
        BadInput: there are several and none was named.
    """
    return _only(await accounts_of(store, wanted))


async def posting_accounts(store: Log, wanted: str | None, *moments: Moment) -> list[Account]:
    """Return the wanted account, or all that post, of which each can be asked about the moments.

    Raises:
        BadInput: it is the program's own log, or a position was given for several logs.
    """
    accounts = await _that_post(store, wanted)
    if len(accounts) > 1 and any(moment.position is not None for moment in moments):
        listed = ", ".join(accounts)
        message = "a position belongs to one account's log"
        raise BadInput(message, remedy=f"add --account with one of: {listed}")
    return accounts


async def one_posting_account(store: Log, wanted: str | None) -> Account:
    """Return the wanted account, or the only one that posts.

    Raises:
        BadInput: it is the program's own log, or there are several and none was named.
    """
    return _only(await _that_post(store, wanted))


async def _that_post(store: Log, wanted: str | None) -> list[Account]:
    if wanted == SYSTEM:
        message = f"{SYSTEM!r} is the program's own log: it never posts"
        raise BadInput(message, remedy="leave --account out, or name one that posts")
    return await accounts_of(store, wanted)


def _only(accounts: list[Account]) -> Account:
    if len(accounts) > 1:
        listed = ", ".join(accounts)
        raise BadInput("which account?", remedy=f"add --account with one of: {listed}")
    return accounts[0]
