"""Paths → use cases."""

from backend.features.documents import actions
from backend.web.endpoint import get

ENDPOINTS = [
    get("/api/returns/{sheet}/pdf", actions.return_pdf),
    get("/api/returns/{sheet}/xlsx", actions.return_xlsx),
    get("/api/tasks/{task}/pdf", actions.task_pdf),
    get("/api/tasks/{task}/xlsx", actions.task_xlsx),
    get("/api/ledgers/{code}/pdf", actions.ledger_pdf),
    get("/api/ledgers/{code}/xlsx", actions.ledger_xlsx),
    get("/api/ledgers/{code}/pictures", actions.ledger_pictures),
    get("/api/ledgers/{code}/entries/{entry}/pictures", actions.entry_pictures),
]
