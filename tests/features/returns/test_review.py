"""Checking, sending back and approving: who may, when, and what is refused."""

import pytest

from backend.core.db import sql
from tests.features.returns.conftest import handed_in, the_return

BACK = {"remarks": [{"field": "C13", "remark": "请核对"}]}


async def submitted(as_):
    sheet = await the_return(as_)
    assert (await handed_in(as_, sheet, who="bob", C13=2)).status == 200
    return sheet


async def test_it_works(as_, street):
    sheet = await submitted(as_)
    assert (await as_("dora").post(f"/api/returns/{sheet}/approve", {"note": "同意"})).status == 200
    verbs = [row["verb"] for row in await sql("select verb from audit order by id")]
    assert verbs[-2:] == ["return.submit", "return.review"]


@pytest.mark.parametrize("way", ["approve", "send-back"])
@pytest.mark.parametrize(("who", "status"), [(None, 401), ("alice", 403), ("erin", 404)])
async def test_who_may_not(as_, street, way, who, status):
    sheet = await submitted(as_)
    response = await as_(who).post(
        f"/api/returns/{sheet}/{way}", BACK if way == "send-back" else {}
    )
    assert response.status == status
    assert (await sql("select state from form_return where id = :id::uuid", id=sheet))[0][
        "state"
    ] == "submitted"


async def test_a_lead_sends_back_what_the_worker_handed_in(as_, street):
    sheet = await the_return(as_)
    await handed_in(as_, sheet, C13=2)
    assert (await as_("dora").post(f"/api/returns/{sheet}/send-back", BACK)).status == 403
    assert (await as_("bob").post(f"/api/returns/{sheet}/send-back", BACK)).status == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"remarks": []}, 400, "input.bad"),
        ({"remarks": [{"field": "C13", "remark": ""}]}, 400, "input.bad"),
        ({"remarks": [{"field": "C99", "remark": "?"}]}, 422, "answers.bad"),
    ],
)
async def test_bad_remarks_leave_no_trace(as_, street, body, status, code):
    sheet = await submitted(as_)
    response = await as_("dora").post(f"/api/returns/{sheet}/send-back", body)
    assert (response.status, (await response.json())["code"]) == (status, code)
    assert await sql("select 1 from return_remark") == []


async def test_what_is_approved_stays(as_, street):
    sheet = await submitted(as_)
    await as_("dora").post(f"/api/returns/{sheet}/approve")
    for way, body in (("approve", {}), ("send-back", BACK)):
        response = await as_("dora").post(f"/api/returns/{sheet}/{way}", body)
        assert (response.status, (await response.json())["code"]) == (409, "state.wrong")
    refused = await handed_in(as_, sheet, C13=9)
    assert refused.status == 409
    with pytest.raises(Exception, match="never changed"):
        await sql("update return_version set figures = '{}'")
