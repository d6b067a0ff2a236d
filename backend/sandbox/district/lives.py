"""What fits a life: schooling, work, party, marriage, home town, by age and by origin."""

from datetime import date
from random import Random


def _words(text: str) -> list[str]:
    return text.split()


# From where people come to Shanghai: GB/T 2260 division and its name.
_HOMES = _words(
    "341226安徽省阜阳市颍上县 341522安徽省六安市霍邱县 341122安徽省滁州市来安县 "
    "340621安徽省淮北市濉溪县 320924江苏省盐城市射阳县 320831江苏省淮安市金湖县 "
    "320623江苏省南通市如东县 321324江苏省宿迁市泗洪县 411525河南省信阳市固始县 "
    "411625河南省周口市郸城县 361128江西省上饶市鄱阳县 361124江西省上饶市铅山县 "
    "511724四川省达州市大竹县 511325四川省南充市西充县 422826湖北省恩施州咸丰县 "
    "421125湖北省黄冈市浠水县 330328浙江省温州市文成县 331023浙江省台州市天台县 "
    "350426福建省三明市尤溪县 371324山东省临沂市兰陵县 370828山东省济宁市金乡县 "
    "610922陕西省安康市石泉县 430525湖南省邵阳市洞口县 230281黑龙江省齐齐哈尔市讷河市"
)
# Where a Shanghai family may be registered while it lives here; numbers from 3000 do not exist.
_ELSEWHERE = _words(
    "静安区江宁路 静安区康定路 虹口区四川北路 虹口区曲阳路 杨浦区控江路 杨浦区延吉中路 "
    "黄浦区复兴中路 徐汇区龙华西路 长宁区天山路 闵行区七莘路 宝山区长江西路 "
    "嘉定区金沙江西路 浦东新区昌里路 浦东新区浦三路 松江区谷阳北路 奉贤区解放中路"
)
_NATIVE = _words("310107 310101 310110 320600 320500 330600 330200 320900 321000")
_FIRMS = _words("申 浦 沪 宏 恒 瑞 锦 创 联 新 嘉 华 信 诚 盛 泰")
_TRADES = _words(
    "机电设备有限公司 信息科技有限公司 物流有限公司 餐饮管理有限公司 建筑装饰工程有限公司 "
    "贸易有限公司 物业服务有限公司 商业连锁有限公司 医疗器械有限公司 文化传播有限公司"
)
_ETHNIC = ("01",) * 96 + ("03", "11", "15", "10")
# Education by the year of birth: (born before, codes with weights).
_SCHOOL = (
    (1945, {"90": 18, "81": 44, "71": 24, "61": 8, "31": 4, "21": 2}),
    (1960, {"81": 18, "71": 46, "61": 24, "41": 4, "31": 6, "21": 2}),
    (1972, {"71": 30, "61": 30, "41": 14, "31": 16, "21": 10}),
    (1985, {"71": 12, "61": 14, "41": 12, "31": 26, "21": 32, "14": 4}),
    (9999, {"71": 3, "61": 8, "41": 7, "31": 24, "21": 46, "14": 11, "11": 1}),
)
_SCHOOL_ELSEWHERE = {"81": 10, "71": 42, "61": 18, "41": 8, "31": 12, "21": 9, "14": 1}
_WORK = {"13": 18, "17": 34, "21": 7, "24": 16, "11": 2, "54": 6, "51": 7, "70": 8, "90": 2}
_WORK_ELSEWHERE = {"13": 8, "17": 26, "24": 28, "54": 18, "51": 14, "70": 4, "90": 2}


def years(birth: date, day: date) -> int:
    """Age in full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def pick(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def ethnic(rng: Random) -> str:
    return rng.choice(_ETHNIC)


def native_place(rng: Random) -> str:
    return rng.choice(_NATIVE)


def home_town(rng: Random) -> tuple[str, str]:
    """Division code and an address in a county elsewhere."""
    place = rng.choice(_HOMES)
    village = f"{rng.choice('东西南北新')}{rng.choice('塘河岗庄湾')}村{rng.randrange(3001, 3400)}号"
    return place[:6], place[6:] + village


def registered_elsewhere(rng: Random) -> str:
    """An address in another district of Shanghai, with a lane that does not exist."""
    lane, house, room = rng.randrange(3001, 3600), rng.randrange(1, 40), rng.randrange(1, 7)
    return f"上海市{rng.choice(_ELSEWHERE)}{lane}弄{house}号{room}0{rng.randrange(1, 5)}室"


def schooling(rng: Random, birth: date, day: date, *, local: bool) -> str:
    """Highest education, GB/T 4658; nothing for children before school."""
    age = years(birth, day)
    if age < 22:
        return "" if age < 6 else "81" if age < 15 else "71" if age < 18 else "61"
    if not local:
        return pick(rng, _SCHOOL_ELSEWHERE)
    return pick(rng, next(codes for until, codes in _SCHOOL if birth.year < until))


def occupation(rng: Random, sex: str, age: int, *, local: bool) -> str:
    """从业状况, GB/T 2261.4."""
    if age < 6:
        return "90"
    if age < 22:
        return "31"
    if age >= (60 if sex == "1" else 53):
        return "80" if local or rng.random() < 0.4 else "70"
    return pick(rng, _WORK if local else _WORK_ELSEWHERE)


def employer(rng: Random, work: str) -> str:
    """An invented workplace or school."""
    if work == "31":
        return (
            f"普陀区第{rng.choice('一二三四五六七八九')}实验{rng.choice(('小学', '中学'))}（虚构）"
        )
    if work in ("13", "17", "21", "24"):
        return f"上海{rng.choice(_FIRMS)}{rng.choice(_FIRMS)}{rng.choice(_TRADES)}"
    return ""


def politics(rng: Random, age: int, *, local: bool) -> str:
    """政治面貌, GB/T 4762."""
    if 14 <= age < 28 and rng.random() < 0.45:
        return "03"
    if age >= 20 and rng.random() < (0.16 if local else 0.04):
        return "01"
    return "13"


def marriage(rng: Random, age: int, *, paired: bool, alone: bool) -> str:
    """婚姻状况, GB/T 2261.2."""
    if paired:
        return "22" if rng.random() < 0.04 else "20"
    if age < 24:
        return "10"
    if age >= 65:
        return pick(rng, {"30": 82, "40": 9, "10": 4, "20": 5 if not alone else 0})
    return pick(rng, {"10": 70 if age < 40 else 30, "40": 24, "30": 6, "20": 20})
