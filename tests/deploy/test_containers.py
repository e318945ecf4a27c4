"""The container's files fit the program: what they set, run and wait for exists.

No container is built here; the files are read.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import playwright
import pytest
import yaml  # type: ignore[import-untyped]

from edge.cli.commands import COMMANDS
from edge.settings.layers import VARIABLES
from edge.settings.settings import load_settings
from edge.worker.worker import DRAIN_S

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def variables_of(name: str) -> dict[str, str]:
    """Return what an example of an environment file sets."""
    lines = (ROOT / "deploy" / f"{name}.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


LIBRARIES = {"libatomic.so.1": "libatomic1"}
"""Library -> Debian's package, where the base image has none."""

OF_THE_BASE = {"ld-linux", "libc", "libdl", "libgcc_s", "libm", "libpthread", "libstdc++", "linux"}


@pytest.mark.skipif(sys.platform != "linux", reason="the image is Linux")
def test_the_image_has_every_library_of_the_browsers_driver() -> None:
    node = Path(playwright.__file__).parent / "driver" / "node"
    said = subprocess.run(["ldd", node], capture_output=True, text=True, check=True).stdout
    needed = {Path(line.split()[0]).name for line in said.splitlines()}
    strange = {
        name
        for name in needed
        if re.split(r"[.-](?=so|x86|aarch|vdso)", name)[0] not in OF_THE_BASE
    }
    assert {LIBRARIES[name] for name in strange} <= installed()


def installed() -> set[str]:
    """Return the packages that the image adds to its base."""
    [names] = re.findall(r"apt-get install -y --no-install-recommends (.*) \\\n", DOCKERFILE)
    return set(names.split())


def test_settings_that_are_not_there_are_an_error_and_no_empty_folder() -> None:
    mounts = [one for one in SERVICES["worker"]["volumes"] if isinstance(one, dict)]
    assert [(one["target"], one["read_only"], one["bind"]) for one in mounts] == [
        ("/data/ghostproof.toml", True, {"create_host_path": False})
    ]


def seconds(text: str) -> int:
    """Return a duration as compose writes it."""
    return int(text.removesuffix("s"))


def test_a_drain_ends_before_the_container_is_killed() -> None:
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > DRAIN_S


def test_the_worker_waits_for_a_database_that_is_up_and_migrated() -> None:
    assert SERVICES["worker"]["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert SERVICES["database"]["healthcheck"]["test"][1] == "pg_isready"
    assert SERVICES["migrate"]["entrypoint"] == ["ghostproof", "db", "migrate"]


def test_the_database_is_supported_and_kept() -> None:
    image, version = SERVICES["database"]["image"].split(":")
    assert (image, int(version) >= 15) == ("postgres", True)
    mounts = [one for name in SERVICES for one in SERVICES[name].get("volumes", ())]
    volumes = {one.split(":")[0] for one in mounts if isinstance(one, str)}
    assert COMPOSE["volumes"].keys() <= volumes


@pytest.mark.parametrize("name", ["worker", "database"])
def test_an_example_sets_what_the_program_reads(name: str, tmp_path: Path) -> None:
    own = {"POSTGRES_PASSWORD"}
    found = variables_of(name)
    assert found.keys() - own <= VARIABLES.keys()
    load_settings({key: value for key, value in found.items() if key not in own}, tmp_path)


def test_the_worker_never_sees_the_administrator() -> None:
    assert SERVICES["worker"]["env_file"] == "deploy/worker.env"
    assert not {"DATABASE_ADMIN_URL", "POSTGRES_PASSWORD"} & variables_of("worker").keys()


def test_no_secret_is_in_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert "deploy/*.env" in ignored
    assert list((ROOT / "deploy").glob("*.env")) == []


def test_the_image_runs_as_somebody_and_knows_its_build() -> None:
    assert re.search(r"^USER ghostproof$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^ARG GIT_SHA", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^ENV GIT_SHA=\$GIT_SHA PORT=3000", DOCKERFILE, re.MULTILINE)
    [build] = {str(one["build"]) for one in SERVICES.values() if "build" in one}
    assert "GIT_SHA" in build


def test_the_image_is_asked_for_its_health_without_further_programs() -> None:
    [asked] = re.findall(r"^HEALTHCHECK.*\\\n  CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    program, flag, code = yaml.safe_load(asked)
    assert (program, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/health" in code


def test_the_image_copies_every_package() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages | {"pyproject.toml"} <= allowed


def test_the_image_runs_a_command_that_exists() -> None:
    [entry] = re.findall(r"^ENTRYPOINT (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert yaml.safe_load(entry)[-2:] == ["ghostproof", "run"]
    assert {"run", "db"} <= COMMANDS.keys()
