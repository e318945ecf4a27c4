"""Run the double on its own: `python -m edge.model.double --port N`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from edge.model.double.server import ModelDouble


async def serve(port: int, seed: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    double = ModelDouble(port=port, seed=seed)
    url = await double.start()
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    await ended.wait()
    await double.stop()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description="A test double of an OpenAI-compatible endpoint.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other answers")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.seed))


if __name__ == "__main__":
    main()
