"""The lists of those in need: put together at the switch, kept up to date by those who care."""

import pytest

from backend.core.db import sql
from tests.cast import HUAXI, YUANYUAN
from tests.features.duty.conftest import begun, did, got, planned, shift
from tests.residents import household, person

END = {"summary": "险情排除。"}
BAGS = {
    "area": YUANYUAN,
    "what": "沙袋",
    "spec": "25kg",
    "unit": "只",
    "store_place": "居委会仓库",
    "quantity": 40,
    "borrower": "3号楼车库",
    "reason": "挡水",
}


@pytest.fixture
async def lists(as_, neighbours, work):
    """The path of the lists of an emergency in earnest (without flash reports, which take time)."""
    page = await begun(as_, level="red")
    await work()
    return f"/api/emergencies/{page['id']}"


async def people(as_, who, path, **query):
    page = await got(as_, who, f"{path}/people", **query)
    return {row["name"]: row for row in page["rows"]}


async def test_it_works(as_, lists):
    page = await got(as_, "dora", lists)
    assert {need["kind"]: need["people"] for need in page["needs"] if need["people"]} == {
        "独居": 2, "纯老家庭": 2, "高龄": 2, "低洼": 1, "孕产": 1, "医护": 1,
    }  # fmt: skip
    assert page["states"] == {"listed": 5} and page["listed_at"] is not None
    found = await people(as_, "alice", lists)
    assert list(found) == ["王秀英", "李国强", "陈桂芳", "赵敏"], "door by door; not 花溪园"
    wang = found["王秀英"]
    assert (wang["age"], wang["sex_label"], wang["kinds"]) == (78, "女", ["独居"])
    assert wang["address"] == "上海市普陀区兰溪路3010弄1号101室"
    assert wang["phone"] == "138****8000", "a number is for those on duty"
    told = {name: row["kinds"] for name, row in (await people(as_, "bob", lists)).items()}
    assert told["赵敏"] == ["低洼"] and told["李国强"] == ["纯老家庭", "高龄"], "not their health"
    assert found["赵敏"]["kinds"] == ["低洼", "孕产"], "but for those whose duty it is"


async def test_who_is_on_duty_sees_whole_numbers(as_, lists):
    await planned(as_, shift())
    found = await people(as_, "alice", lists)
    assert found["王秀英"]["phone"] == "13800138000"
    assert found["赵敏"]["kinds"] == ["低洼", "孕产"]
    assert found["李国强"]["kinds"] == ["纯老家庭", "高龄", "医护"]
    (row,) = await sql("select actor, facts from audit where verb = 'emergency.numbers'")
    assert (row["actor"], row["facts"]) == ("陆小燕", {"people": 4, "area": YUANYUAN})
    assert set(await people(as_, "dora", lists, kind="医护")) == {"李国强"}, "who commands, too"


async def test_an_exercise_opens_no_numbers(as_, neighbours, work):
    page = await begun(as_, level="red", drill=True)
    await work()
    await planned(as_, shift())
    for who in ("bob", "dora"):
        found = await people(as_, who, f"/api/emergencies/{page['id']}")
        assert found["王秀英"]["phone"] == "138****8000" and found["赵敏"]["kinds"] == ["低洼"]
    assert await sql("select 1 from audit where verb = 'emergency.numbers'") == []


async def test_a_list_about_health_is_not_for_everybody(as_, lists):
    answer = await as_("bob").get(f"{lists}/people", kind="孕产")
    assert (answer.status, (await answer.json())["code"]) == (403, "access.denied")
    assert set(await people(as_, "alice", lists, kind="低洼")) == {"赵敏"}


async def test_how_they_are(as_, lists, at):
    everybody = await people(as_, "alice", lists)
    wang, zhao = everybody["王秀英"]["id"], everybody["赵敏"]["id"]
    with at("2026-10-12 10:00"):
        body = {"state": "reached", "note": "女儿在身边"}
        done = await did(as_, "alice", f"{lists}/people/{wang}", body)
        assert done["state_label"] == "已联系，平安"
        body = {"state": "moved", "place": "曹杨中学"}
        await did(as_, "alice", f"{lists}/people/{zhao}", body)
    found = await people(as_, "bob", lists)
    assert (found["王秀英"]["note"], found["王秀英"]["by"]) == ("女儿在身边", "陆小燕")
    assert found["赵敏"]["place"] == "曹杨中学"
    assert set(await people(as_, "bob", lists, state="listed")) == {"李国强", "陈桂芳"}
    (row,) = await sql("select note from emergency_person where note is not null")
    assert "女儿" not in row["note"], "sealed"
    assert (await got(as_, "dora", lists))["states"] == {"listed": 3, "reached": 1, "moved": 1}
    facts = await sql("select facts from audit where verb = 'emergency.mark' order by id")
    assert [row["facts"] for row in facts] == [{"state": "reached"}, {"state": "moved"}]
    with at("2026-10-13 10:00"):
        await did(as_, "dora", f"{lists}/end", END | {"rev": 0})
        answer = await as_("alice").post(f"{lists}/people/{wang}", {"state": "unreached"})
        assert (answer.status, (await answer.json())["code"]) == (409, "emergency.over")
        await did(as_, "alice", f"{lists}/people/{zhao}", {"state": "back"})
    rows = await sql(
        """select moved_at, back_at > moved_at as later from emergency_person
           where back_at is not null"""
    )
    assert [(row["moved_at"].isoformat(), row["later"]) for row in rows] == [
        ("2026-10-12T02:00:00+00:00", True)
    ]


async def test_who_was_moved_stands_in_the_next_flash_report(as_, lists, work, at):
    zhao = (await people(as_, "alice", lists))["赵敏"]["id"]
    with at("2026-10-12 10:00"):
        body = {"state": "moved", "place": "曹杨中学"}
        await did(as_, "alice", f"{lists}/people/{zhao}", body)
    with at("2026-10-12 11:00"):
        body = {"rev": 0, "level": "IV", "reason": "风雨加大"}
        await did(as_, "dora", f"{lists}/level", body)
        await work()
        due = await got(as_, "alice", "/api/due")
        sheet = next(line for line in due if line["period"] == "2026-10-12T12")["return_id"]
        held = await got(as_, "alice", f"/api/returns/{sheet}")
    assert held["answers"] == {
        "moved": [
            {
                "name": "赵敏",
                "place": "上海市普陀区兰溪路3010弄3号101室",
                "shelter": "曹杨中学",
                "at": "2026-10-12T10:00:00+08:00",
            }
        ]
    }
    assert held["figures"]["Q04"] == 1, "counted, not typed"


async def test_whoever_comes_later_is_added_at_the_next_level(as_, lists, catalogue, work):
    await household(catalogue, HUAXI, 9, person("周阿婆", "1939-10-01"))
    body = {"rev": 0, "level": "orange", "reason": "风雨减弱"}
    await did(as_, "dora", f"{lists}/level", body)
    await work()
    assert (await got(as_, "dora", lists))["states"] == {"listed": 6}
    assert set(await people(as_, "carol", lists)) == {"孙玉兰", "周阿婆"}


async def test_leafing_through(as_, lists):
    first = await got(as_, "dora", f"{lists}/people", limit=3)
    rest = await got(as_, "dora", f"{lists}/people", limit=3, cursor=first["next"])
    names = [row["name"] for page in (first, rest) for row in page["rows"]]
    assert names == ["王秀英", "李国强", "陈桂芳", "赵敏", "孙玉兰"]
    assert (first["total"], rest["next"]) == (5, None)
    bad = await as_("dora").get(f"{lists}/people", cursor="WzFd")
    assert (bad.status, (await bad.json())["fields"][0]["field"]) == (400, "cursor")


async def test_who_may_not_look(as_, lists):
    for who, status in [(None, 401), ("greta", 403), ("frank", 403), ("erin", 404)]:
        assert (await as_(who).get(f"{lists}/people")).status == status


async def test_who_may_not_mark(as_, lists):
    for who, status in [(None, 401), ("greta", 403), ("carol", 404)]:
        wang = (await people(as_, "alice", lists))["王秀英"]["id"]
        answer = await as_(who).post(f"{lists}/people/{wang}", {"state": "reached"})
        assert answer.status == status
        assert (await got(as_, "dora", lists))["states"] == {"listed": 5}


async def test_bad_marks_leave_no_trace(as_, lists):
    for body, status, field in [
        ({"state": "moved"}, 422, "place"),
        ({"state": "listed"}, 400, "state"),
        ({"state": "reached", "note": "x" * 201}, 400, "note"),
        ({}, 400, "state"),
    ]:
        wang = (await people(as_, "alice", lists))["王秀英"]["id"]
        answer = await as_("alice").post(f"{lists}/people/{wang}", body)
        assert (answer.status, (await answer.json())["fields"][0]["field"]) == (status, field)
        assert (await got(as_, "dora", lists))["states"] == {"listed": 5}


class TestLoans:
    """Supplies go out and come back; the ledger of supplies says so each time."""

    async def stocked(self, as_, who="alice", **changed):
        """Sixty sandbags come into the store."""
        answers = {
            "mat_name": "沙袋", "spec": "25kg", "unit_m": "只", "store_place": "居委会仓库",
            "in_qty": 60, "qty": 60, "qty_min": 20, "check_date": "2026-10-12",
        } | changed  # fmt: skip
        answer = await as_(who).post(
            "/api/ledgers/L20/entries", {"form_version": 1, "answers": answers}
        )
        assert answer.status == 201, await answer.text()

    async def lent(self, as_, page, who="alice", status=201, **changed):
        path = f"/api/emergencies/{page['id']}/loans"
        return await did(as_, who, path, BAGS | changed, status)

    async def left(self, as_, who="alice"):
        found = await got(as_, who, "/api/emergencies/supplies")
        return {one["what"]: one["quantity"] for one in found}

    async def test_it_works(self, as_, street, at):
        await self.stocked(as_)
        page = await begun(as_)
        loan = await self.lent(as_, page)
        assert await self.left(as_) == {"沙袋": 20}
        (supply,) = await got(as_, "dora", "/api/emergencies/supplies")
        assert (supply["area"]["name"], supply["keeper"]) == ("源园居委会", "陆小燕")
        with at("2026-10-13 10:00"):
            path = f"/api/emergencies/loans/{loan['id']}/return"
            back = await did(as_, "bob", path, {"rev": 0, "quantity": 15})
            assert (back["back"], back["returned_at"]) == (15, None)
            await did(as_, "dora", f"/api/emergencies/{page['id']}/end", END | {"rev": 0})
            back = await did(as_, "bob", path, {"rev": 1, "quantity": 25})
            assert (back["back"], back["returned_at"]) == (40, "2026-10-13T10:00:00+08:00")
        assert await self.left(as_) == {"沙袋": 60}
        rows = await sql(
            """select data->>'in_qty' as i, data->>'out_qty' as o, data->>'qty' as left, wrote
               from ledger_entry where ledger = 'L20' order by no"""
        )
        assert [(row["i"], row["o"], row["left"]) for row in rows] == [
            ("60", None, "60"), (None, "40", "20"), ("15", None, "35"), ("25", None, "60"),
        ]  # fmt: skip
        assert rows[1]["wrote"] == f"loan:{loan['id']}"

    async def test_more_than_there_is(self, as_, street):
        await self.stocked(as_)
        page = await begun(as_)
        for changed in ({"quantity": 61}, {"what": "水泵"}, {"spec": None}):
            problem = await self.lent(as_, page, status=422, **changed)
            assert problem["code"] == "supply.short"
        assert await self.left(as_) == {"沙袋": 60}
        assert await sql("select 1 from emergency_loan") == []

    async def test_the_last_ones_go_to_one_only(self, as_, street):
        import asyncio

        await self.stocked(as_)
        page = await begun(as_)
        path = f"/api/emergencies/{page['id']}/loans"
        answers = await asyncio.gather(
            *(as_(who).post(path, BAGS) for who in ("alice", "bob", "dora"))
        )
        assert sorted(answer.status for answer in answers) == [201, 422, 422]
        assert await self.left(as_) == {"沙袋": 20}

    async def test_given_back_twice(self, as_, street):
        await self.stocked(as_)
        page = await begun(as_)
        loan = await self.lent(as_, page)
        path = f"/api/emergencies/loans/{loan['id']}/return"
        await did(as_, "alice", path, {"rev": 0, "quantity": 40})
        answer = await as_("bob").post(path, {"rev": 0, "quantity": 40})
        assert (answer.status, (await answer.json())["code"]) == (409, "state.overtaken")
        answer = await as_("bob").post(path, {"rev": 1, "quantity": 1})
        assert (answer.status, (await answer.json())["fields"][0]["field"]) == (422, "quantity")
        assert await self.left(as_) == {"沙袋": 60}

    async def test_who_may_not(self, as_, street):
        await self.stocked(as_)
        page = await begun(as_)
        for who, status in [(None, 401), ("greta", 403), ("carol", 422), ("erin", 404)]:
            await self.lent(as_, page, who, status)
            assert await sql("select 1 from emergency_loan") == []
            assert await self.left(as_, "dora") == {"沙袋": 60}
