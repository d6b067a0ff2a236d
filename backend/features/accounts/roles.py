"""Roles are sets of verbs; nobody asks for a role anywhere, only for a verb.

Who is who: workflow of a street (居村 → 街镇 → 区). A person may hold several roles.
"""

_SELF = {"account.self", "area.read", "form.read", "file.read", "complaint.send", "complaint.judge"}

OFFICER = ["officer"]
"""The role of everybody who is no staff: an experience officer (治理体验官)."""

_OFFICERS = {
    "officer.read",
    "officer.invite",
    "officer.withdraw",
    "officer.manage",
    "officer.dismiss",
    "officer.call",
}

_FINDINGS = {
    "finding.read",
    "finding.register",
    "finding.decide",
    "finding.answer",
    "finding.publish",
    "finding.note",
    "finding.list",
    "mission.manage",
    "mission.save",
    "mission.publish",
    "mission.end",
    "file.release",
}

_COMPLAINTS = {"complaint.register", "complaint.answer"}

_READ_PLACE = {
    "person.read",
    "house.read",
    "building.read",
    "ledger.read",
    "return.read",
    "return.drill",
    "document.export",
}

_ORDERS = {"order.read", "order.note", "order.caller"}

_HANDLE = {
    "order.sign",
    "order.send_back",
    "order.contact",
    "order.help",
    "order.assign",
    "order.finish_part",
    "order.extend",
    "order.pause",
    "order.resume",
    "order.finish",
}

_CENTRE = {
    "order.survey",
    "order.report",
    "order.file",
    "order.refuse",
    "order.classify",
    "order.dispatch",
    "order.decide_back",
    "order.transfer",
    "order.join",
    "order.decide_extend",
    "order.decide_pause",
    "order.resume",
    "order.verify",
    "order.call_back",
    "order.close",
    "order.merge",
    "order.split",
    "order.units",
}

_ON_DUTY = {
    "duty.read",
    "duty.log",
    "duty.follow",
    "duty.offer",
    "duty.take",
    "emergency.read",
    "emergency.confirm",
    "emergency.people",
    "emergency.print",
    "emergency.mark",
    "emergency.supplies",
    "emergency.lend",
    "emergency.return",
}

_COMMAND = _ON_DUTY | {
    "duty.plan",
    "duty.drop",
    "emergency.switch",
    "emergency.end",
    "emergency.report",
    "emergency.call",
}

_ALARMED = {"device.read", "alarm.judge"}
_SENSORS = _ALARMED | {"device.manage", "warning.close"}

_BOARDS = {"board.street", "board.statistics", "board.spots", "board.export"}

_WORKER = (
    _SELF
    | _READ_PLACE
    | _ORDERS
    | _HANDLE
    | {"order.survey", "order.report", "order.classify"}
    | {"board.today", "board.statistics", "board.spots"}
    | _ON_DUTY
    | _ALARMED
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
        "device.read",
    }
)

VERBS_OF: dict[str, frozenset[str]] = {
    "worker": frozenset(_WORKER),
    "lead": frozenset(
        _WORKER
        | {"return.check", "return.send_back", "return.look", "staff.read"}
        | {"order.verify", "order.close", "order.merge"}
        | {"duty.plan", "duty.drop", "warning.close"}
    ),
    "handler": frozenset(_SELF | {"file.add", "emergency.confirm"} | _ORDERS | _HANDLE),
    "centre": frozenset(
        _SELF
        | {"file.add", "staff.read"}
        | _ORDERS
        | _CENTRE
        | _FINDINGS
        | _COMMAND
        | _SENSORS
        | _BOARDS
        | {"board.callers"}
    ),
    "section": frozenset(_SECTION | _OFFICERS | _FINDINGS | _ON_DUTY | {"board.street"}),
    "street_lead": frozenset(
        _SECTION
        | _ORDERS
        | {"order.survey", "order.report", "order.reopen", "file.add"}
        | {"finding.read", "finding.note", "finding.reopen"}
        | _COMMAND
        | _BOARDS
        | {"board.callers"}
        | {"warning.close"}
    ),
    "street_admin": frozenset(
        _SECTION
        | _OFFICERS
        | _FINDINGS
        | _COMPLAINTS
        | _COMMAND
        | _SENSORS
        | {"task.publish", "area.change", "feed.pull", "staff.manage", "staff.import"}
        | _BOARDS
    ),
    "district": frozenset(
        _SELF
        | _COMPLAINTS
        | {"task.read", "return.read", "document.export", "area.change"}
        | {"building.read", "staff.read", "duty.read", "emergency.read"}
        | {"board.district", "board.statistics", "board.export"}
    ),
    "auditor": frozenset(_SELF | {"audit.read"}),
    "officer": frozenset(
        {
            "account.self",
            "file.add",
            "complaint.send",
            "complaint.judge",
            "finding.send",
            "finding.nearby",
            "finding.follow",
            "finding.read_own",
            "finding.judge",
            "mission.read",
            "mission.take",
        }
    ),
}

# Where a role belongs: it is given to people of areas of this kind and no other.
PLACES = {
    "worker": "committee",
    "lead": "committee",
    "handler": "street",
    "centre": "street",
    "section": "street",
    "street_lead": "street",
    "street_admin": "street",
    "district": "district",
    "auditor": "district",
    "officer": "",  # nobody in the roster: officers come by invitation
}

LABELS = {
    "worker": "社工",
    "lead": "书记（主任）",
    "handler": "承办单位人员",
    "centre": "城运中心",
    "section": "科室经办",
    "street_lead": "街镇分管领导",
    "street_admin": "街镇数据专员",
    "district": "区条线",
    "auditor": "审计员",
    "officer": "治理体验官",
}


def verbs_of(roles: list[str]) -> frozenset[str]:
    """Everything that somebody with these roles may do. Unknown roles give nothing."""
    return frozenset().union(*(VERBS_OF.get(role, frozenset()) for role in roles))
