"""`ghostproof run` in its own process: it answers before its database, and ends when told."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.program import ROOT
from tests.health.http import AWAY

TIMEOUT_S = 60
LISTENING = re.compile(r"^\[HEALTH\] ✅ Listening on 127\.0\.0\.1:(\d+)$")
ACCOUNT = (
    '[health]\nhost = "127.0.0.1"\n[accounts.me]\nhandle = "me"\nbase_url = "http://[::1]:1"\n'
)


@contextmanager
def running(folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the worker; it is gone afterwards."""
    (folder / "ghostproof.toml").write_text(ACCOUNT)
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "GIT_SHA": "test"}
    with subprocess.Popen(
        [sys.executable, "-m", "edge.cli.main", "run"],
        cwd=folder,
        env=known | dict(environment),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(port: int, path: str) -> tuple[int, Any]:
    """Ask for a page; return its status and JSON."""
    url = f"http://127.0.0.1:{port}{path}"
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, json.load(answer)


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """Return the next line on stderr with these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if re.search(words, line))


def test_it_waits_for_its_database_answering_meanwhile(tmp_path: Path) -> None:
    with running(tmp_path, {"PORT": "0", "DATABASE_URL": AWAY}) as process:
        assert process.stderr is not None
        said = LISTENING.match(process.stderr.readline().rstrip())
        assert said, "the first line of all"
        waiting = line_with(process, "waiting for the database")
        port = int(said[1])
        assert asked(port, "/health")[0] == 200
        status, answer = asked(port, "/ready")
        assert (status, answer["phase"]) == (503, "waiting")
        assert "hidden-word" not in waiting + str(answer)
        process.send_signal(signal.SIGTERM)
        line_with(process, "nothing was begun")
        assert process.wait(TIMEOUT_S) == 0


def test_a_busy_port_ends_it_before_anything_was_begun(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with running(tmp_path, {"PORT": port}) as process:
            _, said = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 3
    assert said.startswith(f"error: port {port} on 127.0.0.1 is taken")
    assert "set PORT to another" in said
    assert not (tmp_path / ".ghostproof").exists()
