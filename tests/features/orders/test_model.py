"""Orders walked at random against the table of stages: several people, at once and in turn, with a
worker that is killed before it commits, and a clock that jumps. No illegal stage, no lost event,
every ledger entry exactly once."""

import asyncio
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from backend.app import PORTS
from backend.core import clock, db
from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.engine.orders import stages
from backend.features.orders import alarms
from backend.work import react_once
from tests.cast import CAOYANG, YUANYUAN
from tests.features.orders.conftest import FINISHED, hotline
from tests.features.orders.model import ACTORS, FLOW, TEAMS, Believed

_UNITS = ("源园", "城管", "物业")
_SYSTEM_STEPS = {"take", "follow", "alarm"}


class Killed(Exception):
    """The worker died before its transaction was committed."""


class Walk:
    """What a machine needs of the world: people at the wire, units, the worker's parts."""

    def __init__(self, as_, book, units, ports) -> None:
        self.as_, self.book, self.units, self.ports = as_, book, units, ports
        self.loop = asyncio.get_running_loop()
        self.orders: list[Believed] = []

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    async def begin(self) -> None:
        for table in ("ledger_entry", "ledger_number", "order_step", "order_clock", "order_part"):
            await self._empty(table)
        for table in ("work_order", "order_number", "order_lesson", "notice", "job", "audit"):
            await self._empty(table)
        self.orders.clear()

    async def _empty(self, table: str) -> None:
        connection = db.connections.get("default")
        await connection.execute_script(
            f"set local session_replication_role = replica; delete from {table}"
        )

    async def take(self, area: str, reported: bool) -> Believed:
        given = {"caller_phone": "13800138000" if reported else None, "category": "H0109"}
        source = "01" if reported else "02"
        order = await hotline(self.book, area=area, source=source, **given)
        believed = Believed(order, area, reported)
        self.orders.append(believed)
        return believed

    async def seen(self, order: Believed):
        """What the database holds; the screens' view of it would cost ten times as much."""
        return (await sql(_SEEN, id=order.id, now=clock.now()))[0]

    async def do(self, who: str, order: Believed, act: str, body) -> tuple[int, dict]:
        body = {key: self._wire(key, value) for key, value in body.items()}
        path = f"/api/orders/{order.id}/{act}"
        answer = await self.as_(who).post(path, {"rev": order.rev, **body})
        return answer.status, await answer.json()

    def _wire(self, key, value):
        if key == "unit":
            return self.units[value]
        if key == "into":
            return value.id
        if key == "parts" and "unit" in value[0]:
            return [{**part, "unit": self.units[part["unit"]]} for part in value]
        return value

    async def react(self, killed: bool) -> bool:
        if not killed:
            return await react_once(self.ports)
        try:
            async with db.transaction():
                await react_once(self.ports)
                raise Killed
        except Killed:
            return True

    async def settle(self) -> None:
        while await react_once(self.ports):
            pass
        waiting = await sql("select verb, failure from audit where pending")
        while waiting:  # a correction that came before its entry is tried again
            with clock.pretend_everywhere(clock.now() + timedelta(hours=2)):
                before = len(waiting)
                while await react_once(self.ports):
                    pass
            waiting = await sql("select verb, failure from audit where pending")
            assert len(waiting) < before, waiting


class Orders(RuleBasedStateMachine):
    walk: Walk

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 10, 12, 9, 30, tzinfo=clock.SHANGHAI)
        self._at(self.walk.begin())
        self._at(self.walk.take(YUANYUAN, True))

    def _at(self, work):
        with clock.pretend_everywhere(self.now):
            return self.walk.run(work)

    def _order(self, data) -> Believed:
        return self.walk.orders[data.draw(st.integers(0, len(self.walk.orders) - 1))]

    @rule(area=st.sampled_from([YUANYUAN, CAOYANG]), reported=st.booleans())
    def something_comes_in(self, area, reported):
        assume(len(self.walk.orders) < 4)
        self._at(self.walk.take(area, reported))

    @rule(data=st.data(), who=st.sampled_from(ACTORS), act=st.sampled_from(FLOW))
    def anybody_tries_anything(self, data, who, act):
        self._try(data, self._order(data), who, act)

    @rule(data=st.data(), steps=st.integers(1, 4))
    def somebody_goes_on(self, data, steps):
        """What the table allows: else the walk would seldom get far."""
        order = self._order(data)
        for _ in range(steps):
            late = self._at(self.walk.seen(order))["late"]
            may = [
                (who, act)
                for who in ACTORS
                for act in FLOW
                if act not in _ASIDE and order.rule(who, act, _first(order, act), late)
            ]
            if may:
                self._try(data, order, *data.draw(st.sampled_from(may)))

    @rule(data=st.data(), act=st.sampled_from(["sign", "contact", "finish", "send_back"]))
    def two_at_once(self, data, act):
        """Of two people with the same order before them, one is first."""
        order = self._order(data)
        late = self._at(self.walk.seen(order))["late"]
        pair = ("alice", "bob")
        body = self._body(data, order, act)
        allowed = [order.rule(who, act, "", late) for who in pair]
        assume(act != "contact" and all(allowed) and self._sound(order, "alice", act, body))
        both = self._at(_together([self.walk.do(who, order, act, body) for who in pair]))
        assert sorted(status for status, _ in both) == [200, 409], both
        order.move("alice", act, body, allowed[0])
        self._agree(order)

    @rule(times=st.integers(1, 5), killed=st.booleans())
    def the_worker_lives_a_while(self, times, killed):
        for _ in range(times):
            self._at(self.walk.react(killed))
        self._at(alarms.ring(SYSTEM, self.walk.book))

    @rule(hours=st.sampled_from([1, 5, 26, 100]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    def teardown(self) -> None:
        self._at(self.walk.settle())
        self._at(_all_is_told(self.walk))

    def _try(self, data, order, who, act):
        body = self._body(data, order, act)
        late = self._at(self.walk.seen(order))["late"]
        law = order.rule(who, act, order.outcome(act, body), late)
        sound = self._sound(order, who, act, body)
        status, told = self._at(self.walk.do(who, order, act, body))
        if law is None or not sound:
            assert status in (403, 404, 409, 422), (who, act, order, told)
        else:
            assert status == 200, (who, act, body, order, told)
            order.move(who, act, body, law)
            if act == "split":
                self._adopt(order, told)
        self._agree(order)

    def _adopt(self, order, told):
        known = {one.id for one in self.walk.orders}
        for link in told["links"]:
            if link["how"] == "child" and link["id"] not in known:
                child = Believed(link["id"], order.area, order.reported)
                order.children.append(child)
                self.walk.orders.append(child)

    def _agree(self, order: Believed) -> None:
        found = self._at(self.walk.seen(order))
        believed = {name: getattr(order, name) for name in _SAME}
        assert {name: found[name] for name in _SAME} == believed
        assert found["parts"] == {
            self.walk.units[team]: state for team, state in order.parts.items()
        }

    def _sound(self, order, who, act, body) -> bool:
        """What is refused for its content and not for its moment."""
        if act == "send_back":
            return body["unit"] != order.unit
        if act == "join":
            unit = body["parts"][0]["unit"]
            return unit != order.unit
        if act == "merge":
            into = body["into"]
            going = into.stage in stages.OPEN and into.seen_by(who)
            return into is not order and going and not order.followers
        return act != "extend" or not self._at(self.walk.seen(order))["longest"]

    def _body(self, data, order, act):
        def draw(*choices):
            return data.draw(st.sampled_from(choices))

        unit = draw(*_UNITS)
        bodies = {
            "refuse": {"reason": "不属实"},
            "dispatch": {"unit": unit},
            "transfer": {"unit": unit},
            "send_back": {"unit": unit, "reason": "不归我们"},
            "decide_back": {"grant": draw(True, False), "unit": unit},
            "contact": {"reached": draw(True, False), "note": "已联系"},
            "note": {"note": "有进展"},
            "help": {"note": "请支援"},
            "assign": {"to": _SELF[order.unit or "源园"]},
            "join": {"way": "serial", "parts": [{"unit": unit, "task": "清运"}]},
            "finish_part": {"did": "好了"},
            "extend": {"days": 30, "reason": "需要会商"},
            "decide_extend": {"grant": draw(True, False)},
            "pause": {"reason": "天气", "note": "台风"},
            "decide_pause": {"grant": draw(True, False)},
            "finish": FINISHED,
            "verify": {"passed": draw(True, True, False)},
            "call_back": {"satisfied": "不满意", "solved": draw(True, True, False)},
            "reopen": {"again": draw(True, False), "reason": "现场看过"},
            "merge": {"into": self._order(data)},
            "split": {"parts": [{"title": "另一件", "content": "另一件事"}]},
        }
        return bodies.get(act, {})


_SEEN = """
select o.*, coalesce((select jsonb_object_agg(p.unit_id, p.state) from order_part p
                      where p.order_id = o.id), '{}') as parts,
  exists (select 1 from order_clock c where c.order_id = o.id and c.kind in ('handle', 'rehandle')
    and c.met_at is null and not c.void and c.due_at <= :now) as late,
  exists (select 1 from order_clock c where c.order_id = o.id and c.kind in ('handle', 'rehandle')
    and c.met_at is null and not c.void and c.amount = 30) as longest
from work_order o where o.id = :id"""
_SAME = (
    "stage",
    "rev",
    "back",
    "extend",
    "pause",
    "appeal",
    "designated",
    "returned",
    "redo",
    "reopened",
)
_SELF = {
    "源园": "00000000-0000-0000-0000-000000000002",
    "城管": "00000000-0000-0000-0000-000000000009",
    "物业": "00000000-0000-0000-0000-00000000000a",
}
# what hardly moves an order is left to those who try anything
_ASIDE = {"refuse", "note", "help", "assign", "split"}


def _first(order, act):
    return {"verify": "pass", "call_back": "heard", "reopen": "again"}.get(act, "")


async def _together(works):
    return await asyncio.gather(*works)


async def _all_is_told(walk: Walk) -> None:
    """At the end nothing is missing and nothing is there twice."""
    for order in walk.orders:
        steps = await sql(
            "select act, from_stage, to_stage from order_step where order_id = :id order by id",
            id=order.id,
        )
        done = [step["act"] for step in steps if step["act"] not in _SYSTEM_STEPS]
        assert done == order.acts
        for step in steps:
            if step["act"] in stages.ACTS:
                rules = [r for r in stages.RULES if r.act == step["act"]]
                legal = {r.leads(s) for r in rules for s in r.stages if s == step["from_stage"]}
                assert step["to_stage"] in legal, step
        trace = await sql(
            "select verb from audit where subject = :ref order by id", ref=f"order:{order.id}"
        )
        assert [row["verb"] for row in trace] == [f"order.{act}" for act in order.acts]
        await _ledger_is_right(order)
        running = await sql(
            "select kind from order_clock where order_id = :id and met_at is null and not void",
            id=order.id,
        )
        kinds = [row["kind"] for row in running]
        assert len(kinds) == len(set(kinds))
        assert not kinds or order.stage in stages.OPEN


async def _ledger_is_right(order: Believed) -> None:
    entries = await sql(
        """select key, live from ledger_entry where wrote = :wrote
           order by split_part(key, ':', 3)::int""",
        wrote=f"order:{order.id}",
    )
    keys = [entry["key"] for entry in entries]
    assert keys == [f"order:{order.id}:{n}" for n in range(1, order.posted + 1)]
    assert [e["key"] for e in entries if e["live"]] == (keys[-1:] if order.ended else [])


async def test_no_walk_leaves_the_table(server, as_, book, units):
    assert TEAMS.keys() == set(ACTORS)
    Orders.walk = Walk(as_, book, units, server.app[PORTS])
    bounded = settings(
        max_examples=10,
        stateful_step_count=24,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    await asyncio.to_thread(run_state_machine_as_test, Orders, settings=bounded)
