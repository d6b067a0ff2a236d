"""What the demo's experience officers found: one story for every state that a finding can be in."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.sandbox.demo import sketches

Sketch = Callable[..., bytes]


@dataclass(frozen=True)
class Story:
    """One finding: whose, so many working days ago, and how far it has come."""

    who: int
    ago: int
    end: str
    scene: str
    content: str
    summary: str = ""
    reason: str | None = None
    reply: str = ""
    decision: str = "adopted"
    order: bool = True
    scores: tuple[int, int, int] | None = None
    sketch: Sketch | None = None
    judged: str | None = None


STORIES = (
    Story(
        0, 62, "settled", "environment",
        "3010弄一号门旁的垃圾箱房下午就满了，袋子堆到地上，污水流到人行道。",
        "垃圾箱房下午满溢，污水流到人行道。",
        reply="已与清运单位约定每日下午加清一次，地面冲洗并做了导流。连续两周抽查没有满溢。",
        scores=(2, 3, 3), sketch=sketches.bins,
    ),
    Story(
        1, 58, "settled", "service",
        "事务受理中心取号机的字太小，老人看不清，前面排队的人要等。",
        "取号机字太小，老人看不清。",
        reply="已启用大字界面，上午时段安排志愿者帮助取号。",
        order=False, scores=(3, 4, 3),
    ),
    Story(
        2, 55, "declined", "traffic",
        "学校路口放学时非机动车占满人行道，建议划一块停放点。",
        "学校路口放学时非机动车占道，建议增设停放点。",
        decision="declined", reason="路幅不够，已报区里统筹，明年道路改造时一并设计。",
        scores=(2, 2, 2),
    ),
    Story(
        0, 12, "answered", "facility",
        "单元门口四级台阶没有坡道，坐轮椅的邻居要两个人抬。",
        "单元门口台阶没有坡道，轮椅进出困难。",
        decision="partly", reason="先装扶手和简易坡道，整体改造列入明年实事项目。",
        reply="扶手和坡道已装好，物业每月检查一次螺栓。",
        scores=(2, 3, 2), sketch=sketches.ramp,
    ),
    Story(
        1, 10, "again", "elderly",
        "社区食堂只送午饭，行动不便的老人晚饭没有着落。",
        "社区食堂不送晚饭，行动不便的老人晚饭没有着落。",
        reply="已试点晚间送餐，每天五点半送到楼下。",
        order=False, scores=(4, 3, 4), judged="送餐只有两个小区，我们这里还没有。",
    ),
    Story(
        0, 14, "appealed", "safety",
        "车棚里有人从楼上拉线给电动自行车充电，雨天也不收。",
        "车棚有飞线充电。",
        reply="已劝导并拆除两处飞线，张贴提示。",
        judged="过了三天又拉上了。",
    ),
    Story(
        2, 4, "ordered", "property",
        "楼道灯报修两周没有人来，晚上下楼要用手机照。",
        "楼道灯报修两周未修。",
        scores=(2, 1, 2),
    ),
    Story(
        1, 2, "registered", "council",
        "加装电梯的意见征询只贴了一张通知，上班的人看不到。",
    ),
    Story(
        0, 0, "sent", "environment",
        "花坛边的绿篱长到路中间，推婴儿车要绕到车道上。",
        scores=(3, 3, 3),
    ),
)  # fmt: skip
