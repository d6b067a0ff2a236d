"""Paths → use cases."""

from backend.features.sensors import actions, warnings
from backend.web.endpoint import get, post, put

ENDPOINTS = [
    get("/api/sensors", actions.kinds),
    get("/api/devices", actions.listing),
    post("/api/devices", actions.enter, status=201),
    get("/api/devices/adjust", actions.adjust),
    get("/api/devices/{device}", actions.read),
    put("/api/devices/{device}", actions.change),
    get("/api/alarms", actions.alarm_list),
    get("/api/alarms/{alarm}", actions.alarm),
    post("/api/alarms/{alarm}/judge", actions.judge),
    get("/api/warnings", warnings.listing),
    get("/api/warnings/{warning}", warnings.read),
    post("/api/warnings/{warning}/close", warnings.close),
]
