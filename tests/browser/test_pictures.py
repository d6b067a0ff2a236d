"""Pictures on request: the two of the README, and a walk past every page, with weeks of work done.

`JUCUN_PICTURES=docs/pictures .venv/bin/python -m pytest tests/browser/test_pictures.py -k readme`
"""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk
from tests.browser.phone import Phone
from tests.browser.site import Site, open_site
from tests.conftest import a_database

FORM, PLACE = "老年人口与独居老人情况统计表", "源园居委会"
SHARP = {"device_scale_factor": 2}


@pytest.fixture(scope="session")
def site(chrome: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A street that has worked with it for weeks, in a database of its own."""
    with a_database() as url, open_site(tmp_path_factory.mktemp("past"), url, "--with-past") as it:
        yield it


@pytest.fixture
def fresh(chrome: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A street on its first day: nothing odd to explain, only the one question."""
    with a_database() as url, open_site(tmp_path_factory.mktemp("fresh"), url) as running:
        yield running


async def test_readme_phone(browser, fresh, pictures):
    """A return that is almost filled in, every figure with its source and date."""
    phone = await Phone.open(browser, fresh, pictures, **SHARP)
    await phone.sign_in("陆小燕")
    await phone.card(FORM).click()
    await expect(phone.text("需要您填写")).to_be_visible()
    await phone.picture("phone")
    await phone.close()


async def test_readme_console(at_screen):
    """A return under review, with one figure about to be sent back."""
    desk = await at_screen(Desk, **SHARP)
    await desk.sign_in("沈敏")
    await desk.follow(FORM)
    await desk.page.get_by_role("row").filter(has_text="已上报").first.click()
    await desk.mark("70-79岁", "与民政系统名单相差 2 人，请核对。")
    await desk.picture("console")


async def test_walk_on_the_phone(at_screen):
    phone = await at_screen(Phone)
    await phone.sign_in("陆小燕")
    await phone.picture("walk-phone-due")
    for form in ("实有人口变动月报", FORM, "矛盾纠纷排查化解情况月报"):
        await phone.card(form).click()
        await expect(phone.text("请核对")).to_be_visible()
        await phone.picture(f"walk-phone-{form}")
        await phone.page.go_back()
    for tab in ("记录", "台账", "居民", "我的"):
        await phone.tab(tab)
        await phone.picture(f"walk-phone-{tab}")
    await phone.card("关于与意见投诉").click()
    await phone.picture("walk-phone-about")
    await phone.page.goto(phone.home)
    await phone.tab("居民")
    await phone.search("陈")
    await expect(phone.page.locator(".line").first).to_be_visible()
    await phone.picture("walk-phone-found")
    await phone.page.locator(".line").first.click()
    await expect(phone.text("基本信息")).to_be_visible()
    await phone.picture("walk-phone-person")
    await phone.card("弄").click()
    await expect(phone.text("房屋情况")).to_be_visible()
    await phone.picture("walk-phone-house")
    for ledger in ("走访联系居民记录", "矛盾纠纷排查调解台账"):
        await phone.page.goto(phone.home)
        await phone.tab("台账")
        await phone.card(ledger).click()
        await phone.page.locator(".lc").first.wait_for()
        await phone.picture(f"walk-phone-{ledger}")
        await phone.page.locator(".lc").first.click()
        await expect(phone.text("记录详情")).to_be_visible()
        await phone.picture(f"walk-phone-{ledger}-entry")
    await phone.page.goto(phone.home)
    await phone.tab("记录")
    await phone.card("矛盾纠纷").click()
    await phone.search("李")
    await phone.page.locator(".line").first.click()
    await expect(phone.question("调解结果")).to_be_visible()
    await phone.picture("walk-phone-mediation")


async def test_walk_at_the_desk(at_screen):
    desk = await at_screen(Desk)
    await desk.sign_in("沈敏")
    for section in ("任务", "审核", "报表", "台账", "居民与房屋", "数据接入", "名册", "区划"):
        await desk.page.get_by_role("navigation").get_by_role("link", name=section).click()
        await desk.picture(f"walk-desk-{section}")
    await desk.go("任务")
    await desk.follow(FORM)
    await expect(desk.page.get_by_role("heading", name="街道汇总")).to_be_visible()
    await desk.picture("walk-desk-task")
    await desk.go("任务")
    await desk.button("发布任务").click()
    await desk.picture("walk-desk-new-task")
    await desk.page.reload()
    for ledger in ("走访联系居民记录", "独居（孤老、纯老）老人关爱台账", "矛盾纠纷排查调解台账"):
        await desk.go("台账")
        await desk.follow(ledger)
        await desk.page.locator("tbody tr").first.wait_for()
        await desk.picture(f"walk-desk-{ledger}")
    await desk.page.get_by_role("navigation").get_by_role("link", name="居民与房屋").click()
    await desk.page.locator("tbody tr").first.click()
    await desk.page.wait_for_url(re.compile("people/"))
    await desk.picture("walk-desk-person")
    auditor = await at_screen(Desk)
    await auditor.sign_in("葛宁")
    await auditor.picture("walk-desk-审计")
    district = await at_screen(Desk)
    await district.sign_in("傅民")
    await district.picture("walk-desk-district")
