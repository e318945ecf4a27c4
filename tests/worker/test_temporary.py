"""Temporary files: a killed worker's are swept by the next one of its data directory, only its."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.worker.temporary import VARIABLE, left_behind, own_temporary_folder
from schema.errors import BadSettings

LEAVE = """
import pathlib, sys, subprocess
from edge.worker.temporary import own_temporary_folder
with own_temporary_folder(pathlib.Path(sys.argv[1])) as folder:
    child = [sys.executable, "-c", "import tempfile; print(tempfile.mkdtemp())"]
    print(subprocess.check_output(child, text=True).strip(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary files of this test be in a folder of its own."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def worker(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Run another process with a folder of its own; also yield what its child left in there."""
    command = [sys.executable, "-c", LEAVE, str(data_dir)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())


def test_what_a_worker_and_its_children_keep_goes_with_it(data_dir: Path, temporary: Path) -> None:
    with own_temporary_folder(data_dir) as folder:
        assert tempfile.gettempdir() == os.environ[VARIABLE] == str(folder)
        assert Path(tempfile.mkdtemp()).parent == folder
        assert folder.stat().st_mode & 0o777 == 0o700
    assert tempfile.gettempdir() == os.environ[VARIABLE] == str(temporary)
    assert list(temporary.iterdir()) == []


def test_the_next_worker_sweeps_what_a_killed_one_left(data_dir: Path) -> None:
    with worker(data_dir) as (process, left):
        process.send_signal(signal.SIGKILL)
    assert left.is_dir()
    assert left_behind(data_dir) == [left.parent]
    with own_temporary_folder(data_dir):
        assert not left.parent.exists()


def test_a_worker_that_lives_keeps_its_folder(data_dir: Path) -> None:
    with worker(data_dir) as (_, kept):
        assert left_behind(data_dir) == []
        with own_temporary_folder(data_dir):
            assert kept.is_dir()


def test_another_installations_leavings_are_not_ours(data_dir: Path, tmp_path: Path) -> None:
    with worker(data_dir) as (process, left):
        process.send_signal(signal.SIGKILL)
    with own_temporary_folder(tmp_path / "another"):
        assert left.is_dir()


def test_a_folder_that_takes_nothing_is_said_with_what_to_do(
    data_dir: Path, temporary: Path
) -> None:
    temporary.rmdir()
    with (
        pytest.raises(BadSettings, match="no temporary folder") as refused,
        own_temporary_folder(data_dir),
    ):
        pass
    assert VARIABLE in refused.value.remedy
