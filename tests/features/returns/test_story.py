"""The main story at the wire: due, almost filled, handed in, two fields sent back, approved."""

from tests.features.returns.conftest import fetched, handed_in, the_return


async def test_it_works(as_, street):
    sheet = await the_return(as_)
    seen = await fetched(as_, "alice", sheet)
    figures = {code: known["value"] for code, known in seen["known"].items()}
    assert (figures["C01"], figures["C09"], figures["C11"], figures["C19"]) == (4, 1, 2, 4)
    assert figures["C18"] == 80.0 and seen["asked"] == ["C13"]
    assert (
        seen["known"]["C09"]["how"] == "由 1 行计算"
        and seen["known"]["C09"]["as_of"] == "2026-09-30"
    )

    handed = await (await handed_in(as_, sheet, C13=2)).json()
    assert (handed["state"], handed["version"]) == ("checking", 1)
    checked = await as_("bob").post(f"/api/returns/{sheet}/check")
    assert (await checked.json())["state"] == "submitted"

    remarks = [
        {"field": "C13", "remark": "长护险名单是 3 人"},
        {"field": "C12", "remark": "请核实失能人数"},
    ]
    sent = await as_("dora").post(f"/api/returns/{sheet}/send-back", {"remarks": remarks})
    assert (await sent.json())["state"] == "returned"
    again = await fetched(as_, "alice", sheet)
    assert sorted(again["open"]) == ["C12", "C13"]
    assert {r["field"]: r["remark"] for r in again["remarks"]} == {
        r["field"]: r["remark"] for r in remarks
    }

    second = await (await handed_in(as_, sheet, C13=3)).json()
    assert second["version"] == 2
    await as_("bob").post(f"/api/returns/{sheet}/check")
    reviewed = await fetched(as_, "dora", sheet)
    assert reviewed["changes"] == [
        {"field": "C13", "label": "享受居家养老/长护险", "before": 2, "after": 3}
    ]
    approved = await (await as_("dora").post(f"/api/returns/{sheet}/approve")).json()
    assert (
        approved["state"] == "approved" and len(approved["digest"]) == 64 and approved["can"] == []
    )

    # who decided has looked
    task = await (await as_("dora").get(f"/api/tasks/{reviewed['task_id']}")).json()
    assert [r for r in task["returns"] if r["changed_since_look"]] == []

    versions = await (await as_("dora").get(f"/api/returns/{sheet}/versions")).json()
    assert [(v["n"], v["figures"]["C13"], v["state"]) for v in versions] == [
        (2, 3, "approved"),
        (1, 2, "returned"),
    ]
    assert [s["what"] for s in approved["steps"]] == [
        "opened",
        "submitted",
        "checked",
        "sent_back",
        "submitted",
        "checked",
        "approved",
    ]


async def test_the_street_figure_is_computed_from_its_committees(as_, street):
    for who in ("alice", "carol"):
        sheet = await the_return(as_, who)
        await handed_in(as_, sheet, who=who, C13=2)
        await as_("bob" if who == "alice" else "dora").post(f"/api/returns/{sheet}/check")
    task = next(t for t in await (await as_("dora").get("/api/tasks")).json() if t["form"] == "T03")
    page = await (await as_("dora").get(f"/api/tasks/{task['id']}")).json()
    assert page["counts"]["total"] == 20
    merged = {f["key"]: f["value"] for f in page["merged"]["fields"]}
    # carol's has not been checked by her own lead, so only alice's counts
    assert (page["merged"]["of"], page["merged"]["counted"]) == (20, 1)
    assert (merged["C01"], merged["C13"], merged["C18"]) == (4, 2, 80.0)


async def test_figures_go_back_to_their_rows(as_, street):
    sheet = await the_return(as_)
    rows = await (await as_("alice").get(f"/api/returns/{sheet}/fields/C01/rows")).json()
    assert rows["total"] == 4
    assert {row["cells"]["name"] for row in rows["rows"]} == {
        "王秀英",
        "李国强",
        "陈桂芳",
        "赵爷爷",
    }
