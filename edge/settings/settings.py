"""All settings, checked: one file, the environment over it, the same names in both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, SecretStr, ValidationError, model_validator

from edge.database.urls import DATA_DIR, Place
from edge.settings.faults import fault_of
from edge.settings.layers import Layers, read_layers
from edge.settings.shape import (
    AccountSettings,
    Alerts,
    Cadence,
    Database,
    Health,
    Model,
    RuleSections,
    Sandbox,
)
from edge.settings.texts import Name
from schema.errors import BadSettings
from schema.ids import SYSTEM, Account

AccountName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class Settings(RuleSections):
    """Everything that a worker or a command goes by."""

    mode: Literal["sandbox", "shadow", "live"] = "sandbox"
    data_dir: Path = DATA_DIR
    posting_disabled: bool = False
    live_posts: bool = False
    git_sha: Name | None = None
    database: Database = Database()
    model: Model = Model()
    health: Health = Health()
    alerts: Alerts = Alerts()
    cadence: Cadence = Cadence()
    sandbox: Sandbox = Sandbox()
    accounts: dict[AccountName, AccountSettings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _system_is_taken(self) -> Self:
        if SYSTEM in self.accounts:
            raise ValueError(f"an account cannot be called {SYSTEM!r}: that log is the program's")
        return self

    def account(self, name: Account) -> AccountSettings:
        """Return one account's settings.

        Raises:
            BadSettings: there is no such account.
        """
        try:
            return self.accounts[name]
        except KeyError:
            known = ", ".join(self.accounts) or "none"
            message = f"no account {name!r} in the settings"
            raise BadSettings(message, remedy=f"accounts are: {known}") from None

    @property
    def place(self) -> Place:
        """Where the database is."""
        urls = {
            name: secret.get_secret_value()
            for name in ("url", "approver_url", "reader_url", "admin_url")
            if (secret := getattr(self.database, name)) is not None
        }
        return Place(data_dir=self.data_dir, single_role=self.database.single_role, **urls)

    @property
    def sessions(self) -> Path:
        """Where sign-ins are kept, a folder for each account."""
        return self.data_dir / "sessions"

    @property
    def posting_held_by_flag(self) -> bool:
        """Whether a flag holds the kill switch on; in live mode LIVE_POSTS must be true besides."""
        return bool(self.flag_that_holds)

    @property
    def flag_that_holds(self) -> str:
        """The flag that holds posting, as an operator writes it; empty when none does."""
        if self.posting_disabled:
            return "POSTING_DISABLED=true"
        if self.mode == "live" and not self.live_posts:
            return "mode is live without LIVE_POSTS=true"
        return ""

    @property
    def secrets(self) -> list[str]:
        """Every secret that is set, wherever it stands, so that no log line repeats one."""
        return list(_secrets_in(self))

    def digest(self) -> str:
        """Return a hash of the settings without their secrets, for `worker_started`."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def _secrets_in(value: Any) -> Iterator[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case BaseModel():
            for name in type(value).model_fields:
                yield from _secrets_in(getattr(value, name))
        case dict():
            for one in value.values():
                yield from _secrets_in(one)
        case _:
            return


def load_settings(
    environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Settings:
    """Read and check the settings.

    Raises:
        BadSettings: a value or a key is wrong; the message names file, key and what is accepted.
    """
    return checked(read_layers(environment, folder))


def checked(layers: Layers) -> Settings:
    """Check settings that were read."""
    tree: dict[str, Any] = layers.tree()
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise fault_of(error, Settings, layers) from None
