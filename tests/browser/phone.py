"""What a committee's people do on their phones: the H5 pages in WeCom, at 390 × 844."""

import re
from typing import Any, ClassVar, Self

from playwright.async_api import Browser, Locator, expect

from tests.browser.screens import Screen
from tests.browser.site import Site

IN_A_BROWSER = (
    "Mozilla/5.0 (Linux; Android 13; CET-AL00) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.6478.188 Mobile Safari/537.36"
)


class Phone(Screen):
    """A phone with WeCom on it."""

    SIZE: ClassVar = (390, 844)
    AGENT: ClassVar = f"{IN_A_BROWSER} wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh"
    HOME: ClassVar = "/m/"

    @classmethod
    async def open(cls, browser: Browser, site: Site, *given: Any, **more: Any) -> Self:
        touch = {"has_touch": True, "is_mobile": True}
        return await super().open(browser, site, *given, **touch | more)

    async def sign_in(self, name: str) -> None:
        """In WeCom the page goes to the sign-on by itself; the sandbox asks who holds the phone."""
        await self.page.goto(self.home)
        await self.choose_member(name)
        await expect(self.page).to_have_url(re.compile("/m/#/pages/due/index"))
        await expect(self.text("待办", exact=True).first).to_be_visible()

    async def tab(self, name: str) -> None:
        await self.page.get_by_role("tab", name=name, exact=True).click()

    def card(self, text: str) -> Locator:
        """Something one taps as a whole: a task, a person, a ledger."""
        return self.page.get_by_role("button").filter(has_text=text).first

    async def tap(self, name: str | re.Pattern[str]) -> None:
        await self.button(name).click()

    async def says(self, words: str, answer: str) -> None:
        """A question in the middle of the page says so; answer it."""
        dialog = self.page.get_by_role("alertdialog").filter(has_text=words)
        await expect(dialog).to_be_visible()
        await dialog.get_by_role("button", name=answer, exact=True).click()

    def question(self, label: str) -> Locator:
        """The card of one field that is to be answered."""
        title = self.page.locator(".ask-t").get_by_text(label, exact=True)
        return self.page.locator(".ask").filter(has=title)

    def field(self, label: str) -> Locator:
        """Its input, for numbers and words."""
        return self.question(label).get_by_label(label).locator("input, textarea")

    async def search(self, words: str) -> None:
        await self.page.locator(".seek input").fill(words)

    async def pick(self, label: str, *choices: str) -> None:
        for choice in choices:
            chips = self.question(label).locator("[role=radio], [role=checkbox]")
            await chips.filter(has_text=re.compile(f"^{choice}$")).click()
