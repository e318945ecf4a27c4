"""What the texts among the settings must look like: addresses, keys and names."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

NAME_CHARS_MAX = 200


def _web_address(secret: SecretStr) -> SecretStr:
    if not re.match(r"https?://[^\s/]", secret.get_secret_value()):
        raise ValueError("not a web address; write it like https://example.com/hook")
    return secret


def _endpoint(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not text.isprintable() or " " in text:
        raise ValueError("not a web address; write it like https://api.openai.com/v1")
    return text


def _database_address(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not re.fullmatch(r"postgres(ql)?://\S*|\s*\w+\s*=.*", text) or not text.isprintable():
        example = "postgresql://user:password@host:5432/database"
        raise ValueError(f"not a database's address; write it like {example}")
    return secret


def _key(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("not a key: it has a space, a line break or letters that no key has")
    return secret


def _name(text: str) -> str:
    if not text.isprintable() or " " in text:
        raise ValueError("not a name: it has a space or a line break")
    return text


WebAddress = Annotated[SecretStr, AfterValidator(_web_address)]
"""Secret, because many a webhook's address is its only key."""

Endpoint = Annotated[str, AfterValidator(_endpoint)]
DatabaseAddress = Annotated[SecretStr, AfterValidator(_database_address)]
"""Secret, because it may hold a password."""

ApiKey = Annotated[SecretStr, AfterValidator(_key)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_CHARS_MAX), AfterValidator(_name)]
"""A model's name, or a commit's: one word, as it goes into headers, events and log lines."""
