"""Paths → use cases."""

from backend.features.catalogue import actions
from backend.web.endpoint import get

ENDPOINTS = [
    get("/api/forms", actions.listing),
    get("/api/forms/{code}", actions.one),
]
