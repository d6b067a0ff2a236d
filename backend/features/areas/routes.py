"""Paths → use cases."""

from backend.features.areas import actions
from backend.web.endpoint import get, post

ENDPOINTS = [
    get("/api/areas", actions.listing),
    get("/api/areas/changes", actions.changes),
    post("/api/areas/changes", actions.change, status=201),
]
