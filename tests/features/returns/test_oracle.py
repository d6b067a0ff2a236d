"""T07, T08 and T09 against a count made row by row in plain Python, for each committee and for
all of them together; every figure goes back to its rows."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from backend.app import FORMS
from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import transaction
from backend.core.scope import Scope, scope_of
from backend.engine.clocks.limits import Limit, share
from backend.engine.clocks.periods import parse_period
from backend.engine.clocks.read_hours import load_hours
from backend.engine.indicators.fold import merge
from backend.engine.indicators.leaves import behind
from backend.features.ledgers import counting
from backend.features.ledgers.store import posting
from backend.features.returns import knowledge
from backend.features.returns.standing import basis_of
from tests.cast import HUAXI, YUANYUAN

STREET = "310107005"
HUALIN = "310107005002"
AREAS = (YUANYUAN, HUAXI, HUALIN)
PERIOD = parse_period("2026-11")
START, END = PERIOD.start, PERIOD.end
KINDS = (
    "飞线充电", "楼道堆物", "消防设施缺损", "疏散通道堵塞", "电动车入楼", "瓶装液化气", "违章搭建",
    "高空坠物", "窨井", "其他",
)  # fmt: skip
NAMED = {
    "S05": "飞线充电",
    "S06": "楼道堆物",
    "S07": "电动车入楼",
    "S08": "消防设施缺损",
    "S09": "瓶装液化气",
}
CLASSES = (
    "诉求/物业管理/小区停车管理",
    "诉求/物业管理/电梯故障",
    "事件/突发事件/道路积水",
    "事件/市容环境/暴露垃圾",
)


def a_day(chance):
    return date(2026, 9, 20) + timedelta(days=chance.randrange(90))


def a_moment(chance, day):
    return clock.at(day, chance.randrange(24), chance.randrange(60))


def people(chance):
    return [{"id": None, "label": f"工作人员{n}"} for n in range(chance.randint(1, 4))]


def hazard(chance, now):
    found = a_day(chance)
    result = chance.choice(["已整改", "部分整改", "未整改", "移送", "已整改"])
    seen = found + timedelta(days=chance.randrange(40))
    told = {
        "check_date": found,
        "checkers": people(chance),
        "place": f"梅川路3040弄{chance.randint(1, 6)}号",
        "hz_kind": chance.sample(KINDS, chance.randint(1, 3)),
        "hz_level": chance.choice(["一般", "一般", "较大", "重大"]),
        "rectify_deadline": found + timedelta(days=chance.randrange(30)),
        "recheck_result": result if seen <= now else "未整改",
    }
    return told | ({"recheck_date": seen} if told["recheck_result"] != "未整改" else {})


def shop(chance, now):
    return {
        "check_date": a_day(chance),
        "checkers": people(chance),
        "ent_name": "顺风快餐店",
        # the same places as in L18: a check of one place on one day is one check
        "ent_addr": f"梅川路3040弄{chance.randint(1, 6)}号",
    }


def order(chance, now):
    taken = a_moment(chance, a_day(chance))
    due = taken + timedelta(days=chance.randint(3, 20))
    first = taken + timedelta(days=1)
    called = taken + timedelta(hours=chance.randint(1, 40))
    done = taken + timedelta(hours=chance.randint(2, 500))
    told = {
        "appeal_type": chance.choice("1233456 9".replace(" ", "")),
        "category": chance.choice(CLASSES),
        "receive_time": taken,
        "first_deadline": first,
        "first_time": chance.choice([called, first, None]),
        "deadline": due,
        "back": chance.choice(["无", "无", "驳回", "批准"]),
        "extend": chance.choice(["无", "无", "批准"]),
        "redo_cnt": chance.choice([0, 0, 1, 2]),
        "repeat_of": chance.choice([None, None, {"id": None, "label": "普-1"}]),
    }
    if done.date() <= now and chance.random() < 0.8:
        told["finish_time"] = chance.choice([done, due])
        told["visit_ok"] = chance.choice(["满意", "基本满意", "不满意", "未接通", None])
        if told["visit_ok"] not in (None, "未接通"):
            told["solved"] = chance.choice(["是", "否"])
    return told


def case(chance, now):
    found = a_moment(chance, a_day(chance))
    done = found + timedelta(hours=chance.randint(1, 200))
    told = {
        "case_source": chance.choice(["02", "03", "04", "04", "06", "09"]),
        "found_time": found,
        "category": chance.choice(CLASSES),
        "handle": chance.choice(["自行处置", "自行处置", "上报街道", "派遣物业", "派遣职能部门"]),
        "deadline": found + timedelta(hours=chance.randint(4, 160)),
        "redo_cnt": chance.choice([0, 0, 0, 1]),
    }
    if done.date() <= now and chance.random() < 0.8:
        told |= {"finish_time": done, "close_time": done + timedelta(hours=chance.randint(0, 48))}
    return told


MAKERS = {
    "L16": (order, "receive_time"),
    "L17": (case, "found_time"),
    "L18": (hazard, "check_date"),
    "L19": (shop, "check_date"),
}
REPORTS = ("T07", "T08", "T09")


@pytest.fixture
async def rows(http, catalogue, at):
    """Entries by ledger: {ledger: [(area, values)]}; some more were corrected and count no more."""
    chance = random.Random(20261201)
    kept = {code: [] for code in MAKERS}
    with at("2026-12-01 09:00"):
        async with transaction():
            for code, (make, moment) in MAKERS.items():
                for n in range(60):
                    area = AREAS[n % len(AREAS)] if n < 54 else "310107014001"
                    values = make(chance, date(2026, 11, 30))
                    entry = await post(catalogue, code, area, values, moment, f"test:{code}:{n}")
                    if n % 11 == 10:
                        await posting.reverse(SYSTEM.scope, entry)
                    elif area in AREAS:
                        kept[code].append((area, values))
        yield kept


async def post(catalogue, code, area, values, moment, key):
    told = {
        k: v.isoformat() if isinstance(v, date) and not isinstance(v, datetime) else v
        for k, v in values.items()
    }
    at = values[moment]
    day = at.date() if isinstance(at, datetime) else at
    draft = posting.Draft(
        form=catalogue.form(code), area=area, grid=None, day=day, at=clock.now(), values=told,
        person=None, household=None, house=None, photos=(), wrote="test", key=key,
    )  # fmt: skip
    return await posting.post(SYSTEM, draft)


def within(moment):
    if moment is None:
        return False
    day = moment.astimezone(clock.SHANGHAI).date() if isinstance(moment, datetime) else moment
    return START <= day <= END


def ratio(of, per, decimals=1, times=100):
    if not per:
        return None
    factor = 10**decimals
    return int(times * of / per * factor + 0.5 + 1e-9) / factor


def settled_by(row, day):
    return row["recheck_result"] in ("已整改", "移送") and row["recheck_date"] <= day


def hazards(told):
    """T07 as the paper says it."""
    l18, l19 = told["L18"], told["L19"]
    found = [r for r in l18 if within(r["check_date"])]
    shops = [r for r in l19 if within(r["check_date"])]
    ended = [r for r in l18 if within(r.get("recheck_date"))]
    left = [r for r in l18 if r["check_date"] <= END and not settled_by(r, END)]
    eve = START - timedelta(days=1)
    before = [r for r in l18 if r["check_date"] <= eve and not settled_by(r, eve)]
    done = [r for r in ended if r["recheck_result"] == "已整改"]
    occasions = {(r["check_date"], r["place"]) for r in found}
    occasions |= {(r["check_date"], r["ent_addr"]) for r in shops}
    return {
        "S01": len(occasions),
        "S02": sum(len(r["checkers"]) for r in found + shops),
        "S03": len(shops),
        "S04": len(found),
        **{code: sum(kind in r["hz_kind"] for r in found) for code, kind in NAMED.items()},
        "S10": sum(any(k not in NAMED.values() for k in r["hz_kind"]) for r in found),
        "S11": len(done),
        "S12": sum(r["rectify_deadline"] >= END for r in left),
        "S13": sum(r["rectify_deadline"] < END for r in left),
        "S14": sum(r["recheck_result"] == "移送" for r in ended),
        "S15": ratio(len(done), len(found) + len(before)),
        "S16": sum(r["hz_level"] == "重大" for r in found),
    }


def orders(told):
    """T08 as the paper says it."""
    l16 = told["L16"]
    taken = [r for r in l16 if within(r["receive_time"])]
    call = [r for r in l16 if within(r["first_deadline"])]
    called = [r for r in call if r["first_time"] and r["first_time"] <= r["first_deadline"]]
    due = [r for r in l16 if within(r["deadline"])]
    timely = [r for r in due if r.get("finish_time") and r["finish_time"] <= r["deadline"]]
    done = [r for r in l16 if within(r.get("finish_time"))]
    heard = [r for r in done if r.get("visit_ok") not in (None, "未接通")]
    kinds = Counter(r["appeal_type"] for r in taken)
    solved = sum(r["solved"] == "是" for r in heard)
    happy = sum(r["visit_ok"] in ("满意", "基本满意") for r in heard)
    again = sum(r["repeat_of"] is not None for r in taken)
    classes = Counter(r["category"].rpartition("/")[2] for r in taken)
    first = sorted(classes.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    return {
        "H01": len(taken),
        "H02": kinds["3"],
        "H03": kinds["2"],
        "H04": kinds["1"],
        "H05": sum(n for kind, n in kinds.items() if kind not in "123"),
        "H06": len(call),
        "H07": len(called),
        "H08": ratio(len(called), len(call)),
        "H09": len(due),
        "H10": len(timely),
        "H11": ratio(len(timely), len(due)),
        "H12": len(heard),
        "H13": solved,
        "H14": ratio(solved, len(heard)),
        "H15": happy,
        "H16": ratio(happy, len(heard)),
        "H17": again,
        "H18": ratio(again, len(taken)),
        "H19": sum(r["redo_cnt"] > 0 for r in done),
        "H20": sum((r["back"] == "批准") + (r["extend"] == "批准") for r in taken),
        "H21": "、".join(f"{name}({n})" for name, n in first) or None,
    }


def cases(told, hours):
    """T09 as the paper says it."""
    l17 = told["L17"]
    found = [r for r in l17 if within(r["found_time"])]
    closed = [r for r in l17 if within(r.get("close_time"))]
    timely = sum(r["finish_time"] <= r["deadline"] for r in closed)
    sources = Counter(r["case_source"] for r in found)
    spans = [hours(r["found_time"], r["finish_time"]) for r in closed]
    hot = orders(told)["H01"]
    return {
        "N01": len(found),
        "N02": sources["04"],
        "N03": sources["02"],
        "N04": sources["03"],
        "N05": sources["06"] + sources["09"],
        "N06": sum(r["handle"] == "自行处置" for r in found),
        "N07": sum(r["handle"] != "自行处置" for r in found),
        "N08": len(closed),
        "N09": timely,
        "N10": ratio(timely, len(closed)),
        "N11": sum(r["redo_cnt"] for r in closed),
        "N12": ratio(sum(spans), len(spans), times=1),
        "N13": ratio(len(found), hot, decimals=2, times=1),
    }


@pytest.fixture(scope="session")
def worked(calendar):
    hours = load_hours(FORMS / "calendar/hours.yaml", calendar)
    return lambda begun, done: share(begun, Limit(1, "工作时"), done, calendar, hours)


def of(rows, *areas):
    return {code: [values for area, values in some if area in areas] for code, some in rows.items()}


def expected(code, told, worked):
    return {"T07": hazards, "T08": orders, "T09": lambda t: cases(t, worked)}[code](told)


async def test_every_figure_is_what_the_rows_say(rows, catalogue, worked):
    for code in REPORTS:
        form = catalogue.form(code)
        known = await knowledge.gather(catalogue, Scope(STREET), form, PERIOD, AREAS)
        for area in AREAS:
            counted = {key: held["value"] for key, held in known[area].items()}
            assert counted == expected(code, of(rows, area), worked), area
        total = await counting.count(catalogue, Scope(STREET), form, PERIOD, AREAS)
        bases = [basis_of(known[area], {}) for area in AREAS]
        together = merge(form, bases, total.total)
        assert together == expected(code, of(rows, *AREAS), worked)
        assert sum(value in (0, None) for value in together.values()) < 3


async def test_every_figure_goes_back_to_its_rows(rows, catalogue):
    for form in map(catalogue.form, REPORTS):
        known = await knowledge.gather(catalogue, Scope(STREET), form, PERIOD, [YUANYUAN])
        for one in form.indicators:
            held = known[YUANYUAN][one.code]
            assert held["drill"] and behind(form, one.code), one.code
            found = counting.behind(
                catalogue, scope_of(YUANYUAN), [YUANYUAN], form, one.code, PERIOD
            )
            told = (await found.counts()).get(YUANYUAN, 0)
            assert len(await found.page(YUANYUAN, None, 10_000)) == told
            if one.measure.how in ("count", "ratio", "top", "several"):
                assert told == held["rows"], one.code
            if one.measure.how == "count":
                assert told == held["value"], one.code


async def test_what_another_report_handed_up_is_taken_from_there(rows, catalogue, as_, at):
    """T09.N13 divides by T08.H01 as it was handed in, not as it would be counted now."""
    with at("2026-12-01 09:30"):
        task = {"form": "T08", "period": "2026-11", "due_on": "2026-12-04"}
        assert (await as_("dora").post("/api/tasks", task)).status == 201
        due = await (await as_("bob").get("/api/due")).json()
        sheet = next(line["return_id"] for line in due if line["form"] == "T08")
        held = (await (await as_("bob").get(f"/api/returns/{sheet}")).json())["figures"]
        answers = {code: held[code] + 1 for code in ("H01", "H02")}
        reasons = dict.fromkeys((*held, "H18"), "漏了一件，已核对")
        body = {"rev": 0, "form_version": 1, "answers": answers, "reasons": reasons}
        handed = await (await as_("bob").post(f"/api/returns/{sheet}/submit", body)).json()
        assert handed["state"] == "submitted", handed
        form = catalogue.form("T09")
        known = await knowledge.gather(catalogue, Scope(STREET), form, PERIOD, [YUANYUAN])
        found = known[YUANYUAN]["N01"]["value"]
        assert known[YUANYUAN]["N13"]["value"] == ratio(found, held["H01"] + 1, 2, 1)


async def test_the_rows_of_two_ledgers_stand_in_one_list(rows, as_, at):
    with at("2026-12-01 09:30"):
        task = {"form": "T07", "period": "2026-11", "due_on": "2026-12-04"}
        assert (await as_("dora").post("/api/tasks", task)).status == 201
        due = await (await as_("alice").get("/api/due")).json()
        sheet = next(line["return_id"] for line in due if line["form"] == "T07")
        seen, cursor = [], {}
        while True:
            path = f"/api/returns/{sheet}/fields/S01/rows"
            page = await (await as_("alice").get(path, limit="4", **cursor)).json()
            seen += page["rows"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        keys = {column["key"] for column in page["columns"]}
        assert page["total"] == len(seen) == len({row["id"] for row in seen}) > 4
        assert {row["cells"]["ledger"][:4] for row in seen} == {"安全（消", "沿街商铺"}
        assert all(row["cells"].keys() <= keys and row["link"] for row in seen)
        assert [column["label"] for column in page["columns"]][:2] == ["台账", "隐患编号"]
