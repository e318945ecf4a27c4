"""The server lives from its first user to its last, however they end."""

from __future__ import annotations

import os
import select
import signal
import threading

import psycopg
import pytest

from eventstore.embedded.postgres import EmbeddedPostgres
from tests.embedded.conftest import StartUser, ask, url_of

pytestmark = pytest.mark.postgres


def test_the_only_user_starts_and_stops_the_server(fresh: EmbeddedPostgres) -> None:
    assert not fresh.running()
    with fresh.lease() as url:
        assert fresh.running()
        assert fresh.in_use()
        assert ask(url, "select 1") == 1
    assert not fresh.running()
    assert not fresh.in_use()


def test_what_was_committed_is_there_after_a_restart(server: EmbeddedPostgres) -> None:
    with server.lease() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")
    with server.lease() as url:
        assert ask(url, "select answer from kept") == 42


def test_the_last_of_two_users_stops_the_server(server: EmbeddedPostgres) -> None:
    with server.lease():
        with server.lease():
            pass
        assert server.running()
    assert not server.running()


def test_another_process_keeps_the_server_up(
    server: EmbeddedPostgres, start_user: StartUser
) -> None:
    other = start_user()
    url_of(other)
    with server.lease():
        pass
    assert server.running()
    other.communicate()
    assert not server.running()


def test_a_killed_user_leaves_no_lock(server: EmbeddedPostgres, start_user: StartUser) -> None:
    other = start_user()
    url_of(other)
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert server.running()
    assert not server.in_use()
    with server.lease():
        pass
    assert not server.running()


def test_two_processes_that_start_at_once_share_one_server(
    fresh: EmbeddedPostgres, start_user: StartUser
) -> None:
    first, second = start_user(), start_user()
    urls = {url_of(first), url_of(second)}
    assert urls == {fresh.url()}
    for process in (first, second):
        process.communicate()
        assert process.returncode == 0
    assert not fresh.running()


def test_many_leases_that_end_and_begin_at_once_never_lose_the_server(
    server: EmbeddedPostgres,
) -> None:
    answers: list[object] = []

    def come_and_go() -> None:
        for _ in range(5):
            with server.lease() as url:
                answers.append(ask(url, "select 1"))

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 20
    assert not server.running()


def test_a_kept_server_outlives_its_users_until_it_is_stopped(server: EmbeddedPostgres) -> None:
    server.keep()
    with server.lease():
        pass
    assert server.running()
    server.stop()
    assert not server.running()
    assert not server.kept()


def test_the_server_outlives_a_crash_of_its_own(server: EmbeddedPostgres) -> None:
    with server.lease() as url:
        ask(url, "select 1")
        pid = int((server.data_dir / "postgres/postmaster.pid").read_text().split()[0])
        death = os.pidfd_open(pid)
        signal.pidfd_send_signal(death, signal.SIGKILL)
        select.select([death], [], [])
        os.close(death)
        assert ask(server.start(), "select 1") == 1
