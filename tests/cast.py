"""The standing cast of the tests: one street with two committees, another street, the district.

alice works in 源园, bob leads it, carol works next door in 花溪园; dora administers their street,
erin another street; frank is the district, greta the auditor. henry is their street's centre,
iris (城管) and jack (物业) handle orders there, kate leads the street; leo is erin's centre.
"""

from uuid import UUID

from backend.core.access import Actor
from backend.core.scope import scope_of
from backend.features.accounts.roles import verbs_of

YUANYUAN, HUAXI = "310107005001", "310107005003"
CAOYANG, CHANGFENG, PUTUO = "310107005000", "310107014000", "310107000000"


def _member(number: int, name: str, area: str, *roles: str, duties: tuple[str, ...] = ()) -> Actor:
    verbs, scope = verbs_of(list(roles)), scope_of(area)
    return Actor(UUID(int=number), name, verbs, scope, area, frozenset(duties))


CAST = {
    "alice": _member(1, "陆小燕", YUANYUAN, "worker", duties=("老龄",)),
    "bob": _member(2, "顾建平", YUANYUAN, "lead"),
    "carol": _member(3, "钱慧", HUAXI, "worker"),
    "dora": _member(4, "沈敏", CAOYANG, "street_admin"),
    "erin": _member(5, "邵峰", CHANGFENG, "street_admin"),
    "frank": _member(6, "傅民", PUTUO, "district"),
    "greta": _member(7, "葛宁", PUTUO, "auditor"),
    "henry": _member(8, "何伟", CAOYANG, "centre"),
    "iris": _member(9, "尹红", CAOYANG, "handler", duties=("城管",)),
    "jack": _member(10, "季强", CAOYANG, "handler", duties=("物业一",)),
    "kate": _member(11, "康文", CAOYANG, "street_lead"),
    "leo": _member(12, "李响", CHANGFENG, "centre"),
}
