"""The demo's own use of the command line: what is printed is what anybody gets who types it."""

from __future__ import annotations

import asyncio
import shlex
import sys

from edge.demo.watching import DemoFailed


async def ghostproof(*arguments: str, exits: int = 0) -> None:
    """Run one command, print it and what it prints.

    Raises:
        DemoFailed: its exit code is another than `exits`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "edge.cli.main",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    words = " ".join(["ghostproof", *(shlex.quote(one) for one in arguments)])
    sys.stdout.write(f"\n$ {words}\n{printed.decode()}")
    sys.stdout.flush()
    if process.returncode != exits:
        message = f"`{words}` ended with {process.returncode}, not {exits}"
        raise DemoFailed(message, remedy="its output above says why")
