"""Drafts are kept on the server: never lost, never over somebody else's newer one."""

import pytest

from backend.core.db import sql, transaction
from backend.core.problems import Problem
from backend.core.scope import EVERYWHERE
from backend.features.returns.store import sheets
from tests.features.returns.conftest import fetched, the_return


async def body(as_, sheet, **change):
    held = await fetched(as_, "alice", sheet)
    return {"rev": held["rev"], "form_version": 1, "answers": {"C13": 2}, "reasons": {}} | change


async def test_it_works(as_, street):
    sheet = await the_return(as_)
    saved = await (
        await as_("alice").put(f"/api/returns/{sheet}/draft", await body(as_, sheet))
    ).json()
    again = await fetched(as_, "alice", sheet)
    assert (again["answers"], again["rev"]) == ({"C13": 2}, saved["rev"])
    due = await (await as_("alice").get("/api/due")).json()
    assert next(line for line in due if line["return_id"] == sheet)["asked_left"] == 0


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("dora", 403), ("carol", 404)])
async def test_who_may_not(as_, street, who, status):
    sheet = await the_return(as_)
    given = await body(as_, sheet)
    assert (await as_(who).put(f"/api/returns/{sheet}/draft", given)).status == status
    assert (await sql("select answers from form_return where id = :id::uuid", id=sheet))[0][
        "answers"
    ] == {}


async def test_an_older_draft_does_not_overwrite_a_newer_one(as_, street):
    sheet = await the_return(as_)
    first = await body(as_, sheet)
    await as_("alice").put(f"/api/returns/{sheet}/draft", first)
    late = await as_("bob").put(f"/api/returns/{sheet}/draft", first | {"answers": {"C13": 9}})
    told = await late.json()
    assert (late.status, told["code"]) == (409, "draft.conflict")
    assert told["draft"]["answers"] == {"C13": 2}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"C13": "两个"}, "number.type"),
        ({"C13": -1}, "number.min"),
        ({"C13": 1.5}, "number.whole"),
        ({"ZZ": 1}, "unknown"),
    ],
)
async def test_a_wrong_answer_is_kept_and_told(as_, street, answers, code):
    """A draft may be wrong; it is told where, and only handing in refuses it."""
    sheet = await the_return(as_)
    given = await body(as_, sheet, answers=answers)
    saved = await (await as_("alice").put(f"/api/returns/{sheet}/draft", given)).json()
    assert code in {issue["code"] for issue in saved["issues"]}
    refused = await as_("alice").post(f"/api/returns/{sheet}/submit", given | {"rev": saved["rev"]})
    assert refused.status == 422
    assert await sql("select 1 from return_version") == []


async def test_a_total_typed_over_needs_a_reason(as_, street):
    sheet = await the_return(as_)
    given = await body(as_, sheet, answers={"C13": 2, "C12": 1})
    refused = await (await as_("alice").post(f"/api/returns/{sheet}/submit", given)).json()
    assert {"field": "C12", "code": "override"}.items() <= refused["fields"][0].items()
    given |= {"reasons": {"C12": "上门核实后有一位半失能，登记未更新"}}
    assert (await as_("alice").post(f"/api/returns/{sheet}/submit", given)).status == 200


async def test_only_what_was_sent_back_opens(as_, street):
    sheet = await the_return(as_)
    given = await body(as_, sheet)
    assert (await as_("bob").post(f"/api/returns/{sheet}/submit", given)).status == 200
    back = {"remarks": [{"field": "C13", "remark": "请核对"}]}
    assert (await as_("dora").post(f"/api/returns/{sheet}/send-back", back)).status == 200
    given = await body(as_, sheet, answers={"C13": 3, "C12": 5}, reasons={"C12": "顺手改"})
    refused = await as_("alice").put(f"/api/returns/{sheet}/draft", given)
    told = await refused.json()
    assert (refused.status, told["code"]) == (422, "field.locked")
    assert [field["field"] for field in told["fields"]] == ["C12"]


async def test_nobody_saves_over_what_came_in_between(as_, street):
    sheet = await the_return(as_)
    held = await sheets.glanced(EVERYWHERE, sheet)
    assert (
        await as_("alice").put(f"/api/returns/{sheet}/draft", await body(as_, sheet))
    ).status == 200
    with pytest.raises(Problem) as told:
        async with transaction(lazily=True):
            await sheets.save_draft(held, 1, {"C13": 9}, {}, 0)
    assert told.value.code == "state.overtaken"
    assert (await fetched(as_, "alice", sheet))["answers"] == {"C13": 2}


@pytest.mark.parametrize("handing_in", [False, True])
async def test_the_form_changed_meanwhile(as_, street, catalogue, server, monkeypatch, handing_in):
    """Answers to version 1 are kept as a draft of version 2, with the differences shown."""
    sheet = await the_return(as_)
    given = await body(as_, sheet)
    old = catalogue.form("T03")
    new = old.model_copy(
        update={
            "version": 2,
            "fields": tuple(
                field.model_copy(update={"label": "享受长护险"}) if field.key == "C13" else field
                for field in old.fields
            ),
        }
    )
    from backend.app import PORTS
    from backend.features.catalogue.catalogue import Catalogue

    live = server.app[PORTS][Catalogue]
    monkeypatch.setitem(live.forms, "T03", new)
    monkeypatch.setitem(live.versions, ("T03", 2), new)
    alice, at = as_("alice"), f"/api/returns/{sheet}"
    response = await (
        alice.post(f"{at}/submit", given) if handing_in else alice.put(f"{at}/draft", given)
    )
    told = await response.json()
    assert (response.status, told["code"]) == (409, "form.changed")
    assert told["changes"] == [{"field": "C13", "label": "享受长护险", "what": "changed"}]
    kept = await fetched(as_, "alice", sheet)
    assert told["draft"]["rev"] == kept["rev"]
    assert (kept["answers"], kept["form"]["version"]) == ({"C13": 2}, 2)
