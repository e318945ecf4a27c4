"""Building a worker from the settings: its model, its sites, its rules, its performers."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from uuid import uuid4

import structlog

from edge.browser.finding import require_chromium
from edge.clock import SystemClock
from edge.model.voice import Voice
from edge.performers.alert import Alert
from edge.performers.asking import Manner
from edge.performers.click import Click
from edge.performers.contract import Performer, World
from edge.performers.draft import Draft
from edge.performers.fetch import Fetch
from edge.performers.judge import Judge
from edge.performers.metrics import Metrics
from edge.performers.profile import Profile
from edge.performers.spool import Spool
from edge.performers.webhook import Webhook
from edge.settings.build import git_sha
from edge.settings.rules import rules_for
from edge.settings.settings import Settings
from edge.sites.admission import require_fitting_mode, require_signed, require_within_limits
from edge.sites.passwords import password_of
from edge.sites.profile import Profile as SiteProfile
from edge.worker.accounts import Build
from edge.worker.endpoint import opened_model
from edge.worker.lateness import Lateness
from edge.worker.presence import died, present
from edge.worker.sealing import Sealer
from edge.worker.sites import OpenSites, SignIn
from edge.worker.stops import FILE_NAME, FLAG_SAYS, StopWatch
from edge.worker.witness import Witness
from edge.worker.worker import Worker
from schema.builds import UNKNOWN
from schema.contracts import Store
from schema.errors import BadSettings
from schema.events.operations import Job
from schema.ids import Account

log = structlog.get_logger("worker")


@asynccontextmanager
async def built(settings: Settings, store: Store) -> AsyncIterator[Worker]:
    """Yield a worker for every account of the settings; close what it opened afterwards.

    Raises:
        BadSettings: no account, no model endpoint, a password that cannot be read, a site that
            does not go with the mode or takes less than is asked of it, or one whose rules nobody
            signed.
        NoBrowser: there is no Chromium.
    """
    if not settings.accounts:
        raise BadSettings("no account in the settings", remedy="`ghostproof init` writes one")
    accounts = [Account(name) for name in settings.accounts]
    profiles = {account: require_fitting_mode(settings, account) for account in accounts}
    for account, profile in profiles.items():
        require_within_limits(settings, account, profile)
        await require_signed(store, account, profile)
    await require_chromium()
    async with AsyncExitStack() as stack:
        model = await opened_model(settings, stack)
        sites = open_later(settings, profiles, stack)
        build = _build(settings)
        stops = _stop_watch(settings, store, build, stack)
        world = World(
            store=store,
            sites=sites,
            model=model,
            clock=SystemClock(),
            spool=Spool(settings.data_dir / "spool"),
            worker_id=build.worker_id,
            voices={account: voice(settings, account) for account in accounts},
            rules={
                account: rules_for(settings, account, has_form=profile.original is not None)
                for account, profile in profiles.items()
            },
            stops=stops,
        )
        yield _worker(settings, world, build, stops)


def _worker(settings: Settings, world: World, build: Build, stops: StopWatch) -> Worker:
    cadence = {job: getattr(settings.cadence, job) for job in Job}
    lateness = Lateness(world.store, settings.sessions, settings.cadence.watchdog)
    worker = Worker(world, build, performers(settings), cadence, stops, lateness=lateness)
    worker.witness = Witness(world.store, settings.data_dir / "witness")
    worker.sealer = Sealer(world.store, list(world.rules), settings.cadence.proof)
    return worker


def open_later(
    settings: Settings, profiles: Mapping[Account, SiteProfile], stack: AsyncExitStack
) -> OpenSites:
    """Return the sites, none of them open yet; what is opened later ends with the stack.

    Raises:
        BadSettings: a password cannot be read.
    """
    sign_ins = {}
    for account, profile in profiles.items():
        password = partial(password_of, settings, account)
        password()  # one that cannot be read is told before anything begins
        sign_ins[account] = SignIn(profile, settings.account(account).handle, password)
    sites = OpenSites(sign_ins, settings.sessions, settings.data_dir / FILE_NAME)
    stack.push_async_callback(sites.close)
    return sites


def _stop_watch(settings: Settings, store: Store, build: Build, stack: AsyncExitStack) -> StopWatch:
    """Return who sees the flag and the file; other workers see by a lock that this one lives."""
    workers = settings.data_dir / "workers"
    stack.enter_context(present(workers, build.worker_id))
    return StopWatch(
        store,
        flag=settings.posting_held_by_flag,
        says=settings.flag_that_holds or FLAG_SAYS,
        file=settings.data_dir / FILE_NAME,
        worker_id=build.worker_id,
        died=partial(died, workers),
    )


def performers(settings: Settings) -> tuple[Performer, ...]:
    """Return one performer per work queue."""
    model = settings.model
    manner = Manner(model.name, model.temperature, model.top_p, model.max_tokens, model.timeout_s)
    return (
        *(Fetch(), Judge(manner), Draft(manner), Click(settings.mode), Profile(), Metrics()),
        alert_performer(settings),
    )


def alert_performer(settings: Settings) -> Alert:
    """Return who tells people outside, or nobody where no webhook is set."""
    alerts = settings.alerts
    webhook = None
    if alerts.webhook_url is not None and alerts.secret is not None:
        url, secret = alerts.webhook_url.get_secret_value(), alerts.secret.get_secret_value()
        webhook = Webhook(url, secret, alerts.timeout_s)
    return Alert(webhook, tries=alerts.tries, severity_min=alerts.severity_min)


def voice(settings: Settings, account: Account) -> Voice:
    """Return how the account speaks."""
    own = settings.account(account)
    return Voice(
        persona=own.persona,
        languages=own.languages,
        banned_words=own.banned_words,
        chars_max=rules_for(settings, account).draft.length_max,
    )


def _build(settings: Settings) -> Build:
    sha = git_sha(settings.git_sha)
    if sha == UNKNOWN:
        remedy = "set GIT_SHA where the program is deployed"
        log.warning("no probe runs: nobody can say which build this is", remedy=remedy)
    return Build(
        worker_id=uuid4(),
        git_sha=sha,
        version=version("ghostproof"),
        host=socket.gethostname(),
        pid=os.getpid(),
        settings_hash=settings.digest(),
        roles=(
            "folding",
            "ticking",
            "telling",
            *(performer.queue for performer in performers(settings)),
        ),
    )
