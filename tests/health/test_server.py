"""The server: up before the database, in a thread of its own, and never two on one port."""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette

from edge.addresses import FORUM, address_of, kept_address
from edge.cli import doctor
from edge.cli.looks import LOOKS
from edge.health.listening import bound
from edge.health.looking import Look
from edge.health.opening import open_health
from edge.health.server import HealthServer
from edge.health.vitals import Phase, State
from edge.settings.settings import Settings
from eventstore import connection
from schema.errors import BadSettings, PortInUse
from tests.cli.conftest import Ask
from tests.health.http import AWAY, served


@pytest.mark.parametrize("path", ["/", "/health"])
async def test_a_process_is_alive_without_its_database(path: str) -> None:
    async with served() as server:
        answer = await server.get(path)
    assert answer.status == 200
    assert answer.json["alive"] is True
    assert (answer.json["version"], answer.json["git_sha"]) == ("9.9", "c0ffee")


async def test_not_ready_says_why_and_what_to_do_without_the_password() -> None:
    async with served() as server:
        server.vitals.state = State(Phase.WORKING)
        answer = await server.get("/ready")
    assert answer.status == 503
    assert answer.json["ready"] is False
    [reason] = answer.json["reasons"]
    assert "no connection to 127.0.0.1:1/nowhere" in reason["reason"]
    assert "check DATABASE_URL" in reason["remedy"]
    assert "hidden-word" not in answer.body


async def test_figures_without_a_database_say_that_it_is_away() -> None:
    async with served() as server:
        metrics = await server.get("/metrics")
        figures = await server.get("/api/metrics")
    assert "ghostproof_database_up 0.0" in metrics.body
    assert "ghostproof_ready 0.0" in metrics.body
    assert figures.json["metrics"]["ghostproof_database_up"] == [{"value": 0}]
    assert "no connection" in figures.json["reason"]


async def test_a_fault_of_ours_is_a_page_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*, counting: bool = False) -> Look:
        raise ZeroDivisionError("words of a page")

    async with served() as server:
        monkeypatch.setattr(server.looker, "look", broken)
        answer = await server.get("/ready")
        assert (await server.get("/health")).status == 200
    assert answer.status == 500
    assert answer.json == {"error": "this page failed", "remedy": "the worker's log says why"}


async def test_a_blocked_worker_does_not_keep_the_server_from_answering() -> None:
    answered = threading.Event()

    async with served() as server:

        def probe() -> None:
            if server._ask("GET", "/health").status == 200:
                answered.set()

        threading.Thread(target=probe).start()
        # this blocks the loop that the worker would run on, until the answer is there
        assert answered.wait(timeout=30)


async def test_a_database_that_hangs_does_not_keep_a_process_from_being_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT_S", 2)  # the least that libpq takes
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/x"
        async with served(url) as server:
            ready = asyncio.create_task(server.get("/ready"))
            taken, _ = await asyncio.to_thread(silent.accept)  # it asks now, and waits
            alive = await server.get("/health")
            assert (alive.status, ready.done()) == (200, False)
            assert (await ready).status == 503
            taken.close()


def test_a_busy_port_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=f"port {port} on 127.0.0.1 is taken") as refused:
            bound("127.0.0.1", port)
    assert "PORT" in refused.value.remedy
    assert "enabled = false" in refused.value.remedy


def test_a_host_of_another_machine_is_refused() -> None:
    with pytest.raises(BadSettings, match=r"cannot listen on 192\.0\.2\.1:0"):
        bound("192.0.2.1", 0)


class Bound(socket.socket):
    """A socket that says that it listens at an address which this machine may not have."""

    address: tuple[str, int]

    def getsockname(self) -> tuple[str, int]:
        return self.address


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:3000/health"),
        ("0.0.0.0", "http://127.0.0.1:3000/health"),  # noqa: S104 -- as it is set by default
        ("::", "http://127.0.0.1:3000/health"),
        ("::1", "http://[::1]:3000/health"),
    ],
)
def test_a_server_is_reached_from_its_machine_whatever_it_listens_at(host: str, url: str) -> None:
    with Bound() as listening:
        listening.address = (host, 3000)
        assert HealthServer(listening, Starlette()).url == url


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "health": {"enabled": False}})
    before = threading.active_count()
    with open_health(settings) as health:
        assert (health.url, threading.active_count()) == (None, before)


def test_it_listens_as_the_settings_say_and_ends_with_the_worker(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "data_dir": tmp_path,
            "database": {"url": AWAY},
            "health": {"host": "127.0.0.1", "port": 0},
        }
    )
    with open_health(settings) as health, kept_address(tmp_path, health.url):
        assert health.url is not None
        port = int(health.url.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=30):
            pass
        assert address_of(tmp_path) == health.url
    assert address_of(tmp_path) is None
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", port), timeout=30)


def test_where_names_the_port_that_a_worker_has(
    ask: Ask, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def url() -> object:
        return ask("where", "--json").json["health_url"]

    assert url() == "http://127.0.0.1:3000/health"
    monkeypatch.setenv("PORT", "0")
    assert url() is None
    with kept_address(clean / ".ghostproof", "http://127.0.0.1:4711/health"):
        assert url() == "http://127.0.0.1:4711/health"


def test_where_names_the_forum_that_runs_here_unless_the_settings_name_a_site(
    ask: Ask, clean: Path
) -> None:
    def url() -> object:
        return ask("where", "--json").json["site_url"]

    assert url() == "http://127.0.0.1:8020"
    with kept_address(clean / ".ghostproof", "http://127.0.0.1:4711", FORUM):
        assert url() == "http://127.0.0.1:4711"
        site = '[accounts.garden]\nhandle = "me"\nbase_url = "http://127.0.0.1:9"\n'
        (clean / "ghostproof.toml").write_text(site)
        assert url() == "http://127.0.0.1:9"


def test_doctor_says_whether_the_port_is_free(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LOOKS", {"health": LOOKS["health"]})
    monkeypatch.setenv("PORT", "0")
    assert "ok   health: any free port" in ask("doctor").out
    with socket.create_server(("0.0.0.0", 0)) as other:  # noqa: S104 -- as the worker would
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        answer = ask("doctor")
    assert (answer.code, "is taken" in answer.out, "set PORT" in answer.out) == (1, True, True)


@pytest.mark.parametrize("left", [b"", b"{", b'{"pid":0.5,"url":1}', b'{"pid":99999999,"url":"x"}'])
def test_an_address_that_a_killed_worker_left_is_not_believed(left: bytes, tmp_path: Path) -> None:
    (tmp_path / "health.json").write_bytes(left)
    assert address_of(tmp_path) is None
