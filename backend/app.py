"""The composition root: the only file that knows every part."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from backend.clients import wecom
from backend.clients.files import Files
from backend.clients.redis import Redis
from backend.core import audit, cpu, crypto, db
from backend.core.ports import Ports
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.load import load_calendar
from backend.features.accounts import routes as accounts
from backend.features.accounts.whoever import identify as signed_in
from backend.features.areas import routes as areas
from backend.features.areas.shapes import Buildings
from backend.features.catalogue import routes as catalogue
from backend.features.catalogue import store as versions
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import routes as connectors
from backend.features.connectors.feeds import Feeds
from backend.features.documents import routes as documents
from backend.features.documents.office import Office
from backend.features.ledgers import routes as ledgers
from backend.features.ledgers.mentions import LedgerMentions
from backend.features.materials import routes as materials
from backend.features.registers import routes as registers
from backend.features.registers.shapes import Mentions, Sources
from backend.features.registers.store.buildings import StandingBuildings
from backend.features.returns import routes as returns
from backend.reactions import AFTER
from backend.settings import HOME, Settings
from backend.tables import TABLES
from backend.web import static
from backend.web.health import health
from backend.web.limits import Allowance, limited
from backend.web.middleware import dressing, observe
from backend.web.openapi import document
from backend.web.session import Whoever, identify
from backend.work import Worker

ENDPOINTS = [
    *areas.ENDPOINTS,
    *accounts.ENDPOINTS,
    *catalogue.ENDPOINTS,
    *registers.ENDPOINTS,
    *connectors.ENDPOINTS,
    *ledgers.ENDPOINTS,
    *materials.ENDPOINTS,
    *returns.ENDPOINTS,
    *documents.ENDPOINTS,
]

FORMS = HOME / "forms"
SCREENS = HOME / "miniapp"
PHONE, DESK = SCREENS / "phone/dist/build/h5", SCREENS / "console/dist"
PORTS = web.AppKey("ports", Ports)


def build(
    settings: Settings, *, whoever: Whoever = signed_in, allowance: Allowance | None = None
) -> web.Application:
    """The web application with all its endpoints, wired to real parts by the settings."""
    ports = ports_of(settings)
    redis = Redis(settings.redis_url.get_secret_value() if settings.redis_url else None)

    async def open_parts(_: web.Application) -> AsyncIterator[None]:
        async with opened(settings, ports):
            # forms, code and tables stay for good: no collection need look at them again
            gc.collect()
            gc.freeze()
            gc.set_threshold(5000, 20, 20)
            yield
        await redis.close()

    limits = limited(allowance or redis, proxies=settings.trusted_proxies)
    middlewares = [observe, identify(whoever), limits]
    app = web.Application(middlewares=middlewares, client_max_size=2 << 20)
    app.on_response_prepare.append(dressing(secure=settings.secure))
    app[PORTS] = ports
    app.cleanup_ctx.append(open_parts)
    app.add_routes([web.route(e.method, e.path, e.handler(ports)) for e in ENDPOINTS])
    app.add_routes(health(openapi))
    app.add_routes(static.screens(PHONE, DESK))
    return app


def ports_of(settings: Settings) -> Ports:
    """What use cases ask for by type; the worker builds the same."""
    forms = Catalogue.read([FORMS, *settings.forms_extra])
    calendar = load_calendar(*(folder / "calendar" for folder in (FORMS, *settings.forms_extra)))
    ports = Ports({Settings: settings, Catalogue: forms, Calendar: calendar})
    ports[Feeds] = Feeds.read([FORMS, *settings.forms_extra], forms, settings.feeds_file)
    ports[Sources] = Sources({feed.key: feed.label for feed in ports[Feeds].by_key.values()})
    ports[Mentions] = LedgerMentions(forms)
    ports[Buildings] = StandingBuildings()
    ports[Office] = Office.open(HOME / "templates")
    ports[Files] = _files(settings)
    ports[wecom.Wecom] = wecom.connect(settings.corps_file, settings.redis_url)
    return ports


def _files(settings: Settings) -> Files:
    key, secret = (
        s.get_secret_value() if s else "" for s in (settings.files_key, settings.files_secret)
    )
    return Files(settings.files_url, settings.var / "files", key, secret)


@asynccontextmanager
async def opened(settings: Settings, ports: Ports) -> AsyncIterator[None]:
    """The parts that every process holds open: keys, the database, the stored form versions."""
    if settings.keys_file is None or settings.database_url is None:
        raise ValueError("a key ring and a database are needed; see ./jucun check settings")
    crypto.use(crypto.Keys.read(settings.keys_file))
    audit.follow(set(AFTER))
    cpu.start(1)
    try:
        async with db.database(settings.database_url.get_secret_value(), TABLES, settings.pool):
            forms = ports[Catalogue]
            await versions.keep(list(forms.forms.values()))
            forms.remember(await versions.versions())
            yield
    finally:
        cpu.stop()
        await ports[Feeds].outside.close()
        ports[wecom.Wecom].close()


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[Worker]:
    """A worker with everything its reactions and jobs ask for."""
    ports = ports_of(settings)
    async with opened(settings, ports):
        yield Worker(ports, hands=settings.hands)


def openapi() -> dict[str, Any]:
    """The contract, for the front ends and `python -m backend openapi`."""
    return document(ENDPOINTS)
