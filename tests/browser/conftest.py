"""Real Chromium before the real thing; see site.py for what is running behind it.

`JUCUN_PICTURES=folder` leaves screenshots of every screen the tests come by in that folder.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.async_api import Browser, async_playwright, expect

from backend.app import DESK, PHONE
from backend.machine import chromium, places
from tests.browser.screens import PATIENCE, Screen
from tests.browser.site import Site, open_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Whatever is not on this machine does not exist.
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

AnyScreen = TypeVar("AnyScreen", bound=Screen)
_skipped: list[str] = []
_FAILED = pytest.StashKey[bool]()

collect_ignore = [] if places.given("JUCUN_PICTURES") else ["test_pictures.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for why in dict.fromkeys(_skipped):
        terminalreporter.write_line(f"The browser tests were left out: {why}", yellow=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


def _skip(why: str) -> None:
    _skipped.append(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def chrome() -> str:
    """The machine's own Chromium; none is ever downloaded."""
    path = chromium.find()
    if path is None:
        _skip("there is no Chromium on the PATH (Debian: apt install chromium).")
    for build in (PHONE, DESK):
        if not (build / "index.html").is_file():
            _skip("the screens are not built (./jucun build).")
    return str(path)


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots go, if somebody asked for them."""
    given = places.given("JUCUN_PICTURES")
    return places.folder(Path(given).absolute()) if given else None


@pytest.fixture(scope="session")
def site(
    chrome: str, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site"), database_url) as running:
        yield running


@pytest.fixture(scope="session")
async def browser(chrome: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chrome, args=[*FLAGS, NOWHERE], chromium_sandbox=False
        )
        yield browser
        await browser.close()


@pytest.fixture
async def at_screen(
    browser: Browser, site: Site, pictures: Path | None, request: pytest.FixtureRequest
) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """`await at_screen(Phone)`: somebody's screen, looked through for trouble at the end.

    After a failure the last sight of every screen stays in var/log/browser.
    """
    screens: list[Screen] = []
    async with AsyncExitStack() as stack:

        async def opened(kind: type[AnyScreen], **more: Any) -> AnyScreen:
            screen = await kind.open(browser, site, pictures, **more)
            stack.push_async_callback(screen.close)
            screens.append(screen)
            return screen

        yield opened
        if request.node.stash.get(_FAILED, False):
            for number, screen in enumerate(screens, 1):
                screen.pictures = places.folder(places.var() / "log" / "browser")
                await screen.picture(f"{request.node.name}-{number}")
