"""What a street's people do at their desks: the console, at 1440 × 900."""

import re
from typing import ClassVar

from playwright.async_api import Locator, expect

from tests.browser.papers import plain
from tests.browser.screens import Screen


class Desk(Screen):
    """A browser on a desk."""

    SIZE: ClassVar = (1440, 900)
    AGENT: ClassVar = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36"
    )
    HOME: ClassVar = "/console/"

    async def sign_in(self, name: str) -> None:
        """By the page with the QR code, where the sandbox asks who scans it."""
        await self.page.goto(self.home)
        await self.page.get_by_role("link", name="企业微信扫码登录").click()
        await expect(self.text("请使用企业微信扫描二维码登录")).to_be_visible()
        await self.choose_member(name)
        await expect(self.button("我的账号")).to_be_visible()

    async def go(self, section: str) -> None:
        """A page of the navigation at the left."""
        await self.page.get_by_role("navigation").get_by_role("link", name=section).click()
        await expect(self.page.get_by_role("heading", name=section, level=1)).to_be_visible()

    async def follow(self, link: str | re.Pattern[str]) -> None:
        await self.page.get_by_role("main").get_by_role("link", name=link).first.click()

    def figure(self, label: str) -> Locator:
        """The row of one figure in a return."""
        return self.page.locator("tr[data-line]").filter(has_text=label).first

    async def figures(self) -> dict[str, str]:
        """Every figure of the return as it stands on the screen, by its code."""
        rows = self.page.locator("tr[data-line]")
        await expect(rows.first).to_be_visible()
        read = "rows => rows.map(row => [row.dataset.line, row.querySelector('td.value b, td.value button').innerText])"  # noqa: E501
        return {code: plain(value) for code, value in await rows.evaluate_all(read)}

    async def mark(self, label: str, remark: str) -> None:
        """Mark a figure for sending back, and say what is wrong with it."""
        box = self.page.get_by_role("checkbox", name=f"退回{label}", exact=True)
        await box.locator("..").click()
        await self.page.get_by_label(f"{label}的退回意见").fill(remark)

    async def table(self) -> list[dict[str, str]]:
        """The rows of the page's table, by the words of its head; all pages of it."""
        while await (more := self.button("再显示一页")).count():
            shown = await self.page.locator("tbody tr").count()
            await more.click()
            await expect(self.page.locator("tbody tr")).not_to_have_count(shown)
        heads = await self.page.locator("thead th").all_inner_texts()
        read = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
        rows = await self.page.locator("tbody tr").evaluate_all(read)
        return [dict(zip(heads, map(plain, row), strict=True)) for row in rows]

    async def choose(self, label: str, choice: str) -> None:
        """One entry of a list that drops down."""
        await self.page.get_by_role("combobox", name=label, exact=True).locator("..").click()
        await self.page.get_by_role("option", name=choice, exact=True).click()
