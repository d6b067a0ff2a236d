"""Paths → use cases."""

from backend.features.boards import actions
from backend.web.endpoint import get

ENDPOINTS = [
    get("/api/boards/today", actions.today),
    get("/api/boards/street", actions.street),
    get("/api/boards/street/xlsx", actions.street_xlsx),
    get("/api/boards/district", actions.district),
    get("/api/boards/district/xlsx", actions.district_xlsx),
    get("/api/boards/orders", actions.statistics),
    get("/api/boards/orders/xlsx", actions.statistics_xlsx),
    get("/api/boards/spots", actions.spots),
    get("/api/boards/callers", actions.callers),
]
