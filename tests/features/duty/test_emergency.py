"""平急转换: one switch per street, and what it changes until it is over."""

import asyncio

from backend.core.db import sql
from backend.features.areas import modes
from tests.cast import CAOYANG, CHANGFENG, YUANYUAN
from tests.features.duty.conftest import begun, did, got, planned, said, shift, shifts_now

BODY = {"level": "IV", "kind": "防汛防台", "reason": "台风蓝色预警，启动响应"}
TURN = {"reason": "风雨加大"}
END = {"summary": "风雨减弱，险情排除。"}


async def when(as_, who="dora"):
    (line, *_) = await got(as_, who, "/api/emergencies")
    return await got(as_, who, f"/api/emergencies/{line['id']}")


async def test_it_works(as_, street, work, at, contacts):
    told = await got(as_, "dora", "/api/emergencies/plan")
    assert told["now"] is None and "防汛防台" in told["kinds"]
    blue, *_, first = told["levels"]
    assert len(blue["effects"]) == 2 and any("快报" in text for text in first["effects"])
    page = await begun(as_, level="blue", reason="市防汛指挥部发布台风蓝色预警")
    path = f"/api/emergencies/{page['id']}"
    assert (page["mode"], page["level_label"], page["rev"]) == ("预警", "蓝色预警", 0)
    assert page["oral"] == {"due_at": None, "at": None, "late": False}, "nothing is owed yet"
    mode = await modes.now(YUANYUAN)
    assert (mode.name, mode.clocks, mode.pauses, mode.awake) == ("预警", False, False, True)
    assert (await shifts_now(as_))["mode"]["label"] == "蓝色预警"
    with at("2026-10-12 15:10"):
        page = await did(as_, "dora", f"{path}/level", TURN | {"rev": page["rev"], "level": "III"})
        assert (page["mode"], page["oral"]["due_at"]) == ("应急", "2026-10-12T15:40:00+08:00")
        assert (await modes.now(YUANYUAN)).clocks is True
        await work()
    with at("2026-10-12 15:30"):
        said_ = {"what": "oral", "words": "向区总值班室电话报告", "at": "2026-10-12T15:25"}
        page = await did(as_, "dora", f"{path}/reports", said_)
        assert page["oral"] == {
            "due_at": "2026-10-12T15:40:00+08:00",
            "at": "2026-10-12T15:25:00+08:00",
            "late": False,
        }
    with at("2026-10-13 08:00"):
        page = await did(as_, "dora", f"{path}/end", END | {"rev": page["rev"]})
        await work()
        assert (page["until"], page["ended_by"], page["can"]) == (
            "2026-10-13T08:00:00+08:00", "沈敏", [],
        )  # fmt: skip
        assert await modes.now(YUANYUAN) is None
        assert (await shifts_now(as_))["mode"]["name"] == "平时"
    whats = [step["what"] for step in page["steps"]]
    assert whats[:2] == ["begun", "turned"] and whats[-1] == "ended"
    assert {"oral", "listed", "flash"} & set(whats) == {"oral", "flash"}
    titles = await said(contacts, "shen.min")
    assert titles[0] == "启动防汛防台蓝色预警" and "防汛防台调整为Ⅲ级响应" in titles
    assert titles[-1] == "防汛防台结束，恢复平时"


async def test_two_switches_at_once(as_, street):
    answers = await asyncio.gather(
        *(as_(who).post("/api/emergencies", BODY) for who in ("dora", "henry", "dora", "henry"))
    )
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    late = next(answer for answer in answers if answer.status == 409)
    assert (await late.json())["code"] == "emergency.lasting"
    assert len(await sql("select 1 from emergency")) == 1
    assert len(await sql("select 1 from area_mode")) == 1


async def test_two_people_turn_it_at_once(as_, street):
    page = await begun(as_)
    path, body = f"/api/emergencies/{page['id']}/level", TURN | {"rev": page["rev"]}
    answers = await asyncio.gather(
        as_("dora").post(path, body | {"level": "III"}),
        as_("henry").post(path, body | {"level": "II"}),
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert len(await sql("select 1 from area_mode where until is null")) == 1


async def test_ended_twice_at_once(as_, street):
    page = await begun(as_)
    path, body = f"/api/emergencies/{page['id']}/end", END | {"rev": page["rev"]}
    answers = await asyncio.gather(*(as_("dora").post(path, body) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    assert [row["n"] for row in await sql("select count(*) as n from emergency_step")] == [2]


async def test_a_second_emergency_after_the_first(as_, street, at):
    page = await begun(as_)
    await did(as_, "dora", f"/api/emergencies/{page['id']}/end", END | {"rev": page["rev"]})
    with at("2026-10-20 09:00"):
        again = await begun(as_, drill=True)
    lines = await got(as_, "alice", "/api/emergencies")
    assert [(one["id"], one["drill"]) for one in lines] == [
        (again["id"], True), (page["id"], False),
    ]  # fmt: skip


async def test_the_night_is_not_quiet(as_, street, work, at, contacts):
    with at("2026-10-12 23:00"):
        page = await begun(as_, level="blue")
        await work()
        assert await said(contacts, "shen.min") == ["启动防汛防台蓝色预警"]
    with at("2026-10-12 23:10"):
        await did(as_, "dora", f"/api/emergencies/{page['id']}/end", END | {"rev": 0})


async def test_those_on_duty_are_told(as_, street, work, contacts):
    await planned(as_, shift(people=("alice",)))
    unmanned = [area["name"] for area in (await begun(as_))["unmanned"]]
    assert len(unmanned) == 19 and "源园居委会" not in unmanned and "花溪园居委会" in unmanned
    await work()
    titles = await said(contacts, "Lu.XiaoYan")
    assert titles[0] == "启动防汛防台Ⅳ级响应"
    assert await said(contacts, "qian.hui") == ["应急（防汛防台）情况快报 10月12日10时"]
    assert await said(contacts, "shao.feng") == [], "not the next street"


async def test_routine_reports_rest_and_go_on(as_, street, at):
    """The report of September is due; nobody is asked for it in a storm."""
    with at("2026-10-08 08:00"):
        body = {"form": "T06", "period": "2026-09", "areas": [YUANYUAN]}
        await did(as_, "dora", "/api/tasks", body, 201)
    with at("2026-10-08 09:00"):
        told = await got(as_, "dora", "/api/emergencies/plan")
        page = await begun(as_)
        assert page["rested"] == 1
        assert "1 项未到期的例行报表暂停" in " ".join(told["levels"][-1]["effects"])
        due = await got(as_, "alice", "/api/due")
        assert {line["paused"] for line in due} == {True}
    with at("2026-10-10 09:00"):
        await did(as_, "dora", f"/api/emergencies/{page['id']}/level",
                  TURN | {"rev": page["rev"], "level": "red"})  # fmt: skip
        due = await got(as_, "alice", "/api/due")
        assert {line["paused"] for line in due} == {False}, "a warning does not stop them"


async def test_an_exercise_leaves_limits_and_reports_alone(as_, street, work, at, contacts):
    body = {"form": "T06", "period": "2026-09", "areas": [YUANYUAN], "due_on": "2026-10-13"}
    await did(as_, "dora", "/api/tasks", body, 201)
    page = await begun(as_, drill=True)
    mode = await modes.now(YUANYUAN)
    assert (mode.name, mode.clocks, mode.pauses, mode.awake) == ("应急", False, False, False)
    assert page["rested"] == 0
    await work()
    due = await got(as_, "alice", "/api/due")
    assert [(line["form"], line["paused"]) for line in due] == [("T18", False), ("T06", False)]
    titles = await said(contacts, "gu.jianping")
    assert "演练 · 启动防汛防台Ⅳ级响应" in titles
    assert sum(title.startswith("演练 · 应急（防汛防台）情况快报") for title in titles) == 1


async def test_who_may_not_switch(as_, street):
    for who, status in [(None, 401), ("alice", 403), ("greta", 403), ("frank", 403)]:
        assert (await as_(who).post("/api/emergencies", BODY)).status == status
        assert await sql("select 1 from emergency") == [] and await modes.now(CAOYANG) is None


async def test_who_may_not_change_it(as_, street):
    page = await begun(as_)
    path = f"/api/emergencies/{page['id']}"
    for who, status in [(None, 401), ("alice", 403), ("greta", 403), ("erin", 404)]:
        for act, body in (
            ("level", TURN | {"rev": page["rev"], "level": "I"}),
            ("end", END | {"rev": page["rev"]}),
            ("reports", {"what": "note", "words": "记一笔"}),
            ("calls", {"words": "请立即到岗"}),
        ):
            assert (await as_(who).post(f"{path}/{act}", body)).status == status, act
        page_ = await when(as_)
        assert (page_["rev"], page_["until"]) == (page["rev"], None)
        assert await modes.now(CHANGFENG) is None


async def test_who_may_look(as_, street):
    page = await begun(as_)
    path = f"/api/emergencies/{page['id']}"
    for who, status in ((None, 401), ("greta", 403), ("erin", 404), ("alice", 200), ("frank", 200)):
        assert (await as_(who).get(path)).status == status, who
    assert (await got(as_, "alice", path))["can"] == ["mark", "lend"]
    assert await got(as_, "erin", "/api/emergencies") == []


async def test_bad_switches_leave_no_trace(as_, street):
    for changed, status, field in [
        ({"level": "V"}, 422, "level"),
        ({"kind": "外星人"}, 422, "kind"),
        ({"reason": ""}, 400, "reason"),
        ({"level": "IV; drop table"}, 400, "level"),
        ({"drill": "maybe"}, 400, "drill"),
    ]:
        answer = await as_("dora").post("/api/emergencies", BODY | changed)
        told = await answer.json()
        assert (answer.status, told["fields"][0]["field"]) == (status, field)
        assert await sql("select 1 from emergency") == [] and await sql("select 1 from job") == []
        assert await modes.now(CAOYANG) is None


async def test_bad_turns_leave_no_trace(as_, street, at):
    page = await begun(as_)
    path = f"/api/emergencies/{page['id']}"
    for act, body, code in (
        ("level", TURN | {"rev": page["rev"], "level": "IV"}, "answers.bad"),
        ("level", TURN | {"rev": 99, "level": "III"}, "state.overtaken"),
        ("reports", {"what": "oral", "words": "报告", "at": "2026-10-12T10:00"}, "answers.bad"),
        ("reports", {"what": "oral", "words": "报告", "at": "2026-10-11T10:00"}, "answers.bad"),
    ):
        answer = await as_("dora").post(f"{path}/{act}", body)
        assert (await answer.json())["code"] == code
    await did(as_, "dora", f"{path}/end", END | {"rev": page["rev"]})
    answer = await as_("dora").post(f"{path}/level", TURN | {"rev": page["rev"], "level": "I"})
    assert (answer.status, (await answer.json())["code"]) == (409, "emergency.over")


async def test_the_trace(as_, street):
    page = await begun(as_, drill=True)
    await did(as_, "dora", f"/api/emergencies/{page['id']}/end", END | {"rev": page["rev"]})
    rows = await sql(
        "select verb, subject, facts from audit where verb like 'emergency.%' order by id"
    )
    assert [row["verb"] for row in rows] == ["emergency.switch", "emergency.end"]
    assert rows[0]["subject"] == f"emergency:{page['id']}"
    assert rows[0]["facts"] == {
        "street": CAOYANG, "level": "IV", "drill": True, "first": True, "mode": "应急",
        "clocks": False,
    }  # fmt: skip


class TestFlash:
    """Flash reports: the first with the written first report, then every two hours."""

    async def test_it_works(self, as_, street, work, at, contacts):
        with at("2026-10-12 15:10"):
            page = await begun(as_)
            await work()
        path = f"/api/emergencies/{page['id']}"
        with at("2026-10-12 16:59"):
            await work()
            lines = (await got(as_, "dora", path))["flash"]
            assert [(one["label"], one["due_at"]) for one in lines] == [
                ("10月12日16时", "2026-10-12T16:10:00+08:00")
            ]
        with at("2026-10-12 17:00"):
            await work()
            lines = (await got(as_, "dora", path))["flash"]
            assert [one["label"] for one in lines] == ["10月12日18时", "10月12日16时"]
            assert (lines[0]["due_at"], lines[0]["total"]) == ("2026-10-12T18:00:00+08:00", 20)
            assert lines[1]["overdue"] == 20
            due = await got(as_, "alice", "/api/due")
            assert due[0]["period_label"] == "10月12日16时" and due[0]["overdue"] is True
        titles = await said(contacts, "Lu.XiaoYan")
        assert titles.count("应急（防汛防台）情况快报 10月12日18时") == 1

    async def test_a_job_that_runs_again_asks_once(self, as_, street, work, at):
        """As when a worker is killed after the last statement, before the job is marked."""
        with at("2026-10-12 15:10"):
            page = await begun(as_)
            await work()
        with at("2026-10-12 15:45"):
            await work()
            names = ["duty.flash", "duty.first_report"]
            await sql(
                """update job set state = 'queued', key = null
                   where name = any(:names) and state = 'done'""",
                names=names,
            )
            await work()
            page = await got(as_, "dora", f"/api/emergencies/{page['id']}")
        whats = [step["what"] for step in page["steps"]]
        assert (whats.count("flash"), whats.count("late"), len(page["flash"])) == (1, 1, 1)

    async def test_nobody_worked_for_half_a_day(self, as_, street, work, at):
        with at("2026-10-12 15:10"):
            page = await begun(as_)
            await work()
        with at("2026-10-13 04:30"):
            await work()
            lines = (await got(as_, "dora", f"/api/emergencies/{page['id']}"))["flash"]
            assert [one["label"] for one in lines] == ["10月13日4时", "10月12日16时"]

    async def test_it_stops_with_the_emergency(self, as_, street, work, at):
        with at("2026-10-12 15:10"):
            page = await begun(as_)
            await work()
        path = f"/api/emergencies/{page['id']}"
        with at("2026-10-12 16:30"):
            body = TURN | {"rev": page["rev"], "level": "red"}
            page = await did(as_, "dora", f"{path}/level", body)
        with at("2026-10-12 19:30"):
            await work()
            assert len((await got(as_, "dora", path))["flash"]) == 1
            body = TURN | {"rev": page["rev"], "level": "II"}
            page = await did(as_, "dora", f"{path}/level", body)
            await work()
            assert [one["label"] for one in page["flash"]] == ["10月12日16时"]
            lines = (await got(as_, "dora", path))["flash"]
            assert [one["label"] for one in lines] == ["10月12日20时", "10月12日16时"]
            page = await got(as_, "dora", path)
            await did(as_, "dora", f"{path}/end", END | {"rev": page["rev"]})
        with at("2026-10-13 10:00"):
            await work()
            assert len((await got(as_, "dora", path))["flash"]) == 2
            assert await got(as_, "alice", "/api/due") == [], "nobody is asked any more"

    async def test_first_reports_that_are_late(self, as_, street, work, at, contacts):
        with at("2026-10-12 15:10"):
            page = await begun(as_)
        path = f"/api/emergencies/{page['id']}"
        with at("2026-10-12 15:41"):
            await work()
            assert (await got(as_, "dora", path))["oral"]["late"] is True
            assert "口头首报已超过 30 分钟" in await said(contacts, "shen.min")
            await did(as_, "dora", f"{path}/reports", {"what": "written", "words": "书面报告已送"})
        with at("2026-10-12 16:11"):
            await work()
            page = await got(as_, "dora", path)
            assert (page["written"]["late"], page["oral"]["late"]) == (False, True)
        titles = await said(contacts, "shen.min")
        assert [title for title in titles if "书面首报" in title] == []
        assert [step["what"] for step in page["steps"]].count("late") == 1
