"""What the gate costs a page load: p50 and p95 with and without it, in turns, in ms.

`python -m bench.gate [--loads N] [--parts N]`: a page with N parts of 4 KiB from a local site.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from edge.browser.chromium import find_chromium, launch_flags
from edge.gate.client import Gate
from edge.gate.process import Place
from edge.gate.tokens import Role

LIMIT_MS = 15.0
WARM_UP = 10
PART = b"/*" + b"x" * 4_092 + b"*/"


class Parts(BaseHTTPRequestHandler):
    """A page that loads as many scripts as its query says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Serve the page, or one of its parts."""
        path, _, count = self.path.partition("?")
        scripts = "".join(f"<script src=/part{n}.js></script>" for n in range(int(count or 0)))
        page = f"<!doctype html><title>page</title>{scripts}".encode()
        body, kind = (PART, "text/javascript") if path.endswith(".js") else (page, "text/html")
        head = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
        self.send_response(200)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


async def loaded_ms(page: Page, url: str) -> float:
    """Return how long one load takes."""
    began_s = time.perf_counter()
    await page.goto(url, wait_until="load")
    return (time.perf_counter() - began_s) * 1_000


async def in_turns(url: str, loads: int, folder: Path) -> dict[str, list[float]]:
    """Load the page by turns, so that whatever else the machine does hits both alike."""
    origin = url.rpartition("/")[0]
    async with Gate(Place(folder), [origin]) as gate, async_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)

        async def opened(flags: list[str]) -> Browser:
            return await playwright.chromium.launch(executable_path=path, args=launch_flags(flags))

        bare, gated = await opened([]), await opened(gate.flags())
        proxy = gate.proxy(Role.READER)
        pages = {
            "without": await (await bare.new_context()).new_page(),
            "with": await (await gated.new_context(proxy={"server": proxy})).new_page(),
        }
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(WARM_UP + loads):
            for name, page in pages.items():
                times[name].append(await loaded_ms(page, url))
        await bare.close()
        await gated.close()
    return {name: taken[WARM_UP:] for name, taken in times.items()}


def main() -> None:
    """Measure and print; the limit is that of the gate's page in the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=100)
    parser.add_argument("--parts", type=int, default=10)
    given = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Parts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/?{given.parts}"
    with tempfile.TemporaryDirectory() as folder:
        times = asyncio.run(in_turns(url, given.loads, Path(folder)))
    server.shutdown()
    for name, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(f"{name:>8} the gate: p50 {statistics.median(taken):6.1f} ms   p95 {p95:6.1f} ms")
    with_ms, without_ms = statistics.median(times["with"]), statistics.median(times["without"])
    more_ms = with_ms - without_ms
    print(
        f"the gate adds {more_ms:.1f} ms p50, x{with_ms / without_ms:.2f} (limit {LIMIT_MS:g} ms)"
    )


if __name__ == "__main__":
    main()
