"""Passwords of accounts: from the settings, from a file, or from the sandbox's list."""

from __future__ import annotations

from pathlib import Path

from edge.sandbox.accounts import read_accounts
from edge.settings.settings import Settings
from schema.errors import BadSettings
from schema.ids import Account


def password_of(settings: Settings, account: Account) -> str | None:
    """Return the account's password, None where nobody wrote one down.

    Raises:
        BadSettings: it is said to be in a file that cannot be read.
    """
    own = settings.account(account)
    if own.password is not None:
        return own.password.get_secret_value()
    if own.password_file is not None:
        return _read(own.password_file)
    sandbox = settings.data_dir / "sandbox" / "accounts.json"
    if own.base_url is None and sandbox.exists():
        return read_accounts(sandbox).get(own.handle)
    return None


def _read(file: Path) -> str:
    try:
        return file.read_text().rstrip("\n")
    except OSError as error:
        message = f"the password file {file} cannot be read: {error.strerror}"
        raise BadSettings(message, remedy="correct accounts.<name>.password_file") from None
