"""Paths → use cases."""

from backend.features.returns.actions import filling, merged, outlook, reminding, reviewing, tasks
from backend.web.endpoint import get, post, put

ENDPOINTS = [
    get("/api/due", filling.due),
    get("/api/returns/{sheet}", filling.read),
    put("/api/returns/{sheet}/draft", filling.save),
    post("/api/returns/{sheet}/submit", filling.submit),
    post("/api/returns/{sheet}/recompute", filling.recompute),
    post("/api/returns/{sheet}/check", reviewing.check),
    post("/api/returns/{sheet}/send-back", reviewing.send_back),
    post("/api/returns/{sheet}/approve", reviewing.approve),
    post("/api/returns/{sheet}/seen", reviewing.seen),
    get("/api/returns/{sheet}/versions", reviewing.versions),
    get("/api/returns/{sheet}/fields/{field}/rows", reviewing.rows_behind),
    get("/api/tasks", tasks.listing),
    post("/api/tasks", tasks.publish, status=201),
    get("/api/tasks/outlook", outlook.outlook),
    get("/api/tasks/{task}", tasks.one),
    post("/api/tasks/{task}/reminders", reminding.urge),
    get("/api/tasks/{task}/fields/{field}/rows", merged.rows_behind),
]
