"""In a stairwell without signal: what is written stays on the phone and is sent once, later."""

from playwright.async_api import expect

from tests.browser.phone import Phone
from tests.pictures import photo

FORM, L01 = "老年人口与独居老人情况统计表", "走访联系居民记录"
ASKED = "享受居家养老/长护险"


async def test_it_works(at_screen):
    phone = await at_screen(Phone)
    await phone.sign_in("pt00501202")
    await phone.card(FORM).click()
    await expect(phone.field(ASKED)).to_be_visible()
    await phone.page.go_back()
    await opens_a_visit(phone)

    await phone.page.context.set_offline(True)
    await writes_the_visit(phone)
    await fills_in(phone)
    # the pages themselves open without a network, too
    await phone.page.reload()
    await expect(phone.field(ASKED)).to_have_value("7")
    await expect(phone.text("没有网络，填的内容先存在手机上")).to_be_visible()

    await phone.page.context.set_offline(False)
    await expect(phone.text("已自动保存")).to_be_visible()
    await arrived(phone)


async def opens_a_visit(phone: Phone) -> None:
    """While there is a network: whom it is about."""
    await phone.tab("记录")
    await phone.card(L01).click()
    await phone.search("王")
    await phone.page.locator(".line").first.click()
    await expect(phone.question("走访类型")).to_be_visible()


async def writes_the_visit(phone: Phone) -> None:
    await phone.pick("走访类型", "日常")
    await phone.pick("方式", "上门")
    await phone.pick("走访结果", "见到家属")
    await phone.field("走访内容").fill("楼道灯不亮，已记下。")
    await phone.pick("处理方式", "报街道")
    await phone.tap("现场照片")
    async with phone.page.expect_file_chooser() as coming:
        await phone.tap("相册")
    shot = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 800)}
    await (await coming.value).set_files([shot])
    await expect(phone.text("待上传")).to_be_visible()
    await phone.picture("phone-offline-visit")
    await phone.tap("保存")
    await phone.says("已存在手机上", "好的")
    await phone.tab("记录")
    await expect(phone.text("待上报", exact=True)).to_be_visible()
    await phone.picture("phone-offline-waiting")


async def fills_in(phone: Phone) -> None:
    await phone.tab("待办")
    await phone.card(FORM).click()
    await phone.field(ASKED).fill("7")
    await expect(phone.text("已存在手机上")).to_be_visible()
    await phone.picture("phone-offline-return")


async def arrived(phone: Phone) -> None:
    """The visit with its photo stands in the ledger once, the draft on the server."""
    await phone.page.goto(phone.home)
    await phone.tab("记录")
    await expect(phone.text("待上报", exact=True)).to_have_count(0)
    await phone.tab("台账")
    await expect(phone.card(L01)).to_contain_text("1条")
    await phone.card(L01).click()
    await phone.page.locator(".lc").click()
    await expect(phone.text("楼道灯不亮，已记下。")).to_be_visible()
    await expect(phone.page.locator(".stored-p")).to_be_visible()
    await phone.page.evaluate("indexedDB.deleteDatabase('jucun')")
    await phone.page.goto(phone.home)
    await phone.page.reload()
    await phone.card(FORM).click()
    await expect(phone.field(ASKED)).to_have_value("7")
