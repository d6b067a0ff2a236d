"""Every module that holds tables, for tortoise and its migrations."""

TABLES = [
    "backend.core.audit",
    "backend.core.jobs",
    "backend.core.seal",
    "backend.web.idempotency",
    "backend.features.areas.tables",
    "backend.features.accounts.tables",
    "backend.features.notices.tables",
    "backend.features.materials.tables",
    "backend.features.catalogue.tables",
    "backend.features.registers.tables",
    "backend.features.connectors.tables",
    "backend.features.ledgers.tables",
    "backend.features.returns.tables",
    "backend.features.orders.tables",
    "backend.features.sensors.tables",
    "backend.features.duty.tables",
    "backend.features.feedback.tables",
    "backend.features.boards.tables",
]
