"""Who comes in and who does not, and that somebody who left is out at the next tap."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk
from tests.browser.phone import IN_A_BROWSER, Phone

DISTRICT = 1  # the corp's top department
OUTSIDER = "只有本企业的成员可以登录居村通。"
DECLINED = "您没有同意授权，所以没有登录。"
# every page asks for it, also the one on which somebody learns that they are out
CALLS = "401 GET /api/emergencies/calls"
NEWCOMER = "您还没有分配岗位，请联系街道数据专员。"


async def to_wecom(screen: Phone | Desk) -> None:
    await screen.page.goto(screen.home)
    if isinstance(screen, Desk):
        await screen.page.get_by_role("link", name="企业微信扫码登录").click()
    await expect(screen.page.get_by_role("link", name="拒绝授权")).to_be_visible()


async def test_it_works_in_an_ordinary_browser_too(at_screen):
    phone = await at_screen(Phone, user_agent=IN_A_BROWSER)
    await phone.page.goto(phone.site.url)
    await expect(phone.text("使用您的企业微信（政务微信）身份登录")).to_be_visible()
    await phone.picture("phone-sign-in")
    await phone.tap("企业微信登录")
    await phone.choose_member("钱慧")
    await expect(phone.text("件事要办")).to_be_visible()
    await phone.tab("我的")
    await expect(phone.text("普陀区 / 曹杨新村街道 / 花溪园居委会")).to_be_visible()
    await phone.picture("phone-me")


async def test_the_front_door_leads_a_desk_to_its_console(at_screen):
    desk = await at_screen(Desk)
    await desk.page.goto(desk.site.url)
    await expect(desk.page.get_by_role("heading", name="街道工作台")).to_be_visible()
    assert desk.page.url.startswith(desk.home)
    await desk.picture("desk-sign-in")


@pytest.mark.parametrize("kind", [Phone, Desk])
@pytest.mark.parametrize(
    ("door", "sentence"), [("以企业外的微信用户打开", OUTSIDER), ("拒绝授权", DECLINED)]
)
async def test_who_is_refused_is_told_why(at_screen, kind, door, sentence):
    screen = await at_screen(kind)
    await to_wecom(screen)
    await screen.page.get_by_role("link", name=door).click()
    await expect(screen.text(sentence)).to_be_visible()
    assert screen.page.url.startswith(screen.home)
    if door != "拒绝授权":
        await screen.picture(f"{kind.__name__.lower()}-refused")


@pytest.mark.parametrize("kind", [Phone, Desk])
async def test_a_member_without_a_post_is_told_whom_to_ask(at_screen, site, kind):
    userid = f"xin.{kind.__name__.lower()}"
    member = {"userid": userid, "name": "新来的", "department": [DISTRICT]}
    await site.wecom_switch("member/join", **member)
    screen = await at_screen(kind)
    await to_wecom(screen)
    await screen.choose_member(userid)
    await expect(screen.text(re.compile("您还没有分配岗位|您还不在居村通的名册里"))).to_be_visible()


async def test_a_leaver_is_out_at_the_next_tap(at_screen, site):
    """Deleted in WeCom's contacts, on whatever page they are."""
    phone, desk = await at_screen(Phone), await at_screen(Desk)
    left = "401 POST /api/sign-in/refresh", "401 GET /api/ledgers", "403 POST /api/sign-in/refresh"
    for screen in (phone, desk):
        screen.expected |= {*left, "401 GET /api/ledgers/L01/rows", CALLS}
    await phone.sign_in("pt00501302")
    await desk.sign_in("jiang.lin")
    await desk.go("任务")
    for userid in ("pt00501302", "jiang.lin"):
        await site.wecom_switch("member/leave", userid=userid)
    await phone.tab("台账")
    await expect(phone.text("您的账号已停用，如有疑问请联系街道数据专员。")).to_be_visible()
    await phone.picture("phone-left")
    await desk.page.get_by_role("link", name="台账").click()
    await expect(desk.text("您的账号已停用，如有疑问请联系街道数据专员。")).to_be_visible()
    await expect(desk.page.get_by_role("link", name="企业微信扫码登录")).to_be_visible()


async def test_a_device_is_signed_out_from_another(at_screen):
    mine, lost = await at_screen(Phone), await at_screen(Phone)
    lost.expected |= {"401 GET /api/due", CALLS}
    await lost.sign_in("pt00500602")
    await mine.sign_in("pt00500602")
    await mine.tab("我的")
    await mine.card("登录的设备").click()
    await expect(mine.text("这台")).to_be_visible()
    await mine.picture("phone-sessions")
    await mine.tap("退出")
    await mine.says("让这台设备退出？", "让它退出")
    await expect(mine.button("退出")).to_have_count(0)
    await lost.tab("我的")
    await lost.tab("待办")
    await expect(lost.page.get_by_placeholder("姓名、职务、部门")).to_be_visible()


async def test_signing_out_forgets_the_person(at_screen):
    phone = await at_screen(Phone)
    await phone.sign_in("pt00500702")
    await phone.tab("我的")
    await phone.tap("退出登录")
    await phone.says("退出登录？", "退出")
    await expect(phone.button("企业微信登录")).to_be_visible()
    await phone.page.reload()
    await expect(phone.button("企业微信登录")).to_be_visible()
