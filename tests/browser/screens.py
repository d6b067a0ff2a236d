"""A person at a screen, in a browser of their own that tells on itself.

Whatever goes wrong in a page is noted: errors of its scripts, answers that nobody expected, and
any request that would leave this machine.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
)

from tests.browser.site import Site

PATIENCE = 15_000  # milliseconds
# Nobody is signed in yet, and the page asks whether somebody is.
NOT_YET = "401 POST /api/sign-in/refresh"
# The page lives on the day of the site, and its clock goes on from there.
_DAY = """{
  const Machine = Date, lead = %d
  globalThis.Date = class extends Machine {
    constructor(...given) { given.length ? super(...given) : super(Machine.now() + lead) }
    static now() { return Machine.now() + lead }
  }
}"""


@dataclass
class Trouble:
    """What went wrong in the pages of one browser."""

    errors: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    abroad: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, site: Site) -> None:
        here = {site.server, site.wecom}
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("console", self._console)
        context.on("response", self._response)
        context.on("request", lambda request: self._request(request, here))

    def _console(self, message: ConsoleMessage) -> None:
        # what a server refused stands in `refused`, with its address
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            path = re.sub(r"[0-9a-f-]{36}", "…", urlsplit(response.url).path)
            self.refused.add(f"{response.status} {response.request.method} {path}")

    def _request(self, request: Request, here: set[int]) -> None:
        parts = urlsplit(request.url)
        inside = parts.hostname == "127.0.0.1" and parts.port in here
        if parts.scheme in ("http", "https", "ws", "wss") and not inside:
            self.abroad.append(request.url)


@dataclass
class Screen:
    """One person's browser with one page open."""

    SIZE: ClassVar[tuple[int, int]]
    AGENT: ClassVar[str]
    HOME: ClassVar[str]

    site: Site
    page: Page
    pictures: Path | None = None
    trouble: Trouble = field(default_factory=Trouble)
    expected: set[str] = field(default_factory=lambda: {NOT_YET})

    @classmethod
    async def open(
        cls, browser: Browser, site: Site, pictures: Path | None = None, **more: Any
    ) -> Self:
        """A fresh browser with nothing remembered; `more` goes to Playwright's new_context."""
        width, height = cls.SIZE
        given: dict[str, Any] = {
            "user_agent": cls.AGENT,
            "viewport": {"width": width, "height": height},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        }
        context = await browser.new_context(**given | more)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(_DAY % (site.lead.total_seconds() * 1000))
        screen = cls(site, await context.new_page(), pictures)
        screen.trouble.watch(context, site)
        return screen

    @property
    def home(self) -> str:
        return self.site.url + self.HOME

    async def close(self) -> None:
        """The browser is closed; nothing may have gone wrong in it."""
        await self.page.context.close()
        assert self.trouble.errors == []
        assert self.trouble.abroad == []
        assert self.trouble.refused <= self.expected

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def text(self, text: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        return self.page.get_by_text(text, exact=exact)

    async def choose_member(self, name: str) -> None:
        """On WeCom's page: look for a member of the corp, and be that one."""
        await self.page.get_by_placeholder("姓名、职务、部门").fill(name)
        await self.button("查找").click()
        await self.page.get_by_role("link", name=re.compile(name)).click()

    async def download(self, button: Locator) -> Path:
        """The file that a button gives, under its own name."""
        async with self.page.expect_download() as coming:
            await button.click()
        given = await coming.value
        path = self.site.folder / "downloads" / given.suggested_filename
        await given.save_as(path)
        return path

    async def picture(self, name: str, *, whole: bool = False) -> None:
        """A screenshot, when somebody wants them; `whole`: down to the end of the page."""
        if self.pictures:
            await self.page.wait_for_load_state("networkidle")
            await self.page.wait_for_timeout(400)  # sheets and drawers have come to rest
            path = self.pictures / f"{name}.png"
            shot = {"path": path, "animations": "disabled", "caret": "hide"}
            await self.page.screenshot(full_page=whole, **shot)
