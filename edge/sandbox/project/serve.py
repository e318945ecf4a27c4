"""Serve the forum on a listening socket handed down, until told to stop or the parent is gone."""

# mypy: ignore-errors
# ruff: noqa: PLC0415  the watch on the parent must stand before Django takes its second to load

import os
import signal
import socket
import sys
import threading

THREADS = 8  # a browser opens six connections at once; two more keep the probe answered


def exit_with_parent() -> None:
    """Wait for the end of stdin, which comes when the parent closes it or dies."""
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Serve on the socket whose number is the first argument."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    threading.Thread(target=exit_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

    import waitress
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    listening = socket.socket(fileno=int(sys.argv[1]))
    waitress.serve(StaticFilesHandler(get_wsgi_application()), sockets=[listening], threads=THREADS)


if __name__ == "__main__":
    main()
