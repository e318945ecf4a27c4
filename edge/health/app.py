"""The pages: alive, ready, figures. None of them shows what was posted, scraped or written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from edge.health import names
from edge.health.looking import Look, Looker
from edge.health.readiness import reasons
from edge.health.samples import Sample, of_process, of_signs, of_totals
from edge.health.vitals import Vitals


@dataclass
class Pages:
    """What every page is made from. `build` is (version, commit)."""

    vitals: Vitals
    looker: Looker
    build: tuple[str, str]
    lag_max: int
    paths: tuple[str, ...] = field(init=False, default=())

    def app(self) -> Starlette:
        """Return the pages at their addresses."""
        pages = {
            "/": self.health,
            "/health": self.health,
            "/ready": self.ready,
            "/metrics": self.metrics,
            "/api/metrics": self.api_metrics,
        }
        self.paths = tuple(pages)
        app = Starlette(
            routes=[Route(path, page) for path, page in pages.items()],
            lifespan=self._looking,
            exception_handlers={HTTPException: self._refused, Exception: _failed},
        )
        app.router.redirect_slashes = False  # it would lead to whatever host the client names
        return app

    async def health(self, request: Request) -> Response:
        """Say that the process lives, whatever else is wrong; asks nobody."""
        del request
        version, git_sha = self.build
        return JSONResponse(
            {
                "alive": True,
                "phase": self.vitals.state.phase,
                "uptime_s": round(self.vitals.uptime_s(), 1),
                "version": version,
                "git_sha": git_sha,
                "paths": self.paths,
            }
        )

    async def ready(self, request: Request) -> Response:
        """Say whether work goes on, and if not why, and what to do."""
        del request
        look = await self.looker.look()
        found = reasons(self.vitals, look, self.lag_max)
        lag = look.signs.lag.values() if look.signs else ()
        answer = {
            "ready": not found,
            "phase": self.vitals.state.phase,
            "reasons": [asdict(one) for one in found],
            "database": look.signs is not None,
            "lag_events_max": max(lag, default=None),
        }
        return JSONResponse(answer, HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK)

    async def metrics(self, request: Request) -> Response:
        """Write the figures for Prometheus."""
        from edge.health.exposition import CONTENT_TYPE_LATEST, as_text  # noqa: PLC0415 -- first scrape

        del request
        _, samples = await self._figures()
        return Response(as_text(samples), media_type=CONTENT_TYPE_LATEST)

    async def api_metrics(self, request: Request) -> Response:
        """Write the latest proof rollup of each account, and the figures, as JSON."""
        from edge.health.exposition import as_json  # noqa: PLC0415 -- as above

        del request
        look, samples = await self._figures()
        rollups = look.signs.rollups if look.signs else {}
        wrong = {} if look.signs else {"reason": look.wrong, "remedy": look.remedy}
        return JSONResponse({"proof": rollups, "metrics": as_json(samples), **wrong})

    @asynccontextmanager
    async def _looking(self, app: Starlette) -> AsyncIterator[None]:
        del app
        try:
            yield
        finally:
            await self.looker.close()

    async def _figures(self) -> tuple[Look, list[Sample]]:
        look = await self.looker.look(counting=True)
        ready = not reasons(self.vitals, look, self.lag_max)
        samples = [*of_process(self.vitals, self.build), Sample(names.READY, (), int(ready))]
        samples.append(Sample(names.DATABASE_UP, (), int(look.signs is not None)))
        if look.signs is not None:
            samples += [*of_signs(look.signs), *of_totals(self.looker.totals)]
        return look, samples

    async def _refused(self, request: Request, error: Exception) -> Response:
        del request
        refused = error if isinstance(error, HTTPException) else HTTPException(500)
        answer = {"error": refused.detail, "paths": self.paths}
        return JSONResponse(answer, refused.status_code, headers=refused.headers)


async def _failed(request: Request, error: Exception) -> Response:
    """Answer for a fault of ours; what it says stays in the log."""
    del request, error
    answer = {"error": "this page failed", "remedy": "the worker's log says why"}
    return JSONResponse(answer, HTTPStatus.INTERNAL_SERVER_ERROR)
