"""Roles are sets of verbs; nobody asks for a role anywhere, only for a verb.

Who is who: workflow of a street (居村 → 街镇 → 区). A person may hold several roles.
"""

_SELF = {"account.self", "area.read", "form.read", "file.read"}

_READ_PLACE = {
    "person.read",
    "house.read",
    "building.read",
    "ledger.read",
    "return.read",
    "return.drill",
    "document.export",
}

_WORKER = (
    _SELF
    | _READ_PLACE
    | {
        "due.read",
        "return.save",
        "return.submit",
        "return.recompute",
        "ledger.record",
        "ledger.correct",
        "person.reveal",
        "person.update",
        "file.add",
    }
)

_SECTION = (
    _SELF
    | _READ_PLACE
    | {
        "due.read",
        "task.read",
        "task.urge",
        "return.review",
        "return.send_back",
        "return.look",
        "person.reveal",
        "feed.read",
        "staff.read",
    }
)

VERBS_OF: dict[str, frozenset[str]] = {
    "worker": frozenset(_WORKER),
    "lead": frozenset(_WORKER | {"return.check", "return.send_back", "return.look", "staff.read"}),
    "section": frozenset(_SECTION),
    "street_lead": frozenset(_SECTION),
    "street_admin": frozenset(
        _SECTION | {"task.publish", "area.change", "feed.pull", "staff.manage", "staff.import"}
    ),
    "district": frozenset(
        _SELF
        | {
            "task.read",
            "return.read",
            "document.export",
            "area.change",
            "building.read",
            "staff.read",
        }
    ),
    "auditor": frozenset(_SELF | {"audit.read"}),
}

# Where a role belongs: it is given to people of areas of this kind and no other.
PLACES = {
    "worker": "committee",
    "lead": "committee",
    "section": "street",
    "street_lead": "street",
    "street_admin": "street",
    "district": "district",
    "auditor": "district",
}

LABELS = {
    "worker": "社工",
    "lead": "书记（主任）",
    "section": "科室经办",
    "street_lead": "街镇分管领导",
    "street_admin": "街镇数据专员",
    "district": "区条线",
    "auditor": "审计员",
}


def verbs_of(roles: list[str]) -> frozenset[str]:
    """Everything that somebody with these roles may do. Unknown roles give nothing."""
    return frozenset().union(*(VERBS_OF.get(role, frozenset()) for role in roles))
