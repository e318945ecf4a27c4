"""Processes: whose children they are and in which state, as the kernel says."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def descendants(pid: int) -> list[int]:
    """Return the children of a process, and theirs."""
    found, waiting = list[int](), [pid]
    while waiting:
        parent = waiting.pop()
        children = []
        for task in PROC.glob(f"{parent}/task/*/children"):
            with suppress(OSError):
                children += [int(child) for child in task.read_text().split()]
        found += children
        waiting += children
    return found


def command_of(pid: int) -> str:
    """Return a process's command line, "" when it is gone."""
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def named(pid: int, *words: str) -> list[int]:
    """Return the descendants whose command line has all these words."""
    return [one for one in descendants(pid) if all(word in command_of(one) for word in words)]


def browsers(pid: int) -> list[int]:
    """Return the browsers below a process, without their own children."""
    found = [one for one in named(pid, "--remote-debugging") if "--type=" not in command_of(one)]
    return [one for one in found if "chrom" in command_of(one).split()[0]]


def gates(pid: int) -> list[int]:
    """Return the gates below a process."""
    return named(pid, "edge.gate")


def state(pid: int) -> str:
    """Return the kernel's letter for a process: T is stopped, "" is gone."""
    with suppress(OSError):
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    return ""


def send(pids: list[int], number: signal.Signals) -> int:
    """Send a signal to those that are still there; return how many were."""
    sent = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            sent += 1
    return sent
