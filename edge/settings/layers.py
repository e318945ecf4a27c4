"""Settings as they are written: ghostproof.toml below, environment above, each with its origin."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schema.errors import BadSettings

CONFIG_VARIABLE = "GHOSTPROOF_CONFIG"
DEFAULT_FILE = "ghostproof.toml"

VARIABLES: dict[str, str] = {
    "MODE": "mode",
    "GHOSTPROOF_DATA_DIR": "data_dir",
    "POSTING_DISABLED": "posting_disabled",
    "LIVE_POSTS": "live_posts",
    "GIT_SHA": "git_sha",
    "DATABASE_URL": "database.url",
    "DATABASE_APPROVER_URL": "database.approver_url",
    "DATABASE_READER_URL": "database.reader_url",
    "DATABASE_ADMIN_URL": "database.admin_url",
    "OPENAI_MODEL": "model.name",
    "OPENAI_TEMPERATURE": "model.temperature",
    "OPENAI_TOP_P": "model.top_p",
    "OPENAI_BASE_URL": "model.base_url",
    "OPENAI_API_KEY": "model.api_key",
    "AI_QUOTA_CIRCUIT_OPEN": "model.circuit_open",
    "REAL_METRICS_ENABLED": "learn.real_metrics",
    "PORT": "health.port",
    "ALERT_WEBHOOK_URL": "alerts.webhook_url",
    "ALERT_WEBHOOK_SECRET": "alerts.secret",
    "EXPECTED_SHA": "watch.expected_sha",
}
"""Environment variable -> the key it sets. It wins over the file."""

PASSWORD_PREFIX = "GHOSTPROOF_PASSWORD_"  # noqa: S105 -- the name of a variable
"""``GHOSTPROOF_PASSWORD_GARDEN`` sets the password of ``[accounts.garden]``."""


@dataclass(frozen=True)
class Layers:
    """Values by dotted key, as written, and where each came from."""

    file: Path | None
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Return the value of a dotted key, None when nobody set it."""
        return self.values.get(key)

    def text(self, key: str) -> str | None:
        """Return a value that must be text.

        Raises:
            BadSettings: it is something else.
        """
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        message = f"{self.origins[key]}: {key}: not a text: {value!r}"
        raise BadSettings(message, remedy="write it in quotes")

    def tree(self) -> dict[str, Any]:
        """Return the values as nested tables."""
        root: dict[str, Any] = {}
        for key, value in self.values.items():
            table = root
            *tables, last = key.split(".")
            for name in tables:
                table = table.setdefault(name, {})
            table[last] = value
        return root


def read_layers(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Layers:
    """Read the file, then the environment over it. Nothing is checked but the TOML itself."""
    environment = os.environ if environment is None else environment
    file = _file(environment, folder or Path.cwd())
    layers = Layers(file=file)
    if file is not None:
        for key, value in _flat(_parse(file)):
            layers.values[key], layers.origins[key] = value, str(file)
    for name, key in _variables(environment, layers):
        layers.values[key], layers.origins[key] = environment[name], f"environment {name}"
    return layers


def _file(environment: Mapping[str, str], folder: Path) -> Path | None:
    named = environment.get(CONFIG_VARIABLE)
    if not named:
        path = folder / DEFAULT_FILE
        return path if path.is_file() else None
    path = folder / named
    if not path.is_file():
        raise BadSettings(
            f"{CONFIG_VARIABLE} names {named}, which is not a file",
            remedy="correct the variable, or run `ghostproof init`",
        )
    return path


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{file}: {error}", remedy="mend the file") from None


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _variables(environment: Mapping[str, str], layers: Layers) -> Iterator[tuple[str, str]]:
    yield from ((name, key) for name, key in VARIABLES.items() if environment.get(name))
    accounts = {key.split(".")[1] for key in layers.values if key.startswith("accounts.")}
    for account in sorted(accounts):
        name = PASSWORD_PREFIX + account.upper().replace("-", "_")
        if environment.get(name):
            yield name, f"accounts.{account}.password"
