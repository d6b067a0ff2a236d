"""What the model test believes: orders as plain values, moved by the table of stages and nothing
else. The server must agree with it after every step."""

from dataclasses import dataclass, field
from typing import Any

from backend.engine.orders import stages
from backend.engine.orders.stages import ASKED, DENIED, GRANTED, NONE, Rule, Standing
from tests.cast import CAST, YUANYUAN

TEAMS = {"alice": "源园", "bob": "源园", "iris": "城管", "jack": "物业", "henry": "", "kate": ""}
ACTORS = tuple(TEAMS)
FLOW = tuple(act for act in stages.ACTS if act != "classify")


@dataclass
class Believed:
    """An order as it should be now."""

    id: str
    area: str
    reported: bool
    stage: str = "collected"
    unit: str = ""
    contacted: bool = False
    tries: int = 0
    called: bool = False
    parts: dict[str, str] = field(default_factory=dict)
    children: list["Believed"] = field(default_factory=list)
    back: str = NONE
    extend: str = NONE
    pause: str = NONE
    appeal: str = NONE
    designated: bool = False
    returned: int = 0
    redo: int = 0
    reopened: int = 0
    posted: int = 0
    ended: bool = False
    rev: int = 0
    main: "Believed | None" = None
    followers: list["Believed"] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)

    def seen_by(self, who: str) -> bool:
        if who in ("henry", "kate"):
            return True
        team = TEAMS[who]
        if team == "源园":
            return self.area == YUANYUAN
        return self.unit == team or self.parts.get(team, "waiting") != "waiting"

    def standing(self, who: str, late: bool) -> Standing:
        team = TEAMS[who]
        same = ("reported", "contacted", "called", "back", "extend", "pause", "appeal")
        return Standing(
            stage=self.stage,
            unit=bool(team) and team == self.unit,
            part=bool(team) and self.parts.get(team) == "open",
            centre=CAST[who].may("order.dispatch"),
            late=late,
            parts=any(state != "done" for state in self.parts.values()),
            children=any(child.stage in stages.OPEN for child in self.children),
            designated=self.designated,
            returned=self.returned,
            redo=self.redo,
            reopened=self.reopened,
            **{name: getattr(self, name) for name in same},
        )

    def rule(self, who: str, act: str, outcome: str, late: bool) -> Rule | None:
        """The rule by which somebody may do this now."""
        if not CAST[who].may(stages.verb_of(act)) or not self.seen_by(who):
            return None
        rule = stages.rule_for(act, self.stage, outcome)
        if rule is None or stages.held_up(rule, self.standing(who, late)):
            return None
        return rule

    def outcome(self, act: str, body: dict[str, Any]) -> str:
        """Which rule of an act a body asks for."""
        if act == "verify":
            return "pass" if body["passed"] else "fail"
        if act == "reopen":
            return "again" if body["again"] else "stay"
        if act == "call_back" and body["solved"] is False:
            return "again" if self.reopened == 0 else "appeal"
        return "heard" if act == "call_back" else ""

    def move(self, who: str, act: str, body: dict[str, Any], rule: Rule) -> None:
        """What the act should have done."""
        closed = self.stage == "closed"
        self.stage = rule.leads(self.stage)
        self.rev += 1
        self.acts.append(act)
        if change := getattr(self, f"_{act}", None):
            change(who, body, rule, closed)

    def _hand_to(self, unit: str) -> None:
        self.unit, self.stage = unit, "dispatched"
        if unit == "源园":
            self.area = YUANYUAN

    def _dispatch(self, who, body, rule, closed):
        self._hand_to(body["unit"])

    def _transfer(self, who, body, rule, closed):
        self._hand_to(body["unit"])

    def _contact(self, who, body, rule, closed):
        self.tries += 1
        self.contacted = self.contacted or body["reached"] or self.tries >= 3

    def _send_back(self, who, body, rule, closed):
        self.returned += 1
        if self.returned == 1:
            self.back = GRANTED
            self._hand_to(body["unit"])
        else:
            self.back = ASKED

    def _decide_back(self, who, body, rule, closed):
        self.back = GRANTED if body["grant"] else DENIED
        self.designated = True
        self._hand_to(body["unit"] if body["grant"] else self.unit)

    def _join(self, who, body, rule, closed):
        self.parts[body["parts"][0]["unit"]] = "waiting"
        self._open_next()

    def _open_next(self) -> None:
        if not any(state == "open" for state in self.parts.values()):
            for team, state in self.parts.items():
                if state == "waiting":
                    self.parts[team] = "open"
                    return

    def _finish_part(self, who, body, rule, closed):
        self.parts[TEAMS[who]] = "done"
        self._open_next()

    def _extend(self, who, body, rule, closed):
        self.extend = ASKED

    def _decide_extend(self, who, body, rule, closed):
        self.extend = GRANTED if body["grant"] else DENIED

    def _pause(self, who, body, rule, closed):
        self.pause = ASKED

    def _decide_pause(self, who, body, rule, closed):
        self.pause = GRANTED if body["grant"] else DENIED

    def _resume(self, who, body, rule, closed):
        self.pause = NONE

    def _finish(self, who, body, rule, closed):
        self.called = False
        self.extend = NONE if self.extend == ASKED else self.extend
        self.pause = NONE if self.pause == ASKED else self.pause

    def _verify(self, who, body, rule, closed):
        self.redo += 0 if body["passed"] else 1

    def _call_back(self, who, body, rule, closed):
        self.called = True
        if rule.outcome == "again":
            self._again(closed)
        elif rule.outcome == "appeal":
            self.appeal = ASKED
        if closed and rule.outcome != "again":
            self.posted += 1

    def _reopen(self, who, body, rule, closed):
        self.appeal = GRANTED if body["again"] else DENIED
        if body["again"]:
            self._again(closed)

    def _again(self, closed: bool) -> None:
        self.reopened += 1
        self.redo += 1
        self.extend = self.pause = NONE
        self.ended = False
        if closed:
            for follower in self.followers:
                follower.ended = False
                follower.rev += 1

    def _close(self, who, body, rule, closed):
        self.posted += 1
        self.ended = True
        for follower in self.followers:
            follower.posted += 1
            follower.ended = True
            follower.rev += 1

    def _merge(self, who, body, rule, closed):
        self.main = body["into"]
        self.main.followers.append(self)
