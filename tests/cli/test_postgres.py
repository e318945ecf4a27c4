"""The program as a whole: its own process, the embedded database, a real log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventstore.embedded.postgres import EmbeddedPostgres
from tests.cli.program import ROOT, answered, ghostproof, tell
from tests.doubles.story import Story

pytestmark = pytest.mark.postgres


async def test_an_incident_is_read_from_a_real_log(open_dir: Path) -> None:
    story = Story()
    story.replied("marta")
    story.haunted()
    server = EmbeddedPostgres(open_dir / ".ghostproof")
    server.keep()
    try:
        await tell(open_dir, story)
        explained = answered(open_dir, "why", "c-marta")
        assert (explained["verdict"], explained["missing"]) == ("explained", [])
        audit = answered(open_dir, "audit")
        assert audit["ok"] is True
        assert audit["events"] > len(story.rows)
        checked = {one["id"]: one["checked"] for one in audit["invariants"]}
        assert checked["I24"] == audit["events"]
        assert checked["I25"] > 0
        assert answered(open_dir, "drift")["ok"] is True
        assert answered(open_dir, "rebuild", "permits")["rebuilt"] == [
            {"account": "garden", "rows": 1}
        ]
        live = answered(open_dir, "show", "permits")["rows"]
        assert live == answered(open_dir, "show", "permits", "--at", "2999-01-01")["rows"]
        assert answered(open_dir, "where")["accounts"] == ["garden", "system"]
        stopped = answered(open_dir, "stop-posting", "--why", "drill")
        assert stopped["positions"] == {"garden": len(story.rows)}
        assert answered(open_dir, "allow-posting", "--why", "over")["type"] == "posting_allowed"
        assert ghostproof(open_dir, "why", "c-ghost").returncode == 1
        certified = ghostproof(open_dir, "certify", "--json")
        assert (certified.returncode, certified.stderr) == (2, "")
    finally:
        server.stop()


def test_a_command_leaves_no_server_behind(open_dir: Path) -> None:
    assert ghostproof(open_dir, "db", "migrate").returncode == 0
    done = ghostproof(open_dir, "why", "c-marta")
    assert (done.returncode, done.stdout) == (3, "")
    assert "error: the log has no account yet\n→ `ghostproof run`" in done.stderr
    assert not EmbeddedPostgres(open_dir / ".ghostproof").running()


def test_output_that_nobody_reads_ends_quietly(open_dir: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "edge.cli.main", "catalogue", "--json"],
        cwd=open_dir,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
