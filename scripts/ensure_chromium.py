"""Make sure that there is a Chromium which starts: the system's, Playwright's own, or Debian's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOAD_TIMEOUT_S = 600
APT = ("apt-get", "-o", "Dpkg::Use-Pty=0")
ADVICE = """\
no Chromium could be found or installed; do one of these and run again:
  Debian, Ubuntu   sudo apt-get install chromium
  elsewhere        .venv/bin/playwright install --with-deps chromium"""


def main() -> int:
    """Try the cheap ways first; 0 when a browser starts, 1 with advice when none does."""
    for way in (system, playwrights_own, download, debian):
        if browser := way():
            print(f"chromium: {browser}", flush=True)
            return 0
    print(ADVICE, file=sys.stderr)
    return 1


def system() -> str | None:
    """Return the first system browser that starts."""
    paths = (shutil.which(name) for name in SYSTEM_NAMES)
    return next((path for path in paths if path and starts(path)), None)


def playwrights_own() -> str | None:
    """Return Playwright's browser if it was downloaded and its libraries are here."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def download() -> str | None:
    """Let Playwright download its browser."""
    print("chromium: none here, downloading Playwright's (170 MB)", flush=True)
    run(sys.executable, "-m", "playwright", "install", "chromium")
    return playwrights_own()


def debian() -> str | None:
    """Install Debian's package, when we may."""
    if os.geteuid() != 0 or not shutil.which(APT[0]):
        return None
    print("chromium: installing Debian's package", flush=True)
    if run(*APT, "update") and run(*APT, "install", "-y", "--no-install-recommends", "chromium"):
        return system()
    return None


def starts(path: str) -> bool:
    """Tell whether a browser can be started at all; a stub or a missing library cannot."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def run(*argv: str) -> bool:
    """Run a program with its output shown, and tell whether it went well."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(argv, env=environment, timeout=DOWNLOAD_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"chromium: {error}", file=sys.stderr)
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
