"""Names that fit a birth year: surnames weighted as in Shanghai, given names by decade and sex."""

from datetime import date
from itertools import accumulate
from random import Random

_COMMON = (
    "王710 李700 张670 刘510 陈460 杨300 黄220 赵210 吴200 周190 徐165 孙150 马130 "
    "朱125 胡115 郭110 何110 高100 林100 罗95 郑92 梁85 谢76 宋75 唐72 许70 韩68 冯66 "
    "邓64 曹62 彭60 曾58 肖57 田55 董54 袁53 潘52 于51 蒋50 蔡49 余48 杜47 叶46 程45 "
    "苏44 魏43 吕42 丁41 任40 沈39 姚38 卢37 姜36 崔35 钟34 谭33 陆32 汪31 范30 金29 "
    "石28 廖27 贾26 夏25 韦24 付23 方22 白21 邹20 孟19 熊18 秦17 邱16 江15 尹14 薛13 "
    "闫12 段11 雷10 侯10 龙10 史10 陶9 黎9 贺9 顾9 毛9 郝9 龚9 邵9 万8 钱8 严8 覃8 武8 "
    "戴8 莫7 孔7 向7 汤7 俞6 殷6 施6 华6 倪6 章6 鲍5 柳5 葛5 凌4 费4 岑3 诸葛1 欧阳3 "
    "上官1 司徒1"
)
_AT_HOME = {"沈": 5.0, "陆": 6.0, "顾": 9.0, "朱": 2.2, "徐": 2.0, "周": 1.8, "钱": 7.0, "金": 4.0}
_AT_HOME |= {"姚": 3.0, "施": 6.0, "俞": 6.0, "倪": 5.0, "陶": 4.0, "邵": 3.0, "戴": 3.0, "严": 4.0}

_MEN = {
    1938: "阿根 阿毛 德福 福生 根宝 金生 桂生 荣根 宝根 林生 炳生 长根 洪生 顺发 德明 志明 "
    "文彬 学文 仁德 永康 鹤鸣 祥生 耀庭 锦堂 绍棠 松涛 逸民 家骏 鸿章 国钧",
    1953: "国华 国良 志明 永明 文华 德明 荣根 宝林 金根 建华 国平 根发 志刚 永兴 新民 解放 "
    "维民 家麟 伯荣 福根 龙根 国祥 锡康 惠民 忠良 鑫泉 阿龙 明德 关荣 耀明",
    1965: "建国 建华 卫国 国庆 跃进 建平 建民 志强 国强 伟国 伟民 永强 国伟 和平 援朝 志良 "
    "永平 国梁 伟忠 鸣 建明 德兴 卫平 金龙 荣华 志伟 永康 家驹 建新 国荣",
    1976: "卫东 红兵 军 伟 勇 强 建军 志军 向东 立新 海东 春雷 伟明 文伟 俊 敏 晓明 永红 毅 "
    "健 震 建忠 斌 雄伟 继红 洪 伟强 海平 峰 志华",
    1986: "磊 军 勇 杰 涛 超 明 刚 辉 健 俊 斌 波 毅 晓东 志勇 海峰 炜 晨 旻 骏 斐 佳 凯 翔 "
    "嘉 晓峰 宏伟 振华 晔",
    1996: "鑫 超 杰 浩 宇 鹏 飞 晨 俊杰 嘉伟 文杰 佳俊 晓晨 一鸣 天翔 逸飞 宇晨 佳伟 栋 琦 "
    "帆 博 思源 子健 诚 嘉诚 睿 皓 凯文 翰林",
    2006: "宇航 子豪 俊杰 佳豪 文博 嘉豪 思远 天宇 浩然 泽宇 晨阳 逸凡 嘉懿 鸿宇 奕阳 子昂 "
    "昊天 宇轩 乐天 启航 哲远 明轩 子涵 奕帆 智轩",
    2016: "梓轩 浩宇 子轩 宇轩 奕辰 俊熙 皓轩 博文 一诺 梓睿 昱辰 沐阳 承泽 子墨 嘉佑 睿哲 "
    "宸宇 辰逸 思齐 铭泽 致远 彦博 弘毅 可为 知行",
    9999: "奕辰 沐宸 宇泽 亦辰 沐泽 若辰 景行 予安 星野 云舟 知远 时安 砚书 承宇 屿舟 清和 "
    "昭明 怀瑾 牧之 乐知 嘉树 子谦 明远 望舒 行简",
}
_WOMEN = {
    1938: "秀英 桂英 玉兰 阿妹 阿娥 金娣 招娣 凤英 菊英 素珍 月娥 兰珍 惠珍 秀珍 桂珍 静芳 "
    "蕴玉 淑贞 杏英 银娣 彩云 梅英 巧云 文秀 瑞芳 佩琴 佩英 慧娟 婉珍 宝珍",
    1953: "秀英 桂英 秀珍 玉珍 惠芳 凤珍 月英 美珍 素英 丽珍 佩珍 慧珍 惠英 美华 玲娣 根娣 "
    "龙妹 蓉芳 爱珍 雅琴 文娟 慧芬 杏珍 翠英 金妹 小妹 美英 兰芳 凤仙 静娟",
    1965: "建华 美华 惠萍 丽华 秀芳 小红 美玲 玉芳 爱华 国英 慧敏 佩华 丽萍 秀兰 惠娟 凤娣 "
    "玲珍 爱萍 月琴 莉萍 亚萍 美芳 慧琴 雅芳 珠凤 伟英 志芳 小琴 蓓蕾 建英",
    1976: "红 敏 静 丽 燕 卫红 红英 萍 艳 洁 群 莉 蓉 琴 华 晓红 海燕 春燕 文英 慧 颖 瑾 "
    "咏梅 丽娟 志红 小燕 岚 蕾 雅萍 芸",
    1986: "静 丽 敏 燕 娟 婷 洁 颖 莉 蓓 佳 琳 艳 倩 晶 晓燕 晓岚 莹 雯 洁琼 怡 蕾 瑛 芳 薇 "
    "丽娜 雪梅 嘉 旖 婕",
    1996: "婷 雯 佳 倩 怡 琳 晶 妍 佳妮 思佳 雅婷 晓雯 梦婷 嘉雯 诗韵 佳怡 欣 悦 璐 怡婷 "
    "依雯 文婷 靖怡 嘉怡 佳慧 逸文 冰洁 之韵 萌 丹妮",
    2006: "欣怡 思琪 佳怡 雨欣 梦瑶 嘉怡 诗涵 子涵 雯静 梓涵 依诺 语嫣 心怡 若曦 雨桐 乐怡 "
    "安琪 慧妍 可欣 书瑶 芷晴 静怡 怡然 思涵 雅雯",
    2016: "梓涵 一诺 诗涵 欣妍 子萱 雨桐 可馨 梓萱 思妤 语桐 若汐 沐晴 依依 苡沫 芊羽 昕玥 "
    "书妍 乐瑶 恩熙 彦希 千寻 语晨 佑宁 梦琪 安歌",
    9999: "沐汐 若溪 亦安 清妍 语棠 予沫 知夏 星苒 昭昭 书禾 苒苒 云舒 安禾 若初 沐瑶 念安 "
    "听澜 清欢 初瑶 时宜 宛若 攸宁 采薇 令仪 舒窈",
}
# Nationality (ISO 3166 numeric): family names, then given names of men and of women.
_FOREIGN = tuple(
    (nation, tuple(names.split() for names in told))
    for nation, *told in (
        ("276", "Weber Schmidt Becker", "Daniel Jonas Felix", "Lena Hannah Clara"),
        ("250", "Laurent Martin Dubois", "Lucas Hugo Mathieu", "Emma Camille Manon"),
        ("392", "Sato Tanaka Suzuki Watanabe", "Kenji Takumi Haruto", "Yuki Aoi Sakura"),
        ("410", "Park Kim Choi", "Minjun Jiho Seojun", "Seoyeon Jiwoo Haeun"),
        ("826", "Brown Taylor Evans", "Oliver Harry George", "Olivia Amelia Grace"),
        ("380", "Rossi Bianchi Ricci", "Marco Luca Matteo", "Anna Giulia Chiara"),
        ("840", "Clark Miller Davis", "Michael James Ryan", "Emily Sarah Rachel"),
        ("703", "Novak Horvath", "Martin Peter", "Sofia Lucia"),
    )
)


def _parsed(text: str) -> dict[str, float]:
    return {
        word.rstrip("0123456789"): float(word.lstrip(word.rstrip("0123456789")))
        for word in text.split()
    }


_EVERYWHERE = _parsed(_COMMON)
_SURNAMES = tuple(_EVERYWHERE)
_WEIGHTS_ELSEWHERE = tuple(accumulate(_EVERYWHERE.values()))
_WEIGHTS_HERE = tuple(accumulate(w * _AT_HOME.get(s, 1.0) for s, w in _EVERYWHERE.items()))
_GIVEN = {
    "1": tuple((until, tuple(text.split())) for until, text in _MEN.items()),
    "2": tuple((until, tuple(text.split())) for until, text in _WOMEN.items()),
}


def surname(rng: Random, *, local: bool) -> str:
    """A family name; the old families of the river mouth weigh more for locals."""
    weights = _WEIGHTS_HERE if local else _WEIGHTS_ELSEWHERE
    return rng.choices(_SURNAMES, cum_weights=weights)[0]


def given(rng: Random, sex: str, birth: date) -> str:
    """A given name of the time the person was born in. `sex` is GB/T 2261.1 (1 or 2)."""
    names = next(names for until, names in _GIVEN[sex] if birth.year < until)
    return rng.choice(names)


def foreigner(rng: Random) -> tuple[str, str, str]:
    """Name as in the passport, nationality (ISO 3166 numeric), sex."""
    nation, (families, *given) = rng.choice(_FOREIGN)
    sex = rng.choice("12")
    return f"{rng.choice(given[int(sex) - 1])} {rng.choice(families)}", nation, sex
