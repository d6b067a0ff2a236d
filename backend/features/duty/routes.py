"""Paths → use cases."""

from backend.features.duty.actions import (
    calling,
    caring,
    lending,
    log,
    printing,
    roster,
    switching,
)
from backend.web.endpoint import delete, get, post, put

ENDPOINTS = [
    get("/api/duty/now", roster.now),
    get("/api/duty/roster", roster.roster),
    put("/api/duty/roster", roster.plan_shifts),
    get("/api/duty/shifts/{shift}", log.read),
    delete("/api/duty/shifts/{shift}", roster.drop),
    post("/api/duty/shifts/{shift}/lines", log.add, status=201),
    post("/api/duty/shifts/{shift}/lines/{line}", log.follow),
    post("/api/duty/shifts/{shift}/hand-over", log.offer),
    post("/api/duty/shifts/{shift}/take", log.take),
    get("/api/emergencies", switching.listing),
    get("/api/emergencies/plan", switching.overview),
    get("/api/emergencies/supplies", lending.supplies),
    get("/api/emergencies/calls", calling.mine),
    post("/api/emergencies", switching.begin, status=201),
    get("/api/emergencies/{emergency}", switching.read),
    post("/api/emergencies/{emergency}/level", switching.turn),
    post("/api/emergencies/{emergency}/reports", switching.report),
    post("/api/emergencies/{emergency}/end", switching.end),
    get("/api/emergencies/{emergency}/people", caring.people),
    get("/api/emergencies/{emergency}/people/pdf", printing.people_pdf),
    get("/api/emergencies/{emergency}/supplies/pdf", printing.supplies_pdf),
    get("/api/emergencies/{emergency}/report/pdf", printing.closing_pdf),
    post("/api/emergencies/{emergency}/people/{person}", caring.mark),
    post("/api/emergencies/{emergency}/calls", calling.call, status=201),
    get("/api/emergencies/calls/{call}", calling.read),
    post("/api/emergencies/calls/{call}/confirm", calling.confirm),
    post("/api/emergencies/calls/{call}/by-phone", calling.by_phone),
    post("/api/emergencies/{emergency}/loans", lending.lend, status=201),
    post("/api/emergencies/loans/{loan}/return", lending.give_back),
]
