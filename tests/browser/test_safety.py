"""Safety on the phone: a hazard with colleagues and pictures becomes an order and is checked
again; a shop is typed once and known the next time; supplies add up."""

from playwright.async_api import expect

from tests.browser.phone import Phone
from tests.pictures import photo

L18, L19 = "安全（消防）隐患排查整治台账", "沿街商铺与九小场所检查台账"
L20 = "应急物资与防汛防台资源台账"


async def test_a_hazard_from_check_to_recheck(at_screen):
    phone = await at_screen(Phone)
    await phone.sign_in("pt00501202")
    await phone.tab("记录")
    await expect(phone.card(L18)).to_be_visible()
    await phone.picture("phone-records")
    await phone.card(L18).click()
    await phone.picture("phone-hazard-about")
    await phone.card("不在住户家，直接登记").click()
    await writes_the_hazard(phone)
    await expect(phone.text("已记入")).to_be_visible()
    await expect(phone.card("工单普")).to_be_visible()
    await phone.picture("phone-hazard-entry", whole=True)
    await checks_again(phone)


async def writes_the_hazard(phone: Phone) -> None:
    await expect(phone.question("隐患类型")).to_be_visible()
    await phone.picture("phone-hazard-blank", whole=True)
    await phone.pick("对象类别", "楼道")
    await phone.field("地点").fill("3号楼2楼楼道")
    await phone.pick("隐患类型", "楼道堆物", "疏散通道堵塞")
    await phone.pick("隐患等级", "较大")
    await phone.field("隐患描述").fill("旧家具和纸箱堵住半个楼道，灭火器箱打不开。")
    await phone.question("整改期限").get_by_role("button", name="整改期限").click()
    await phone.tap("一周后")
    await phone.tap("检查人员（现为本人）")
    others = phone.question("检查人员").locator("[role=checkbox][aria-checked=false]")
    await others.first.click()
    await phone.tap("现场照片")
    await adds_a_photo(phone, "现场照片")
    await phone.page.get_by_role("switch").filter(has_text="转成工单").click()
    await phone.picture("phone-hazard-written", whole=True)
    await phone.tap("保存")


async def adds_a_photo(phone: Phone, label: str) -> None:
    async with phone.page.expect_file_chooser() as coming:
        await phone.question(label).get_by_role("button", name="相册").click()
    shot = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(1200, 800)}
    await (await coming.value).set_files([shot])
    await expect(phone.question(label).locator(".shot-p")).to_be_visible()


async def checks_again(phone: Phone) -> None:
    await phone.tap("复查或更正")
    await expect(phone.question("复查结果")).to_be_visible()
    await phone.pick("复查结果", "已整改")
    await expect(phone.question("整改完成日期")).to_be_visible()
    await expect(phone.page.locator(".ask").first).to_contain_text("复查结果")
    await phone.tap("整改后照片")
    await adds_a_photo(phone, "整改后照片")
    await phone.page.get_by_label("更正原因").locator("textarea").fill("到期复查")
    await phone.picture("phone-hazard-recheck", whole=True)
    await phone.tap("保存更正")
    await expect(phone.text("这条更正了先前的一条")).to_be_visible()
    await expect(phone.page.locator(".en-half")).to_have_count(2)
    await phone.picture("phone-hazard-rechecked", whole=True)


async def test_a_shop_is_typed_once(at_screen):
    phone = await at_screen(Phone)
    await phone.sign_in("pt00501202")
    await phone.tab("记录")
    await phone.card(L19).click()
    await phone.card("没查过的店，新登记").click()
    for label, words in {
        "单位名称": "顺风快餐店",
        "法定代表人/负责人": "孙强",
        "负责人电话": "13700137000",
        "经营地址": "兰溪路88号",
    }.items():
        await phone.field(label).fill(words)
    await finds_all_well(phone)
    await phone.picture("phone-shop-first", whole=True)
    await phone.tap("保存")
    await expect(phone.text("已记入")).to_be_visible()
    await phone.picture("phone-shop-entry", whole=True)

    await phone.page.goto(phone.home)
    await phone.tab("记录")
    await phone.card(L19).click()
    await expect(phone.text("查过的店", exact=True)).to_be_visible()
    await phone.picture("phone-shops")
    await phone.card("顺风快餐店").click()
    await expect(phone.text("已自动带出")).to_be_visible()
    await expect(phone.question("单位名称")).to_have_count(0)
    await phone.picture("phone-shop-again", whole=True)
    await finds_all_well(phone)
    await phone.tap("保存")
    await expect(phone.text("已记入")).to_be_visible()


async def finds_all_well(phone: Phone) -> None:
    for label, good in {
        "经营状态": "营业",
        "证照公示": "齐全",
        "灭火器配备": "合格",
        "疏散通道": "畅通",
        "用电安全": "正常",
        "瓶装液化气": "未用",
        "三合一住人": "否",
    }.items():
        await phone.pick(label, good)


async def test_supplies_never_go_below_nothing(at_screen):
    phone = await at_screen(Phone)
    phone.expected.add("422 POST /api/ledgers/L20/entries")
    await phone.sign_in("pt00501202")
    await phone.tab("记录")
    await phone.card(L20).click()
    await expect(phone.question("物资名称")).to_be_visible()
    await phone.pick("物资名称", "沙袋")
    await phone.field("计量单位").fill("只")
    await phone.field("存放地点").fill("居委会仓库")
    await phone.tap("出库数量")
    await phone.field("出库数量").fill("40")
    await phone.field("领用事由").fill("3号楼车库挡水")
    await phone.picture("phone-supplies", whole=True)
    await phone.tap("保存")
    await phone.says("没有被接受", "知道了")
    await expect(phone.text("比库存多了40")).to_be_visible()
    await phone.tap("去修改")
    await expect(phone.field("出库数量")).to_have_value("40")
    await phone.field("出库数量").fill("")
    await phone.tap("入库数量")
    await phone.field("入库数量").fill("200")
    await phone.tap("保存")
    await expect(phone.text("已记入")).to_be_visible()
    await phone.picture("phone-supplies-entry", whole=True)
