"""The platform's vocabulary: pinyin keys, eight-digit dates, its own codes and words for ours."""

from datetime import date, datetime
from typing import Any

from backend.core.clock import SHANGHAI
from backend.sandbox.district.families import Person
from backend.sandbox.district.places import Building, House

Row = dict[str, Any]

_ID_TYPE = {"111": "01", "414": "02"}
_SEX = {"1": "1", "2": "0"}  # many an old system says 0 for women
_KIND = {"1": "HJ", "2": "LHCZ", "3": "LHDQ", "4": "JW"}
_ETHNIC = {"01": "汉族", "03": "回族", "10": "朝鲜族", "11": "满族", "15": "土家族", "": ""}
_NATION = {"156": "中国", "276": "德国", "250": "法国", "392": "日本", "410": "韩国"}
_NATION |= {"826": "英国", "380": "意大利", "840": "美国", "703": "斯洛伐克"}
_SCHOOL = {"11": "博士", "14": "硕士", "21": "本科", "31": "大专", "41": "中专", "61": "高中"}
_SCHOOL |= {"71": "初中", "81": "小学", "90": "文盲或半文盲", "": ""}
_PARTY = {"01": "党员", "03": "团员", "13": "群众"}
_MARRIED = {"10": "未婚", "20": "已婚", "22": "再婚", "30": "丧偶", "40": "离异", "90": "不详"}
_WORK = {"11": "公务员", "13": "专技", "17": "职员", "21": "企业管理", "24": "工人", "31": "学生"}
_WORK |= {"51": "自由职业", "54": "个体", "70": "无业", "80": "退休", "90": "其他"}
_KIN = {"02": "户主", "11": "丈夫", "12": "妻子", "20": "儿子", "30": "女儿", "28": "女婿"}
_KIN |= {"38": "儿媳", "41": "孙子", "42": "孙女", "51": "父亲", "52": "母亲", "99": "非亲属"}
_KIN |= {"": ""}
_REASON = {
    "迁入": "QR",
    "迁出": "QC",
    "出生": "CS",
    "死亡": "SW",
    "搬离": "BL",
    "搬入": "BR",
    "": "",
}
_USE = {"10": "居住", "20": "商业", "30": "办公", "50": "公建"}
_PROPERTY = {"1": "商品房", "2": "售后公房", "3": "公房", "4": "动迁房", "6": "保租房", "9": "其他"}
_OCCUPANCY = {"1": "ZZ", "2": "CZ", "3": "KZ", "4": "JZ", "5": "QZ", "6": "JGF"}


def person_row(person: Person) -> Row:
    """实有人口: one person as the platform tells it."""
    return {
        "rkbm": person.id,
        "xm": person.name,
        "zjlx": _ID_TYPE[person.id_type],
        "zjhm": person.id_no,
        "xb": _SEX[person.sex],
        "csrq": _day(person.birth),
        "mz": _ETHNIC[person.ethnic],
        "jg": person.native,
        "gj": _NATION[person.nationality],
        "ywm": person.name_en,
        "whcd": _SCHOOL[person.edu],
        "zzmm": _PARTY[person.political],
        "hyzk": _MARRIED[person.marital],
        "cyzk": _WORK[person.occupation],
        "gzdw": person.employer,
        "lxdh": person.phone,
        "bydh": person.phone2,
        "rkzt": f"0{person.status}",
        "rklb": _KIND[person.kind],
        "hjdz": person.huji,
        "fwbm": person.house.id,
        "hbm": person.household,
        "hlx": "集体户" if person.collective else "家庭户",
        "yhzgx": _KIN[person.relation],
        **_coming(person),
        "jjlxr": person.contact[0],
        "jjlxdh": person.contact[1],
        "jjlxgx": _KIN[person.contact[2]],
        "sqbm": person.house.building.committee,
        "wgbm": person.house.building.grid,
        "gxsj": person.updated,
    }


def _coming(person: Person) -> Row:
    return {
        "rzrq": _day(person.move_in),
        "lkrq": _day(person.move_out),
        "bdyy": _REASON[person.reason],
        "swrq": _day(person.death),
        "jzzh": person.permit,
        "jzzyxq": _day(person.permit_until),
        "lhsy": person.stay_reason,
    }


def building_row(building: Building, updated: str) -> Row:
    """楼栋: one 号."""
    return {
        "ldbm": building.id,
        "xqmc": building.estate,
        "lm": building.road,
        "nong": building.lane or "",
        "hao": building.number,
        "dscs": str(building.floors),
        "mchs": building.doors,
        "ywdt": "有" if building.lift else "无",
        "fwjg": building.structure,
        "jcnf": str(building.built),
        "sqbm": building.committee,
        "wgbm": building.grid,
        "zb": f"{building.lng},{building.lat}",
        "gxsj": updated,
    }


def house_row(house: House) -> Row:
    """房屋: one door."""
    return {
        "fwbm": house.id,
        "ldbm": house.building.id,
        "shi": house.room,
        "fwdz": house.address,
        "jzmj": f"{house.area:.2f}",
        "fwyt": _USE[house.use],
        "fwxz": _PROPERTY[house.building.prop],
        "jzzt": _OCCUPANCY[house.occupancy],
        "cqrxm": house.owner.get("name", ""),
        "cqrzjhm": house.owner.get("id_no", ""),
        "cqrdh": house.owner.get("phone", ""),
        "zldqr": house.lease_end,
        "yqlx": {"1": "管道气", "2": "瓶装气", "3": "无"}[house.gas],
        "sqbm": house.building.committee,
        "gxsj": house.updated,
    }


def moment_of(stamp: str) -> datetime:
    """What the platform means by 20261008091233."""
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)


def _day(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""
