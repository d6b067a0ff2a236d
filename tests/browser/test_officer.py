"""A resident's voice from the invitation to the quarter's list, on all the screens it passes.

沈敏 invites; 周敏 comes in by the link and says what is wrong; 何伟 in the centre adopts it; 源园
mends it twice, because the first time she says that it is not solved; then the street publishes.
"""

import re
from typing import ClassVar

from playwright.async_api import Locator, expect

from tests.browser.desk import Desk
from tests.browser.phone import IN_A_BROWSER, Phone

PLACE, SCENE = "源园居委会", "养老助餐"
SAID = "食堂门口的台阶没有扶手，老人上下不方便，下雨天更滑。"
FIRST, SECOND = "已贴上防滑条，并请工作人员搀扶。", "扶手已装好，两级台阶改成了缓坡。"
LEFT = "防滑条贴了，扶手还是没有。"
SUMMARY = "食堂门口台阶没有扶手，老人上下不便。"


class Citizen(Phone):
    """A phone without WeCom: the link opens in its browser."""

    AGENT: ClassVar = IN_A_BROWSER


async def test_a_finding_from_the_invitation_to_the_list(at_screen):
    street, centre = await at_screen(Desk), await at_screen(Desk)
    officer, worker = await at_screen(Citizen), await at_screen(Phone)
    await street.sign_in("沈敏")
    await comes_in(officer, await invites(street))
    await reports(officer)
    await centre.sign_in("何伟")
    await adopts(centre)
    await worker.sign_in("陆小燕")
    await mends(worker, FIRST, signed=False)
    await checks(centre)
    await answers(centre, FIRST)
    await judges(officer, "没有解决", LEFT)
    await mends(worker, SECOND, signed=True)
    await checks(centre)
    await answers(centre, SECOND)
    await judges(officer, "解决了", "")
    await publishes(street)
    await reads_the_list(officer)


async def invites(street: Desk) -> str:
    """What the QR code says."""
    await street.page.goto(f"{street.home}#/officers")
    await street.button("邀请").click()
    await street.button("生成二维码").click()
    link = street.page.get_by_label("邀请链接")
    await expect(link).to_have_value(re.compile("/o/"))
    await street.picture("desk-invitation")
    return await link.input_value()


async def comes_in(officer: Phone, link: str) -> None:
    """No account and no app: the link, a name, and she is in."""
    await officer.page.goto(link)
    await expect(officer.text("邀请您担任治理体验官")).to_be_visible()
    await officer.picture("phone-invited")
    await officer.page.get_by_label("您的姓名").locator("input").fill("周敏")
    await officer.tap("接受邀请")
    await expect(officer.text("周敏，您好")).to_be_visible()


async def reports(officer: Phone) -> None:
    await officer.tap("反映一个问题")
    await radio(officer, SCENE).click()
    await officer.page.get_by_label("在哪里").locator("input").fill(f"曹杨新村街道{PLACE}")
    await officer.page.get_by_label("看到什么、哪里不方便").locator("textarea").fill(SAID)
    await radio(officer, "好用2分").click()
    await officer.picture("phone-report")
    # what was written outlives a reload
    await officer.page.reload()
    await expect(radio(officer, SCENE)).to_have_attribute("aria-checked", "true")
    await officer.tap("提交")
    await officer.says("已提交", "好")
    await expect(officer.text("已提交", exact=True)).to_be_visible()
    await officer.picture("phone-finding")


async def opens(phone: Phone, page: str) -> None:
    """Anew: an address typed into the open app would show its page, and then load it again."""
    await phone.page.goto("about:blank")
    await phone.page.goto(f"{phone.home}#/pages/{page}")


def radio(phone: Phone, name: str) -> Locator:
    return phone.page.get_by_role("radio", name=name, exact=True)


async def opens_the_finding(centre: Desk) -> None:
    await centre.page.goto(f"{centre.home}#/findings")
    await centre.text("全部", exact=True).first.click()
    await centre.page.get_by_role("row").filter(has_text=SCENE).click()
    await expect(centre.text(SAID)).to_be_visible()


async def says(centre: Desk, act: str, **words: str) -> None:
    """What the street has to say, in the dialog of that name."""
    await centre.page.get_by_role("main").get_by_role("button", name=act, exact=True).click()
    dialog = centre.page.get_by_role("dialog", name=re.compile(f"^{act}"))
    for label, said in words.items():
        await dialog.get_by_label(label, exact=True).fill(said)
    await dialog.get_by_role("button", name=act, exact=True).click()
    await expect(dialog).to_be_hidden()


async def adopts(centre: Desk) -> None:
    """Registered, adopted, and given to the committee at once."""
    await opens_the_finding(centre)
    await says(centre, "登记")
    await centre.page.get_by_role("main").get_by_role("button", name="是否采纳").click()
    dialog = centre.page.get_by_role("dialog", name=re.compile("^是否采纳"))
    await dialog.locator(".el-select").click()
    await centre.page.get_by_role("option", name=PLACE, exact=True).click()
    await dialog.get_by_role("button", name="是否采纳", exact=True).click()
    await expect(dialog).to_be_hidden()
    await says(centre, "公开摘要", 公开摘要=SUMMARY)
    await centre.picture("desk-finding")


async def mends(worker: Phone, said: str, *, signed: bool) -> None:
    """The committee signs unless it has, does the work, and writes what the public may read."""
    await opens(worker, "orders/index")
    await worker.card(SCENE).click()
    await expect(worker.text("办理经过")).to_be_visible()
    if not signed:
        await worker.tap("签收")
        await expect(worker.text("已签收")).to_be_visible()
    await worker.tap("办结反馈")
    await radio(worker, "已解决").click()
    await radio(worker, "自行处置").click()
    await worker.page.get_by_label("处置过程（内部）").locator("textarea").fill("已与食堂商定。")
    await worker.page.get_by_label("答复口径（对外）").locator("textarea").fill(said)
    await worker.page.locator(".sheet-f").get_by_role("button", name="办结反馈").click()
    await expect(worker.text("已反馈，等待核查")).to_be_visible()


async def checks(centre: Desk) -> None:
    await centre.go("工单池")
    answered = centre.page.get_by_role("region", name="反馈")
    await answered.get_by_role("link", name=SCENE).click()
    await centre.page.get_by_role("main").get_by_role("button", name="核查", exact=True).click()
    dialog = centre.page.get_by_role("dialog", name=re.compile("^核查"))
    await dialog.locator("label.el-radio").filter(has_text=re.compile("^通过$")).click()
    await dialog.get_by_role("button", name="核查", exact=True).click()
    await expect(dialog).to_be_hidden()


async def answers(centre: Desk, said: str) -> None:
    """The unit's words stand there already; the street may write others."""
    await opens_the_finding(centre)
    await centre.page.get_by_role("main").get_by_role("button", name="公开答复").click()
    dialog = centre.page.get_by_role("dialog", name=re.compile("^公开答复"))
    await expect(dialog.get_by_label("公开答复", exact=True).last).to_have_value(said)
    await dialog.get_by_role("button", name="公开答复", exact=True).click()
    await expect(dialog).to_be_hidden()


async def judges(officer: Phone, word: str, reason: str) -> None:
    """It waits on top of her page, with the answer in public words."""
    await opens(officer, "officer/home/index")
    await expect(officer.text("1件有了答复，请您评价")).to_be_visible()
    await officer.picture("phone-officer")
    await officer.card(SCENE).click()
    await expect(officer.text("街道答复")).to_be_visible()
    await radio(officer, word).click()
    if reason:
        box = officer.page.get_by_label("还差什么没有解决").locator("textarea")
        await box.fill(reason)
    await officer.picture(f"phone-judged-{'not' if reason else 'well'}")
    await officer.tap("提交评价")
    told = "整改中" if reason else "已办结"
    await expect(officer.text(told, exact=True).first).to_be_visible()


async def publishes(street: Desk) -> None:
    await street.page.goto(f"{street.home}#/finding-lists")
    row = street.page.get_by_role("row").filter(has_text=SUMMARY)
    await expect(row).to_contain_text(SECOND)
    await street.button("公布").click()
    dialog = street.page.get_by_role("dialog", name="公布季度清单")
    await dialog.locator("textarea").fill("谢谢各位体验官。")
    await dialog.get_by_role("button", name="公布", exact=True).click()
    await expect(street.text("已公布").first).to_be_visible()
    await street.picture("desk-quarter")


async def reads_the_list(officer: Phone) -> None:
    await opens(officer, "officer/home/index")
    await officer.card("2026年第四季度").click()
    await expect(officer.text(SUMMARY)).to_be_visible()
    await expect(officer.text(SECOND)).to_be_visible()
    await officer.picture("phone-list")
