"""Paths → use cases."""

from backend.features.ledgers import actions
from backend.web.endpoint import get, post

ENDPOINTS = [
    get("/api/ledgers", actions.listing),
    get("/api/ledgers/{code}/rows", actions.rows),
    get("/api/ledgers/{code}/form", actions.blank),
    post("/api/ledgers/{code}/entries", actions.record, status=201),
    get("/api/ledgers/{code}/entries/{entry}", actions.one),
    post("/api/ledgers/{code}/entries/{entry}/correct", actions.correct, status=201),
]
