"""大字版 and 特大: no word is cut off on the screens that people use every day."""

import pytest
from playwright.async_api import expect

from tests.browser.phone import Phone

FORM = "老年人口与独居老人情况统计表"
PAGES = {
    "orders": "我的工单",
    "orders/report": "什么事",
    "emergency": "现在值班",
    "complaint": "哪里不好用",
}
# Whose own words do not fit: wider than the box, or higher where the box hides the rest.
_CUT = """() => [...document.querySelectorAll('uni-page-body *')].flatMap(box => {
  const words = [...box.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('')
  const style = getComputedStyle(box), shown = box.getClientRects().length > 0
  if (!words || !shown || style.visibility === 'hidden') return []
  const holder = ['inline', 'contents'].includes(style.display) ? box.parentElement : box
  if (getComputedStyle(holder).webkitLineClamp !== 'none') return []  // a preview that says so
  const wide = holder.scrollWidth > holder.clientWidth + 1
  const high = holder.scrollHeight > holder.clientHeight + 2
    && ['hidden', 'clip'].includes(getComputedStyle(holder).overflowY)
  const right = box.getBoundingClientRect().right > innerWidth + 1
    && !box.closest('.uni-scroll-view')
  return wide || high || right ? [words.slice(0, 40)] : []
})"""
_WIDE = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


async def cut_on(phone: Phone, name: str) -> list[str]:
    """The words that are cut off on the page, and whether it is wider than the phone."""
    await phone.page.wait_for_load_state("networkidle")
    await phone.picture(f"phone-{name}")
    cut = [f"{name}: {words}" for words in await phone.page.evaluate(_CUT)]
    return [*cut, *([f"{name} is too wide"] if await phone.page.evaluate(_WIDE) else [])]


@pytest.mark.parametrize("size", ["大字", "特大"])
async def test_nothing_is_cut(at_screen, size):
    phone = await at_screen(Phone)
    await phone.sign_in("gu.jianping" if size == "大字" else "pt00500902")
    await phone.tab("我的")
    await phone.page.get_by_role("radio").filter(has_text=size).click()
    cut = await cut_on(phone, f"{size}-me")
    for tab in ("记录", "台账", "居民", "待办"):
        await phone.tab(tab)
        cut += await cut_on(phone, f"{size}-{tab}")
    await phone.card("实有人口变动月报").click()
    await expect(phone.text("请核对")).to_be_visible()
    cut += await cut_on(phone, f"{size}-return")
    await phone.page.locator(".kr").first.click()
    cut += await cut_on(phone, f"{size}-figure")
    await phone.page.goto(phone.home)
    await phone.tab("居民")
    await phone.search("李")
    await phone.page.locator(".line").first.click()
    await expect(phone.text("基本信息")).to_be_visible()
    cut += await cut_on(phone, f"{size}-person")
    await phone.tap("记一次走访")
    await expect(phone.question("走访类型")).to_be_visible()
    cut += await cut_on(phone, f"{size}-visit")
    for page, words in PAGES.items():
        path = page if "/" in page else f"{page}/index"
        await phone.page.goto("about:blank")
        await phone.page.goto(f"{phone.home}#/pages/{path}")
        await expect(phone.text(words).first).to_be_visible()
        cut += await cut_on(phone, f"{size}-{page.replace('/', '-')}")
    assert cut == []
