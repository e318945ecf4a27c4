"""Log lines carry no secrets, on the console and as JSON."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from edge.logs import set_up


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_reaches_a_line(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_FORMAT", form)
    set_up(secrets=["canary-known"])
    structlog.get_logger("test").info(
        "opened postgresql://me:canary-url@h/d",
        password="canary-name",
        said="it is canary-known",
        nested={"api_key": "canary-nested", "list": ["Bearer canary-bearer"]},
        key="sk-canary-key",
    )
    logging.getLogger("library").warning("postgresql://me:canary-library@h/d")
    lines = capsys.readouterr().err
    assert "canary" not in lines
    assert lines.count("***") >= 6


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_is_told_without_its_secrets(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOG_FORMAT", form)
    set_up(level="error")
    structlog.get_logger("test").info("unheard")
    try:
        fail("canary")
    except ValueError:
        structlog.get_logger("test").exception("failed")
        logging.getLogger("library").exception("failed as well")
    said = capsys.readouterr().err
    assert "unheard" not in said
    assert said.count("ValueError: no postgresql://***@h/d") == 2
    assert "canary@" not in said


def fail(password: str) -> None:
    raise ValueError(f"no postgresql://me:{password}@h/d")
