"""What committees did in the months before: visits and mediations, as people write them down."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import actions as ledgers
from backend.features.ledgers.passing import Orders
from backend.features.ledgers.shapes import NewEntry

_OLD = 70 * 365  # days

_SEEN_ALONE = (
    "精神不错，燃气灶和软管已看过，没有问题。",
    "老人近日膝盖疼，已提醒按时复诊，子女周末来。",
    "午饭由助餐点送，老人说菜合口味。",
    "教老人用手机看病预约，约好下周再来一次。",
    "天冷，提醒取暖器不要靠近被褥，插线板已换。",
)
_SEEN_DAILY = (
    "了解家中近况，宣传楼道不停电动自行车。",
    "核对了居住人员，与登记一致。",
    "居民对加装电梯方案表示同意，已记下。",
    "询问垃圾分类投放时间，已解释。",
    "新装了门铃，留了联系卡。",
)
_WISHES = (
    (["助餐"], "希望周末也能送餐。", "持续关注"),
    (["物业"], "楼道灯两周不亮，报修没有人来。", "报街道"),
    (["就医"], "想有人陪去医院配药。", "持续关注"),
    (["邻里"], "楼上夜里拖桌椅，影响睡眠。", "解释说明"),
    (["停车"], "小区门口车辆乱停，轮椅出不去。", "报街道"),
)
_QUARRELS = (
    ("邻里", "楼上厨房漏水到楼下，双方对赔偿数额说法不一。", 3),
    ("相邻关系", "空调外机声音大，楼下要求移位。", 4),
    ("物业", "对停车费调整有异议，拒付两个季度。", 2),
    ("婚姻家庭", "兄妹三人对老母亲轮流照顾的安排有争执。", 4),
    ("损害赔偿", "宠物犬扑倒老人，医药费承担未谈拢。", 2),
)


async def homes(actor: Actor, most: int = 60) -> list[Record]:
    """People of the committee who are at home, the older ones first: id, name and birth."""
    return await select(
        actor.scope,
        """select id, name, birth from person
           where area like :scope and house_id is not null and move_out is null
             and death_date is null and birth is not null
           order by birth limit :most""",
        most=most,
    )


async def visit(
    rng: Random, actor: Actor, parts: tuple[Catalogue, Orders], people: Sequence[Record]
) -> None:
    """An entry of L01, at the pretended moment."""
    person = rng.choice(people)
    old = (clock.today() - person["birth"]) > timedelta(days=_OLD)
    answers: dict[str, Any] = {
        "visit_kind": rng.choice(("独居关爱", "重点关爱") if old else ("日常", "入户核查")),
        "visit_way": "上门",
        "met": rng.choices(("见到本人", "见到家属", "无人应门"), (16, 3, 1))[0],
        "handle": "解释说明",
    }
    if answers["met"] == "无人应门":
        answers |= {"content": "敲门无人应，留了联系卡。", "handle": "持续关注"}
    else:
        answers["content"] = rng.choice(_SEEN_ALONE if old else _SEEN_DAILY)
        if rng.random() < 0.15:
            kinds, wish, handle = rng.choice(_WISHES)
            answers |= {"demand_kind": kinds, "demand": wish, "handle": handle}
    await _enter(actor, parts, "L01", person, answers)


async def mediation(
    rng: Random,
    actor: Actor,
    parts: tuple[Catalogue, Orders],
    people: Sequence[Record],
    until: date,
) -> None:
    """An entry of L15, taken up some days ago and mostly settled by the pretended day."""
    one, other = rng.sample(list(people), 2)
    kind, story, count = rng.choice(_QUARRELS)
    found = until - timedelta(days=rng.randrange(0, 5))
    answers: dict[str, Any] = {
        "found_date": found.isoformat(),
        "dis_source": rng.choice(("居民申请", "走访发现")),
        "dis_kind": kind,
        "name_b": {"id": str(other["id"]), "label": other["name"]},
        "dis_content": story,
        "people_cnt": count,
        "dis_level": "一般",
        "med_date": until.isoformat(),
        "result": rng.choices(("成功", "调解中", "不成功"), (8, 3, 1))[0],
    }
    if answers["result"] != "调解中":
        answers["close_date"] = until.isoformat()
    if answers["result"] == "成功":
        answers |= {"agree_kind": rng.choice(("书面", "口头")), "perform": "已履行"}
    await _enter(actor, parts, "L15", one, answers)


async def _enter(
    actor: Actor,
    parts: tuple[Catalogue, Orders],
    code: str,
    person: Record,
    answers: dict[str, Any],
) -> None:
    version = parts[0].form(code).version
    body = NewEntry(form_version=version, person=person["id"], answers=answers)
    await ledgers.record(actor, *parts, code, body)
