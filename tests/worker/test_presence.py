"""Presence: who died is told by the kernel, whoever asks and however it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from edge.worker.presence import KEPT_S, died, present
from schema.ids import named

ONE, TWO = named("one"), named("two")

HOLD = """
import pathlib, sys, uuid
from edge.worker.presence import present
with present(pathlib.Path(sys.argv[1]), uuid.UUID(sys.argv[2])):
    print("here", flush=True)
    sys.stdin.read()
"""


def test_a_worker_that_is_here_has_not_died(tmp_path: Path) -> None:
    with present(tmp_path, ONE):
        assert not died(tmp_path, ONE)
    assert died(tmp_path, ONE)


def test_of_a_worker_elsewhere_nothing_is_known(tmp_path: Path) -> None:
    assert not died(tmp_path, ONE)
    with present(tmp_path / "here", ONE):
        assert not died(tmp_path / "elsewhere", ONE)


def test_a_killed_process_died(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path), str(ONE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        assert not died(tmp_path, ONE)
        process.send_signal(signal.SIGKILL)
    assert died(tmp_path, ONE)


def test_the_dead_are_forgotten_after_a_week_the_living_never(tmp_path: Path) -> None:
    with present(tmp_path, ONE):
        pass
    with present(tmp_path, TWO):
        for path in tmp_path.glob("*.lock"):
            past = path.stat().st_mtime - KEPT_S - 1
            os.utime(path, (past, past))
        with present(tmp_path, named("three")):
            assert not died(tmp_path, ONE), "nobody knows any more"
            assert not (tmp_path / f"{ONE}.lock").exists()
            assert (tmp_path / f"{TWO}.lock").exists()
