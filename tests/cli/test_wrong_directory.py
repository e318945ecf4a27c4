"""In a directory without a log a command says so: it makes no empty one in which all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Ask

COMMANDS = [
    ("audit",),
    ("certify",),
    ("why", "c-marta"),
    ("show", "ghosts"),
    ("events",),
    ("drift",),
    ("status",),
    ("proof",),
    ("pending",),
    ("queues",),
    ("throughput",),
    ("stop-posting", "--why", "a ghost"),
    ("rebuild", "permits"),
]


READER = "postgresql://gp_reader@127.0.0.1:1/nowhere"
"""Where one may read says nothing about the log that a command opens: DATABASE_URL does."""


@pytest.mark.parametrize("reader", [None, READER], ids=["nothing", "a reader's address"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_makes_no_log_of_its_own(
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    reader: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GHOSTPROOF_DATA_DIR", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "DATABASE_READER_URL"):
        monkeypatch.delenv(name, raising=False)
    if reader is not None:
        monkeypatch.setenv("DATABASE_READER_URL", reader)
    answer = ask(*command)
    assert (answer.code, answer.out) == (3, "")
    assert f"error: there is no database in {tmp_path / 'data'}\n→ go to" in answer.err
    assert list(tmp_path.iterdir()) == []
