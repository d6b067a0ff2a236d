"""Paths → use cases."""

from backend.features.materials import actions
from backend.web.endpoint import get, post

ENDPOINTS = [
    post("/api/files", actions.upload, status=201, upload_mb=10),
    get("/api/files/{material}", actions.show),
    post("/api/files/{material}/cover", actions.cover, status=201),
    get("/api/files/{material}/{signature}", actions.show_signed, public=True),
]
