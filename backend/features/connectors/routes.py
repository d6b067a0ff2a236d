"""Paths → use cases."""

from backend.features.connectors import actions, pushing
from backend.web.endpoint import get, post

ENDPOINTS = [
    get("/api/feeds", actions.listing),
    post("/api/feeds/{key}/pulls", actions.pull, status=202),
    get("/api/feeds/{key}/runs", actions.runs),
    get("/api/feeds/{key}/quarantine", actions.quarantine),
    post("/api/feeds/{key}/push", pushing.take, public=True),
]
