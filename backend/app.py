"""The composition root: the only file that knows every part."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from backend.clients import wecom
from backend.clients.files import Files
from backend.clients.redis import Redis
from backend.clients.wechat import Wechat
from backend.core import audit, cpu, crypto, db
from backend.core.ports import Ports, wired
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.load import load_calendar
from backend.engine.orders.rates import Yardstick, read_yardstick
from backend.engine.sensors.measures import Measures
from backend.engine.sensors.read_measures import read_measures
from backend.features.accounts import routes as accounts
from backend.features.accounts.shapes import Heard
from backend.features.accounts.whoever import identify as signed_in
from backend.features.areas import routes as areas
from backend.features.areas.shapes import Buildings
from backend.features.boards import routes as boards
from backend.features.catalogue import routes as catalogue
from backend.features.catalogue import store as versions
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import routes as connectors
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.gathering import Gathering
from backend.features.connectors.takers import Registers, Takers
from backend.features.documents import routes as documents
from backend.features.documents.office import Office
from backend.features.duty import routes as duty
from backend.features.duty.actions import calling
from backend.features.duty.plan import Plan
from backend.features.feedback import routes as feedback
from backend.features.ledgers import routes as ledgers
from backend.features.ledgers.mentions import LedgerMentions
from backend.features.ledgers.passing import Orders
from backend.features.materials import routes as materials
from backend.features.notices import cards
from backend.features.notices.shapes import CardActs
from backend.features.orders import cards as order_card
from backend.features.orders import feeding
from backend.features.orders import routes as orders
from backend.features.orders.handbook import Handbook
from backend.features.orders.passed import Pool
from backend.features.orders.store import units
from backend.features.registers import routes as registers
from backend.features.registers.shapes import Mentions, Sources
from backend.features.registers.store.buildings import StandingBuildings
from backend.features.returns import routes as returns
from backend.features.sensors import registering
from backend.features.sensors import routes as sensors
from backend.features.sensors.hearing import Ears
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
    *orders.ENDPOINTS,
    *sensors.ENDPOINTS,
    *documents.ENDPOINTS,
    *duty.ENDPOINTS,
    *feedback.ENDPOINTS,
    *boards.ENDPOINTS,
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
    folders = [FORMS, *settings.forms_extra]
    ports[Handbook] = Handbook.read(folders, calendar)
    ports[Yardstick] = read_yardstick(folders)
    ports[Measures] = measures_of(ports[Handbook])
    ports[Feeds] = Feeds.read(folders, forms, settings.feeds_file, takers_of(ports))
    ports[Gathering] = Gathering()
    ports[Sources] = Sources({feed.key: feed.label for feed in ports[Feeds].by_key.values()})
    ports[Mentions] = LedgerMentions(forms)
    ports[Orders] = Pool(ports[Handbook])
    ports[Buildings] = StandingBuildings()
    ports[Office] = Office.open(HOME / "templates")
    ports[Files] = _files(settings)
    ports[wecom.Wecom] = wecom.connect(settings.corps_file, settings.redis_url)
    ports[Wechat] = Wechat(wecom.mini_program(settings.corps_file) if settings.corps_file else None)
    ports[Plan] = Plan.read(folders)
    ports[CardActs] = CardActs(
        {
            order_card.CARD: wired(order_card.press, ports),
            calling.CARD: wired(calling.press, ports),
        }
    )
    ports[Heard] = Heard({"template_card_event": wired(cards.press, ports)})
    return ports


def measures_of(book: Handbook) -> Measures:
    """What sensors say and what it means."""
    return read_measures(FORMS / "orders/sensors.yaml", book.categories.by_code.__contains__)


def takers_of(ports: Ports) -> Takers:
    """Who takes over what feeds bring."""
    measures, book = ports[Measures], ports[Handbook]
    return Takers(
        {
            **dict.fromkeys(("R1", "R4", "R5"), Registers()),
            "order": feeding.taker(ports[Catalogue], book),
            "device": registering.taker(measures),
            "alarm": Ears(measures, book),
        }
    )


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
            await units.keep()
            yield
    finally:
        cpu.stop()
        await ports[Feeds].outside.close()
        ports[wecom.Wecom].close()
        await ports[Wechat].close()


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[Worker]:
    """A worker with everything its reactions and jobs ask for."""
    ports = ports_of(settings)
    async with opened(settings, ports):
        yield Worker(ports, hands=settings.hands)


def openapi() -> dict[str, Any]:
    """The contract, for the front ends and `python -m backend openapi`."""
    return document(ENDPOINTS)
