"""Failpoints: each name stands at one place of the program, and does nothing unless it is asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter

import pytest

from edge.failpoints import CRASH, POINTS, STOP
from tests.torture.forum import CHECKOUT

PASS_BY_TWICE = (
    "from edge.failpoints import at; at('booted'); print('once', flush=True); at('booted')"
)


def placed() -> Counter[str]:
    """Return how often each name is passed in the sources."""
    sources = sorted((CHECKOUT / "edge").rglob("*.py"))
    return Counter(
        name
        for path in sources
        for name in re.findall(r'^\s+at\("(\w+)"\)$', path.read_text(), re.MULTILINE)
    )


COMMAND = [sys.executable, "-c", PASS_BY_TWICE]


def passing(**environment: str) -> subprocess.CompletedProcess[str]:
    """Come by the same point twice."""
    return subprocess.run(
        COMMAND,
        env={"PYTHONPATH": str(CHECKOUT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_named_point_is_passed_at_one_place() -> None:
    assert placed() == Counter(list(POINTS))
    assert len(POINTS) >= 25


@pytest.mark.parametrize("at", ["", "another_point", "booted:3"])
def test_a_point_that_nobody_waits_for_does_nothing(at: str) -> None:
    assert passing(**{CRASH: at, STOP: at}).returncode == 0


@pytest.mark.parametrize(("at", "said"), [("booted", ""), ("booted:2", "once\n")])
def test_a_process_dies_at_the_nth_pass(at: str, said: str) -> None:
    done = passing(**{CRASH: at})
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == said


def test_a_process_freezes_and_goes_on_when_it_is_told() -> None:
    known = {"PYTHONPATH": str(CHECKOUT), STOP: "booted:2"}
    with subprocess.Popen(COMMAND, env=known, stdout=subprocess.PIPE, text=True) as process:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.send_signal(signal.SIGCONT)
        said, _ = process.communicate(timeout=60)
    assert (said, process.returncode) == ("once\n", 0)
