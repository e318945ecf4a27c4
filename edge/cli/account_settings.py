"""Which account of the settings a command is about: it may have no log yet."""

from __future__ import annotations

from edge.settings.settings import Settings
from schema.errors import BadInput, BadSettings
from schema.ids import Account


def account_in(settings: Settings, wanted: str | None) -> Account:
    """Return the wanted account, or the only one.

    Raises:
        BadSettings: the settings have no such account, or none at all.
        BadInput: there are several and none was named.
    """
    if wanted is not None:
        settings.account(Account(wanted))
        return Account(wanted)
    names = list(settings.accounts)
    if not names:
        raise BadSettings("no account in the settings", remedy="`ghostproof init` writes one")
    if len(names) > 1:
        raise BadInput("which account?", remedy=f"add --account with one of: {', '.join(names)}")
    return Account(names[0])
