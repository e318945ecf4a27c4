"""Log lines: readable on the console or JSON, and never a secret in them."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

FORMAT_VARIABLE = "LOG_FORMAT"  # `json`, else lines for people
LEVEL_VARIABLE = "LOG_LEVEL"
MASK = "***"
LINE = "part"  # the field of a line that operators grep for: the console prints it bare

LEVELS = {
    **dict.fromkeys(("httpx2", "httpx", "openai"), logging.WARNING),  # `model_called` says more
    "psycopg.pool": logging.ERROR,  # a line a try while the server is away; ours says it once
}
"""Libraries that say too much below these levels."""

SECRET_NAMES = re.compile(r"password|secret|token|api_?key|cookie|authorization", re.IGNORECASE)
SECRET_SHAPES = re.compile(r"(?<=://)[^/@\s:]*:[^/@\s]+(?=@)|\bsk-[\w-]{8,}|(?<=Bearer )\S+")
"""Credentials in an address, a model key, a bearer token."""

SECRET_LENGTH_MIN = 4  # masking every "a" would leave no log


def set_up(*, level: str = "INFO", secrets: Iterable[str] = ()) -> None:
    """Configure structlog and the standard library's logging alike; `secrets` never appear.

    LOG_LEVEL and LOG_FORMAT in the environment win.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,  # before masking: a traceback quotes values
        _masking([one for one in secrets if len(one) >= SECRET_LENGTH_MIN]),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),  # the level is root's
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering()],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(os.environ.get(LEVEL_VARIABLE, level).upper())
    for name, least in LEVELS.items():
        logging.getLogger(name).setLevel(least)


def _rendering() -> list[Processor]:
    if os.environ.get(FORMAT_VARIABLE) == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    plain = structlog.dev.plain_traceback  # the other one prints local variables
    colors = sys.stderr.isatty()
    return [_console(structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain))]


def _console(whole: structlog.dev.ConsoleRenderer) -> Processor:
    def render(logger: Any, method: str, line: EventDict) -> str:
        return str(line["event"]) if LINE in line else whole(logger, method, line)

    return render


def _masking(secrets: list[str]) -> Processor:
    known = re.compile("|".join(re.escape(one) for one in secrets) or r"(?!)")

    def mask(logger: Any, method: str, line: EventDict) -> EventDict:
        del logger, method
        return {name: _masked(name, value, known) for name, value in line.items()}

    return mask


def masked_text(text: str) -> str:
    """Return a text with the credentials in it masked, as far as their shape tells them."""
    return SECRET_SHAPES.sub(MASK, text)


def _masked(name: str, value: Any, known: re.Pattern[str]) -> Any:
    if SECRET_NAMES.search(name):
        return MASK
    if isinstance(value, str):
        return SECRET_SHAPES.sub(MASK, known.sub(MASK, value))
    if isinstance(value, dict):
        return {str(key): _masked(str(key), one, known) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", one, known) for one in value]
    return value
