"""An order of the hotline from the call to the ledger, on both screens, as its people do it.

何伟 in the street's centre gives the order to 源园, where 陆小燕 calls back, goes there and writes
what was done; he checks it, asks the caller and closes it, and L16 is there without typing.
"""

import re
from typing import Any

import aiohttp
from playwright.async_api import expect

from tests.browser.desk import Desk
from tests.browser.phone import Phone
from tests.browser.site import Site, at

YUANYUAN, PLACE = "310107005001", "源园居委会"
TITLE = "3号楼门前路灯不亮"
CALL = {
    "title": TITLE,
    "content": "3号楼门前的路灯坏了一周，晚上老人出门看不清台阶，请尽快修好。",
    "place": "源园小区3号楼门前",
}
NEXT_LOOK = 60_000  # milliseconds
SAID = "路灯已更换灯泡，当晚恢复照明。"


async def test_an_order_from_the_call_to_the_ledger(at_screen, site):
    centre, worker = await at_screen(Desk), await at_screen(Phone)
    await calls(site)
    await centre.sign_in("何伟")
    number = await files(centre)
    await dispatches(centre, number)
    await worker.sign_in("陆小燕")
    await handles(worker)
    await checks(centre)
    await finds_the_entry(await at_screen(Desk), centre.page.url, number)


async def calls(site: Site) -> None:
    """Somebody dials 12345; the city's platform pushes the order at once."""
    call = {"kind": "call", "committee": YUANYUAN, **CALL}
    made = await street(site, "changes", call)
    to = f"{site.url}/api/feeds/hotline/push"
    answer = await street(site, "pushes", {"to": to, "stream": "gd", "rows": made["changed"]})
    assert answer["body"]["taken"] == 1, answer


async def street(site: Site, name: str, given: dict[str, Any]) -> Any:
    url = f"{at(site.street)}/_sandbox/{name}"
    async with aiohttp.ClientSession() as session, session.post(url, json=given) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def files(centre: Desk) -> str:
    """The card stands in the first column; the order is filed. Its number."""
    await centre.go("工单池")
    collected = centre.page.get_by_role("region", name="采集")
    await expect(collected.get_by_role("link", name=TITLE)).to_be_visible()
    await centre.picture("desk-pool")
    await collected.get_by_role("link", name=TITLE).click()
    await expect(centre.page.get_by_role("heading", name=TITLE)).to_be_visible()
    await expect(centre.text("办理经过")).to_be_visible()
    await does(centre, "立案")
    await expect(centre.text("已立案")).to_be_visible()
    await centre.picture("desk-order")
    return await centre.page.locator(".page .mono").first.inner_text()


async def dispatches(centre: Desk, number: str) -> None:
    """The card is dragged onto the unit."""
    await centre.go("工单池")
    card = centre.page.get_by_role("article").filter(has_text=TITLE)
    unit = centre.page.get_by_role("complementary", name="派给哪个单位").locator("li")
    await expect(card.get_by_role("checkbox", name=f"选择 {number}")).to_be_visible()
    await card.drag_to(unit.filter(has_text=PLACE))
    await expect(centre.text(f"1 件已派给{PLACE}")).to_be_visible()
    sent = centre.page.get_by_role("region", name="派遣").get_by_role("link", name=TITLE)
    await expect(sent).to_be_visible()
    await centre.picture("desk-dispatched")


async def does(centre: Desk, act: str, *choices: str, **words: str) -> None:
    """An act by its dialog: what is chosen, what is written, and the button of the same name."""
    await centre.page.get_by_role("main").get_by_role("button", name=act, exact=True).click()
    dialog = centre.page.get_by_role("dialog", name=re.compile(f"^{act}"))
    for choice in choices:
        await dialog.locator("label.el-radio").filter(has_text=re.compile(f"^{choice}$")).click()
    for label, said in words.items():
        await dialog.get_by_label(label).fill(said)
    await dialog.get_by_role("button", name=act, exact=True).click()
    await expect(dialog).to_be_hidden()


async def handles(worker: Phone) -> None:
    """Signed for, the caller phoned, the lamp mended, and words for the caller."""
    await worker.page.goto(f"{worker.home}#/pages/orders/index")
    await worker.card(TITLE).click()
    await worker.tap("签收")
    await expect(worker.text("已签收")).to_be_visible()
    await worker.tap("先行联系")
    sheet = worker.page.get_by_role("dialog")
    await picks(worker, "电话", "联系上了")
    await worker.picture("phone-contact")
    await sheet.get_by_role("button", name="先行联系", exact=True).click()
    await expect(worker.text("已记下联系情况")).to_be_visible()
    await worker.tap("办结反馈")
    await picks(worker, "已解决", "自行处置")
    await worker.page.get_by_label("处置过程（内部）").locator("textarea").fill("请物业换灯泡。")
    await worker.page.get_by_label("答复口径（对外）").locator("textarea").fill(SAID)
    await worker.picture("phone-finish")
    await sheet.get_by_role("button", name="办结反馈", exact=True).click()
    await expect(worker.text("已反馈，等待核查")).to_be_visible()
    await worker.picture("phone-finished")


async def picks(worker: Phone, *choices: str) -> None:
    for choice in choices:
        await worker.page.get_by_role("radio", name=choice, exact=True).click()


async def checks(centre: Desk) -> None:
    """What was done is checked, the caller asked, the order closed: three different things."""
    answered = centre.page.get_by_role("region", name="反馈").get_by_role("link", name=TITLE)
    await expect(answered).to_be_visible(timeout=NEXT_LOOK)  # the pool looks again by itself
    await answered.click()
    await expect(centre.text(SAID).first).to_be_visible()
    await does(centre, "核查", "通过")
    await expect(centre.text("已核查")).to_be_visible()
    await does(centre, "回访", "满意", "解决了")
    await expect(centre.text("已记下回访")).to_be_visible()
    await does(centre, "结案")
    await expect(centre.text("已结案，台账已记")).to_be_visible()


async def finds_the_entry(lead: Desk, order: str, number: str) -> None:
    """The ledger of calls has the entry, tied to its order; the street's lead may read both."""
    await lead.sign_in("康文")
    await lead.page.goto(order)
    await expect(lead.page.get_by_role("heading", name=TITLE)).to_be_visible()
    entry = lead.page.locator("a[href*='/ledgers/L16/entries/']")
    await expect(entry).to_be_visible()
    await lead.picture("desk-closed")
    await entry.click()
    await expect(lead.text(number).first).to_be_visible()
    await lead.picture("desk-ledger-entry")
