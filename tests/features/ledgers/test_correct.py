"""An entry is corrected by a counter-entry; what it said can still be read."""

import pytest

from backend.core.db import sql
from tests.features.ledgers.conftest import visit


async def recorded(as_, homes):
    return (await (await visit(as_, homes["王秀英"])).json())["id"]


async def test_it_works(as_, homes):
    old = await recorded(as_, homes)
    body = {"answers": {"met": "见到家属"}, "reason": "当时点错了"}
    response = await as_("alice").post(f"/api/ledgers/L01/entries/{old}/correct", body)
    made = await response.json()
    assert response.status == 201, made
    texts = {field["key"]: field["text"] for field in made["fields"]}
    assert (texts["met"], texts["content"][:4], made["corrects"]) == ("见到家属", "身体还好", old)
    was = await (await as_("alice").get(f"/api/ledgers/L01/entries/{old}")).json()
    assert was["corrected_by"] == made["id"]
    page = await (await as_("alice").get("/api/ledgers/L01/rows")).json()
    assert [row["state"] for row in page["rows"]] == ["good", "corrected"]


async def test_only_once(as_, homes):
    old = await recorded(as_, homes)
    body = {"answers": {"met": "见到家属"}, "reason": "点错了"}
    await as_("alice").post(f"/api/ledgers/L01/entries/{old}/correct", body)
    again = await as_("alice").post(f"/api/ledgers/L01/entries/{old}/correct", body)
    assert (again.status, (await again.json())["code"]) == (409, "state.wrong")


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("dora", 403), ("carol", 404)])
async def test_who_may_not(as_, homes, who, status):
    old = await recorded(as_, homes)
    body = {"answers": {"met": "见到家属"}, "reason": "点错了"}
    assert (await as_(who).post(f"/api/ledgers/L01/entries/{old}/correct", body)).status == status


async def test_entries_are_never_edited_or_deleted(as_, homes):
    await recorded(as_, homes)
    for statement in ("update ledger_entry set data = '{}'", "delete from ledger_entry"):
        with pytest.raises(Exception, match="never"):
            await sql(statement)
