"""Two homes in 源园 and one next door, in the autumn of 2026."""

import pytest

from backend.app import FORMS
from backend.features.catalogue.catalogue import Catalogue
from backend.work import react_once
from tests.cast import HUAXI, YUANYUAN
from tests.residents import household, person

NOW = "2026-11-10 10:00"
VISIT = {
    "visit_kind": "独居关爱",
    "visit_way": "上门",
    "met": "见到本人",
    "content": "身体还好，说水管有点漏，已联系物业。",
    "handle": "解释说明",
}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.read([FORMS])


@pytest.fixture
async def homes(http, catalogue, at):
    """王秀英 (alone), 李国强 and 陈桂芳 (a couple); 孙玉兰 lives in 花溪园."""
    with at(NOW):
        alone = await household(
            catalogue, YUANYUAN, 1, person("王秀英", "1948-03-02", phone="13800138000")
        )
        couple = await household(
            catalogue,
            YUANYUAN,
            2,
            person("李国强", "1944-05-06", sex="1"),
            person("陈桂芳", "1950-01-09", relation="10"),
        )
        other = await household(catalogue, HUAXI, 1, person("孙玉兰", "1940-10-01"))
        yield {"王秀英": alone[0], "李国强": couple[0], "陈桂芳": couple[1], "孙玉兰": other[0]}


async def visit(as_, person, who="alice", **change):
    body = {"form_version": 1, "person": str(person), "answers": VISIT | change}
    return await as_(who).post("/api/ledgers/L01/entries", body)


async def settle(http):
    """What the worker would do with everything that waits."""
    from backend.app import PORTS

    while await react_once(http.app[PORTS]):
        pass
