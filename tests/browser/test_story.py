"""The main job from end to end, on both screens, as its people do it.

陆小燕 fills in the elders' statistics of 源园 on her phone, 顾建平 checks them on his, 沈敏 in the
street sends two figures back from her desk and approves what comes again; the ledger and the
papers are there without anybody having typed them.
"""

import asyncio
import re
from typing import Any

from playwright.async_api import expect

from tests.browser import papers
from tests.browser.desk import Desk
from tests.browser.papers import plain
from tests.browser.phone import Phone
from tests.pictures import photo

FORM, PLACE = "老年人口与独居老人情况统计表", "源园居委会"
ASKED, DISABLED, ALONE = "享受居家养老/长护险", "失能/半失能", "独居老人"
REMARKS = {ASKED: "长护险名单上是 11 人，请核对。", DISABLED: "残联名单有 2 人评估为失能。"}
L01, L02 = "走访联系居民记录", "独居（孤老、纯老）老人关爱台账"


async def test_the_whole_story(at_screen):
    worker, lead, admin = await at_screen(Phone), await at_screen(Phone), await at_screen(Desk)
    await worker.sign_in("陆小燕")
    elders = await fills_in(worker)
    await lead.sign_in("顾建平")
    await checks(lead)
    await admin.sign_in("沈敏")
    elder = await sends_two_back(admin, elders)
    await is_told(worker)
    await mends(worker)
    await checks(lead)
    await approves(admin)
    await visits(worker, elder)
    await finds_the_ledger(worker, admin, elder)
    await holds_the_papers_against_the_screen(admin)
    assert "审计链完好" in worker.site.run("check", "audit")


async def fills_in(worker: Phone) -> str:
    """Almost everything is there; one figure is asked, and what was typed outlives a reload.

    Returns how many registered elders the phone shows.
    """
    await worker.picture("phone-due")
    card = worker.card(FORM)
    await expect(card).to_contain_text("还要填1项")
    await card.click()
    await expect(worker.text("还要您处理1项，其余18项系统已备好")).to_be_visible()
    known = worker.card("户籍60岁及以上")
    await expect(known).to_contain_text(
        re.compile(r"实有人口基础信息 · 截至9月30日 · 由 \d+ 行计算")
    )
    elders = (await known.locator(".kr-v").inner_text()).removesuffix("人")
    await expect(worker.page.locator("input")).to_have_count(1)
    await worker.picture("phone-return")
    await worker.field(ASKED).fill("9")
    await expect(worker.text("已自动保存")).to_be_visible()
    await worker.page.reload()
    await expect(worker.field(ASKED)).to_have_value("9")
    await worker.card(ALONE).click()
    await expect(worker.text("实有口径：截止日一个人居住的 60 岁及以上老人")).to_be_visible()
    await worker.picture("phone-figure")
    await worker.tap("关闭")
    await worker.tap("提交")
    await worker.says("已提交，等待负责人复核", "回到待办")
    await expect(worker.text("要我填5")).to_be_visible()
    return elders


async def checks(lead: Phone) -> None:
    """The head of the committee looks it over and passes it on to the street."""
    await lead.page.goto(lead.home)
    await expect(lead.text("待我复核")).to_be_visible()
    await lead.picture("phone-lead")
    await lead.card(FORM).click()
    await expect(lead.text("全部内容")).to_be_visible()
    await lead.picture("phone-check")
    await lead.tap("复核通过，上报")
    await lead.says("复核通过，已上报街道", "回到待办")


async def opens_the_return(admin: Desk) -> None:
    await admin.go("任务")
    await admin.follow(FORM)
    await expect(admin.page.get_by_role("heading", name="街道汇总")).to_be_visible()
    await admin.follow(PLACE)
    await expect(admin.page.get_by_role("heading", name=PLACE)).to_be_visible()


async def sends_two_back(admin: Desk, elders: str) -> str:
    """She sees how far the committees are, looks behind a figure, marks two. An elder's name."""
    await expect(admin.page.get_by_role("heading", name="任务")).to_be_visible()
    await admin.picture("desk-tasks")
    await admin.follow(FORM)
    row = admin.page.get_by_role("row").filter(has_text=PLACE)
    await expect(row).to_contain_text("已上报")
    await expect(row).to_contain_text("有新变化")
    await expect(admin.text(re.compile("已计入 1 / 20 个居村"))).to_be_visible()
    await admin.picture("desk-task")
    await admin.follow(PLACE)
    assert (await admin.figures())["C01"] == elders
    elder = await looks_behind(admin)
    await admin.picture("desk-return")
    for label, remark in REMARKS.items():
        await admin.mark(label, remark)
    await admin.picture("desk-marked")
    await admin.button("退回 2 项").click()
    await expect(admin.text("退回", exact=True).first).to_be_visible()
    await expect(admin.figure(ASKED)).to_contain_text(f"第 1 版退回：{REMARKS[ASKED]}")
    await admin.picture("desk-sent-back")
    return elder


async def looks_behind(admin: Desk) -> str:
    """As many rows behind a figure as it says; the first one's name."""
    value = (await admin.figures())["C09"]
    await admin.figure(ALONE).get_by_role("button", name=value).click()
    drawer = admin.page.get_by_role("dialog")
    rows = drawer.locator("tbody tr")
    await expect(rows).to_have_count(int(value))
    await admin.picture("desk-rows")
    name = await rows.first.locator("td").first.inner_text()
    await drawer.get_by_role("button", name="关闭").click()
    await expect(drawer).to_be_hidden()
    return name


async def is_told(worker: Phone) -> None:
    """WeCom has brought a message, whose link opens the return at the two fields."""
    cards: list[dict[str, Any]] = []
    for _ in range(300):  # the morning's reminders go first
        sent = await worker.site.wecom_switch("outbox?userid=lu.xiaoyan")
        cards = [one["body"]["template_card"] for one in sent]
        cards = [card for card in cards if card["main_title"]["title"] == f"{FORM} 退回 2 项"]
        if cards:
            break
        await asyncio.sleep(0.2)
    (card,) = cards
    said = " ".join(line["value"] for line in card["horizontal_content_list"])
    assert all(label in said for label in REMARKS) and "沈敏" in said
    await worker.page.goto(card["card_action"]["url"])


async def mends(worker: Phone) -> None:
    """Only the two fields can be changed; the rest is locked."""
    await expect(worker.text("2项，改好后重新提交")).to_be_visible()
    for label, remark in REMARKS.items():
        await expect(worker.question(label)).to_contain_text(remark)
    await expect(worker.question(ASKED)).to_contain_text("上次报的是 9人")
    await expect(worker.page.locator(".ask")).to_have_count(2)
    await worker.picture("phone-sent-back")
    await worker.tap(re.compile("其余17项已锁定"))
    await worker.card("户籍60岁及以上").click()
    await expect(worker.button("不对，我来改")).to_have_count(0)
    await worker.tap("关闭")
    await worker.field(ASKED).fill("11")
    await worker.field(DISABLED).fill("2")
    await worker.question(DISABLED).get_by_label("原因").locator("input").fill("残联名单未录入")
    await expect(worker.text("已自动保存")).to_be_visible()
    await worker.tap("提交")
    await worker.says("已提交，等待负责人复核", "回到待办")


async def approves(admin: Desk) -> None:
    """What has changed since her last look is pointed out; approving freezes it with its digest."""
    await opens_the_return(admin)
    await admin.text("有变化 2").click()
    await expect(admin.page.locator("tr[data-line]")).to_have_count(2)
    await expect(admin.figure(ASKED)).to_contain_text("9 → 11")
    await expect(admin.figure(DISABLED)).to_contain_text("0 → 2")
    await admin.picture("desk-changes")
    await admin.button("审定").click()
    await admin.page.get_by_role("dialog").get_by_role("button", name="审定").click()
    await expect(admin.text("第 2 版已审定并冻结")).to_be_visible()
    await expect(admin.page.locator("code").first).to_have_text(re.compile("^[0-9a-f]{64}$"))
    await admin.picture("desk-approved")
    await admin.follow(re.compile(FORM))
    await expect(admin.text(re.compile("已计入 1 / 20 个居村"))).to_be_visible()
    merged = admin.page.get_by_role("listitem").filter(has_text=ASKED)
    await expect(merged).to_have_text(re.compile("11"))
    await admin.picture("desk-merged")
    await looks_behind_the_sum(admin)


async def looks_behind_the_sum(admin: Desk) -> None:
    """A street's figure opens what each committee contributed, and whom it was counted from."""
    alone = admin.page.get_by_role("listitem").filter(has_text=ALONE).get_by_role("button").first
    value = await alone.inner_text()
    await alone.click()
    drawer = admin.page.get_by_role("dialog")
    await expect(drawer.locator("tr.group")).to_have_text(re.compile(f"{PLACE} {value} 行"))
    await expect(drawer.locator("tbody tr:not(.group)")).to_have_count(int(value))
    await admin.picture("desk-merged-rows")
    await drawer.get_by_role("button", name="关闭").click()
    await expect(drawer).to_be_hidden()


async def visits(worker: Phone, elder: str) -> None:
    """A visit to an elder living alone: a few taps, a few words, a photo."""
    await worker.tab("记录")
    await worker.card(L01).click()
    await worker.search(elder)
    await worker.picture("phone-choose")
    await worker.card(elder).click()
    await worker.pick("走访类型", "独居关爱")
    await worker.pick("方式", "上门")
    await worker.pick("走访结果", "见到本人")
    await worker.field("走访内容").fill("精神很好，午饭自己做的，煤气软管已提醒更换。")
    await worker.pick("处理方式", "持续关注")
    await worker.tap("现场照片")
    async with worker.page.expect_file_chooser() as coming:
        await worker.tap("相册")
    chooser = await coming.value
    shot = {"name": "IMG_1008.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    await chooser.set_files([shot])
    await expect(worker.page.locator(".shot-p")).to_be_visible()
    await worker.picture("phone-visit")
    await worker.tap("保存")
    await expect(worker.text(f"已记入《{L01}》")).to_be_visible()
    await expect(worker.text("下次走访日期")).to_be_visible()
    await worker.picture("phone-entry")


async def finds_the_ledger(worker: Phone, admin: Desk, elder: str) -> None:
    """Nobody typed L02; the visit of today stands in it on both screens."""
    await worker.page.goto(worker.home)
    await worker.tab("台账")
    await worker.picture("phone-ledgers")
    await worker.card(L02).click()
    line = worker.card(elder)
    await expect(line).to_contain_text("2026-10-08")
    await worker.picture("phone-ledger")
    await admin.go("台账")
    await admin.picture("desk-ledgers")
    await admin.follow(L01)
    await admin.page.get_by_role("row").filter(has_text=elder).click()
    drawer = admin.page.get_by_role("dialog")
    await expect(drawer.get_by_role("img", name="照片")).to_be_visible()
    await admin.picture("desk-entry")
    await drawer.get_by_role("button", name="关闭").click()
    await admin.go("台账")
    await admin.follow(L02)
    await admin.page.get_by_placeholder("姓名、地址或内容中的词").fill(elder)
    row = admin.page.get_by_role("row").filter(has_text=elder)
    await expect(row.first).to_contain_text("2026-10-08")
    await admin.picture("desk-ledger")


async def holds_the_papers_against_the_screen(admin: Desk) -> None:
    """PDF and workbook of the ledger and of the report say what the screen says, cell by cell."""
    await admin.page.get_by_placeholder("姓名、地址或内容中的词").fill("")
    await admin.choose("居村", PLACE)
    await expect(admin.text(re.compile(r"已显示 \d+ 条，共 \d\d 条"))).to_be_visible()
    shown = await admin.table()
    rows, words = papers.pdf(await admin.download(admin.button("PDF")))
    assert papers.lines(rows, list(shown[0])) == shown
    assert plain(L02) in words and f"曹杨新村街道{PLACE}（盖章）" in words
    sheet = papers.workbook(await admin.download(admin.button("Excel")))
    assert papers.lines(sheet, list(shown[0])) == shown

    await opens_the_return(admin)
    figures = await admin.figures()
    rows, words = papers.pdf(await admin.download(admin.button("PDF")))
    assert {row[0]: row[3] for row in rows if row[0] in figures} == figures
    assert figures["C13"] == "11" and "填报人：陆小燕审核人：顾建平" in words
    digest = await admin.page.locator("code").first.inner_text()
    assert digest[:16] in words.replace(" ", "")
    sheet = papers.workbook(await admin.download(admin.button("Excel")))
    assert {row[0]: row[3] for row in sheet if row[0] in figures} == figures
