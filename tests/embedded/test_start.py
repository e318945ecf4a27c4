"""Starting works from every state that a crash may leave, or says why not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from edge.database.preparing import make_database
from eventstore.embedded.errors import EmbeddedFailed, EmbeddedNotAllowed, EmbeddedVersionMismatch
from eventstore.embedded.postgres import EmbeddedPostgres
from tests.embedded.conftest import ask

pytestmark = pytest.mark.postgres

FIRST_AT_ONCE = 6


@pytest.fixture
def stopped(server: EmbeddedPostgres) -> EmbeddedPostgres:
    """Give a server that ran before."""
    server.start()
    server.stop()
    return server


@pytest.fixture
def stranger() -> Iterator[int]:
    """Give the pid of a program that is not PostgreSQL."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        yield process.pid


def test_the_server_is_durable_and_closed_to_the_network(server: EmbeddedPostgres) -> None:
    with server.lease() as url:
        assert ask(url, "show fsync") == "on"
        assert ask(url, "show synchronous_commit") == "on"
        assert ask(url, "show full_page_writes") == "on"
        assert ask(url, "show data_checksums") == "on"
        assert ask(url, "show listen_addresses") == ""
        assert ask(url, "show server_encoding") == "UTF8"
        assert (server.data_dir / "postgres.socket").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("pid", [2**22 - 1, None], ids=["nobody's", "a stranger's"])
def test_a_stale_pid_file_does_not_matter(
    stopped: EmbeddedPostgres, stranger: int, pid: int | None
) -> None:
    cluster = stopped.data_dir / "postgres"
    lines = [str(pid or stranger), str(cluster), "1", "5432", "", "", "1 1", "ready"]
    (cluster / "postmaster.pid").write_text("\n".join(lines))
    assert not stopped.running()
    with stopped.lease() as url:
        assert ask(url, "select 1") == 1


def test_a_half_made_data_directory_is_made_anew(fresh: EmbeddedPostgres) -> None:
    half = fresh.data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with fresh.lease() as url:
        assert ask(url, "select 1") == 1
    assert not half.exists()


def test_a_long_path_gets_a_short_private_socket(open_dir: Path) -> None:
    server = EmbeddedPostgres(open_dir / ("deep" * 30) / "data")
    with server.lease() as url:
        socket_dir = Path(str(ask(url, "show unix_socket_directories")))
        assert len(str(socket_dir)) < 80
        assert socket_dir.stat().st_mode & 0o777 == 0o700
    assert not socket_dir.exists()


def test_data_of_another_version_is_refused_by_name(stopped: EmbeddedPostgres) -> None:
    (stopped.data_dir / "postgres/PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedVersionMismatch, match="PostgreSQL 16's, the programs are 18"):
        stopped.start()


def test_a_server_that_does_not_start_shows_its_log(stopped: EmbeddedPostgres) -> None:
    (stopped.data_dir / "postgres/postgresql.conf").write_text("nonsense_setting = 1\n")
    with pytest.raises(EmbeddedFailed, match="nonsense_setting"):
        stopped.start()
    assert not stopped.running()


def test_a_directory_that_cannot_be_made_is_refused_by_name(open_dir: Path) -> None:
    (open_dir / "file").touch()
    with pytest.raises(EmbeddedNotAllowed, match=r"cannot make .*/file/data"):
        EmbeddedPostgres(open_dir / "file/data").start()


def test_a_database_is_cloned_from_a_template(server: EmbeddedPostgres) -> None:
    with server.lease():
        template = server.create_database("template_of_ours")
        with psycopg.connect(template, autocommit=True) as connection:
            connection.execute("create table word as select 'ghost' as word")
        clone = server.create_database("clone", template="template_of_ours")
        assert ask(clone, "select word from word") == "ghost"
        server.drop_database("clone")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            ask(clone, "select 1")


def test_the_first_processes_may_make_its_database_at_the_same_time(
    server: EmbeddedPostgres,
) -> None:
    with server.lease(), ThreadPoolExecutor(FIRST_AT_ONCE) as pool:
        together = Barrier(FIRST_AT_ONCE)

        def create(_: int) -> None:
            together.wait()
            make_database(server, "ours")

        list(pool.map(create, range(FIRST_AT_ONCE)))
        make_database(server, "ours")  # and who comes later
        assert ask(server.url("ours"), "select 1") == 1
