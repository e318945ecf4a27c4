"""As root the server runs unprivileged, and nothing but its own directories changes hands."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from eventstore.embedded import binaries, places
from eventstore.embedded.errors import EmbeddedMoved
from eventstore.embedded.owner import owner_of
from eventstore.embedded.postgres import EmbeddedPostgres
from tests.embedded.conftest import ask

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else"),
]


@pytest.fixture
def fallback(open_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the fallback location where this test can remove it."""
    fallback = open_dir / "fallback"
    for module in (places, binaries):
        monkeypatch.setattr(module, "FALLBACK", fallback)
    return fallback


@pytest.fixture
def private(open_dir: Path) -> Path:
    """Make a directory that only root can enter."""
    private = open_dir / "private"
    private.mkdir(mode=0o700)
    return private


def test_the_server_has_no_privilege(server: EmbeddedPostgres) -> None:
    with server.lease():
        cluster = server.data_dir / "postgres"
        pid = (cluster / "postmaster.pid").read_text().split()[0]
        status = Path(f"/proc/{pid}/status").read_text()
        ids = re.findall(r"^[UG]id:\t(\d+)\t(\d+)\t(\d+)\t(\d+)$", status, re.MULTILINE)
        assert len(ids) == 2
        assert "0" not in {number for line in ids for number in line}
        assert re.search(r"^Groups:\t\s*$", status, re.MULTILINE)
        assert re.search(r"^CapEff:\t0+$", status, re.MULTILINE)


def test_a_data_directory_keeps_its_owner(open_dir: Path) -> None:
    cluster = open_dir / "postgres"
    cluster.mkdir()
    os.chown(cluster, 4242, 4243)
    owner = owner_of(cluster)
    assert (owner.uid, owner.gid, owner.switch) == (4242, 4243, True)


def test_only_our_own_directories_change_hands(server: EmbeddedPostgres, open_dir: Path) -> None:
    before = {path: path.stat() for path in (open_dir, open_dir.parent)}
    with server.lease():
        pass
    for path, status in before.items():
        assert (path.stat().st_uid, path.stat().st_mode) == (status.st_uid, status.st_mode)
    assert server.data_dir.stat().st_uid == 0


def test_data_in_a_private_directory_is_placed_elsewhere(fallback: Path, private: Path) -> None:
    server = EmbeddedPostgres(private / "data")
    with server.lease() as url:
        assert ask(url, "show data_directory") != str(server.data_dir / "postgres")
    assert private.stat().st_mode & 0o777 == 0o700
    pointer = server.data_dir / "postgres.where"
    assert Path(pointer.read_text().strip()).parent == fallback
    with server.lease() as url:
        assert ask(url, "select 1") == 1


def test_lost_data_is_not_silently_begun_anew(fallback: Path, private: Path) -> None:
    server = EmbeddedPostgres(private / "data")
    with server.lease():
        pass
    shutil.rmtree(fallback)
    with pytest.raises(EmbeddedMoved, match=r"postgres\.where says"):
        server.start()


def test_programs_in_a_private_directory_are_copied_once(
    fallback: Path, private: Path, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = binaries._package()
    for source in (package, package.with_name(f"{package.name}.libs")):
        (private / source.name).symlink_to(source)
    monkeypatch.setattr(binaries, "_package", lambda: private / package.name)
    for _ in range(2):
        with server.lease() as url:
            assert ask(url, "select 1") == 1
    assert len(list(fallback.iterdir())) == 1
