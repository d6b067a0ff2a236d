"""Paths → use cases."""

from backend.features.accounts.actions import (
    contact,
    importing,
    leaving,
    public,
    roster,
    session,
    sign_on,
    trail,
)
from backend.web.endpoint import delete, get, post, put

ENDPOINTS = [
    get("/api/sign-in/corps", sign_on.corps, public=True),
    get("/api/sign-in/h5", sign_on.inside, public=True),
    get("/api/sign-in/desk", sign_on.desk, public=True),
    get("/api/sign-in/callback", sign_on.callback, public=True),
    post("/api/sign-in/mini", sign_on.mini, public=True),
    post("/api/sign-in/refresh", sign_on.refresh, public=True),
    post("/api/sign-out", leaving.sign_out),
    get("/api/me", session.me),
    get("/api/me/sessions", session.devices),
    delete("/api/me/sessions/{session}", session.revoke),
    get("/api/staff", roster.listing),
    post("/api/staff/import", importing.take),
    post("/api/staff/sync", roster.sync),
    get("/api/staff/strangers", roster.strangers),
    get("/api/staff/departments", roster.departments),
    put("/api/staff/departments/{corp_id}/{department}", roster.place),
    get("/api/audit", trail.listing),
    get("/wecom/callback/{corp_id}/{agent_id}", contact.greet, public=True),
    post("/wecom/callback/{corp_id}/{agent_id}", contact.take, public=True),
    get("/WW_verify_{proof}.txt", public.domain_proof, public=True),
]
