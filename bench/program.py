"""The program as a whole: third reply of the demo, `why` as a command, a worker that idles.

Run it alone on the machine: ``python bench/program.py``. It prints seconds, milliseconds and
megabytes of this machine, each beside its target.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

CHECKOUT = Path(__file__).resolve().parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(CHECKOUT)}
WHY_RUNS = 15
SETTLE_S = 45.0
IDLE_S = 60.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
COMMAND = (sys.executable, "-m", "edge.cli.main")


def main() -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="gp-bench-"))
    folder.chmod(0o755)
    try:
        url = demo(folder)
        why(folder, url)
        idle(folder)
        restart(folder)
    finally:
        shutil.rmtree(folder)


def demo(folder: Path) -> str:
    """Play the demo; returns a reply's address."""
    ghostproof(folder, "sandbox", "install")
    began = time.monotonic()
    printed = ghostproof(folder, "demo").stdout
    took_s = time.monotonic() - began
    posted = re.findall(r"^ *([\d.]+) s .*posted and seen: (\S+)", printed, re.MULTILINE)
    print(f"third reply confirmed  {float(posted[2][0]):7.1f} s   target  90 s")
    print(f"whole demo             {took_s:7.1f} s")
    return str(posted[0][1])


def why(folder: Path, url: str) -> None:
    """Time `why` as a whole command, with the server up and from cold."""
    cold = [timed(folder, url) for _ in range(WHY_RUNS)]
    ghostproof(folder, "db", "start")
    warm = [timed(folder, url) for _ in range(WHY_RUNS)]
    ghostproof(folder, "db", "stop")
    print(f"why, median            {statistics.median(warm):7.0f} ms  target 300 ms")
    print(f"why, server cold       {statistics.median(cold):7.0f} ms")


def timed(folder: Path, url: str) -> float:
    """Return one command's wall time in milliseconds."""
    began = time.monotonic()
    ghostproof(folder, "why", url, "--json")
    return (time.monotonic() - began) * 1000


def idle(folder: Path) -> None:
    """Measure a worker that has nothing to do: CPU and memory of its own process."""
    ghostproof(folder, "init")
    forum = start(folder, "sandbox", "serve")
    worker = start(folder, "run")
    try:
        time.sleep(SETTLE_S)
        before = cpu_s(worker.pid)
        time.sleep(IDLE_S)
        share = (cpu_s(worker.pid) - before) / IDLE_S
        resident = int(Path(f"/proc/{worker.pid}/statm").read_text().split()[1]) * PAGE_BYTES
        print(f"idle worker            {share * 100:7.2f} %   target   2 % of a core")
        print(f"idle worker            {resident / 1e6:7.0f} MB  target 200 MB")
    finally:
        for process in (worker, forum):
            process.send_signal(signal.SIGTERM)
            process.wait()


def restart(folder: Path) -> None:
    """Kill a worker, and time the next one until `/ready` says so."""
    forum = start(folder, "sandbox", "serve")
    first = start(folder, "run")
    url = json.loads(ghostproof(folder, "where", "--json").stdout)["health_url"]
    ready(url)
    first.kill()
    first.wait()
    began = time.monotonic()
    second = start(folder, "run")
    try:
        ready(url)
        print(f"restart to ready       {time.monotonic() - began:7.1f} s   target  10 s")
    finally:
        for process in (second, forum):
            process.send_signal(signal.SIGTERM)
            process.wait()


def ready(url: str) -> None:
    """Wait until the worker whose `/health` this is says that it is ready."""
    while True:
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(url.replace("/health", "/ready"), timeout=1).is_success:
                return
        time.sleep(0.05)


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def ghostproof(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    command = [*COMMAND, *arguments]
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command that goes on."""
    command = [*COMMAND, *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    print(json.dumps({"cpus": os.cpu_count()}))
    main()
