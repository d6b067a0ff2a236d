"""An officer has doors of their own; every other one is shut, and none leads elsewhere."""

import re
from uuid import UUID

from backend.app import ENDPOINTS
from backend.features.accounts.roles import OFFICER, VERBS_OF, verbs_of
from backend.web.endpoint import Endpoint

OPEN = {
    "GET /api/me",
    "GET /api/me/sessions",
    "DELETE /api/me/sessions/{session}",
    "POST /api/sign-out",
    "POST /api/files",
    "POST /api/complaints",
    "GET /api/complaints/mine",
    "POST /api/complaints/{complaint}/judge",
}
GUARDED = [endpoint for endpoint in ENDPOINTS if not endpoint.public]


def name_of(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def own(endpoint: Endpoint) -> bool:
    return name_of(endpoint) in OPEN or endpoint.path.startswith("/api/officer/")


async def test_every_other_door_is_shut(http, zhou):
    """Before anything is read: the same whatever the path names and the body says."""
    shut = [endpoint for endpoint in GUARDED if not own(endpoint)]
    assert len(shut) > 100
    found = {}
    for endpoint in shut:
        path = re.sub(r"{\w+}", str(UUID(int=7)), endpoint.path)
        headers = zhou._headers()
        response = await http.request(endpoint.method, path, json={}, headers=headers)
        if response.status != 403:
            found[name_of(endpoint)] = response.status
    assert found == {}


async def test_their_own_doors_are_open_to_them(http, zhou):
    found = {}
    for endpoint in (e for e in GUARDED if own(e) and e.path != "/api/sign-out"):
        path = re.sub(r"{\w+}", str(UUID(int=7)), endpoint.path)
        headers = zhou._headers()
        response = await http.request(endpoint.method, path, json={}, headers=headers)
        found[name_of(endpoint)] = response.status
    assert set(found.values()) == {200, 400, 404}, found


async def test_staff_do_not_come_in_by_theirs(http, as_, street):
    for endpoint in (e for e in GUARDED if e.path.startswith("/api/officer/")):
        path = re.sub(r"{\w+}", str(UUID(int=7)), endpoint.path)
        for who in ("alice", "dora", "frank", "kate"):
            headers = {"Authorization": f"Bearer {who}"}
            response = await http.request(endpoint.method, path, json={}, headers=headers)
            assert response.status == 403, (who, path)


def test_their_verbs_lead_to_no_record_of_others():
    shared = {"account.self", "file.add", "complaint.send", "complaint.judge"}
    others = frozenset().union(*(verbs for role, verbs in VERBS_OF.items() if role != "officer"))
    assert verbs_of(OFFICER) & others == shared


async def test_pictures_of_the_street_are_not_theirs(as_, http, zhou):
    from tests.pictures import photo

    given = await (
        await as_("alice").upload("/api/files", "x.jpg", photo(90, 60), "image/jpeg")
    ).json()
    assert (await zhou.get(f"/api/files/{given['id']}")).status == 403
