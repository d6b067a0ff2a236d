"""Paths → use cases."""

from backend.features.registers import actions
from backend.web.endpoint import get, post

ENDPOINTS = [
    get("/api/people", actions.people),
    get("/api/people/{person}", actions.person),
    post("/api/people/{person}/reveal", actions.reveal),
    post("/api/people/{person}/values", actions.update),
    get("/api/people/{person}/history", actions.history),
    get("/api/conflicts", actions.conflicts),
    get("/api/outlines", actions.map_of),
    get("/api/buildings", actions.buildings_of),
    get("/api/houses", actions.houses),
    get("/api/houses/{house}", actions.house),
]
