"""Which build runs: named by whoever deploys it, else by its own checkout, else by nobody."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from edge.settings import build
from edge.settings.build import git_sha
from schema.builds import UNKNOWN


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let nobody have said which build it is."""
    monkeypatch.delenv("GIT_SHA", raising=False)
    return monkeypatch


def checkout(folder: Path, file: str) -> str:
    """Commit one file in a repository of its own; return the commit."""

    def git(*arguments: str) -> str:
        me = ("-c", "user.name=me", "-c", "user.email=me@localhost")
        done = subprocess.run(
            ["git", *me, *arguments], cwd=folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    (folder / file).write_text("")
    git("init", "--quiet")
    git("add", file)
    git("commit", "--quiet", "--message", "one file")
    return git("rev-parse", "HEAD")


def installed_in(folder: Path, nameless: pytest.MonkeyPatch) -> None:
    nameless.setattr(build, "__file__", str(folder / "build.py"))


def test_the_programs_own_checkout_names_it(tmp_path: Path, nameless: pytest.MonkeyPatch) -> None:
    commit = checkout(tmp_path, "build.py")
    installed_in(tmp_path, nameless)
    assert git_sha() == commit


def test_a_strangers_checkout_around_it_does_not(
    tmp_path: Path, nameless: pytest.MonkeyPatch
) -> None:
    checkout(tmp_path, "theirs.py")
    installed_in(tmp_path, nameless)
    assert git_sha() == UNKNOWN


def test_a_git_that_hangs_is_not_waited_for(tmp_path: Path, nameless: pytest.MonkeyPatch) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    nameless.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    nameless.setattr(build, "GIT_TIMEOUT_S", 0.05)
    assert git_sha() == UNKNOWN


@pytest.mark.parametrize("said", ["", None])
def test_an_empty_name_is_none(said: str | None, nameless: pytest.MonkeyPatch) -> None:
    nameless.setenv("GIT_SHA", "")
    nameless.setenv("PATH", "/nowhere")
    assert git_sha(said) == UNKNOWN


def test_what_the_settings_say_comes_first(nameless: pytest.MonkeyPatch) -> None:
    nameless.setenv("GIT_SHA", "of the environment")
    assert git_sha("of the settings") == "of the settings"
    assert git_sha() == git_sha("") == "of the environment"
