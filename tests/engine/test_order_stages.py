"""The table of stages: nobody gets stuck, nothing leads out of an end, every guard is named."""

from hypothesis import given
from hypothesis import strategies as st

from backend.engine.orders.stages import (
    ACTS,
    ASKED,
    DENIED,
    ENDED,
    GRANTED,
    GUARDS,
    LABELS,
    NONE,
    OPEN,
    RULES,
    STAGES,
    Standing,
    allowed,
    held_up,
    rule_for,
    verb_of,
)
from backend.features.accounts.roles import VERBS_OF

ASKS = st.sampled_from([NONE, ASKED, GRANTED, DENIED])
STANDINGS = st.builds(
    Standing,
    stage=st.sampled_from(list(STAGES)),
    unit=st.booleans(),
    part=st.booleans(),
    centre=st.booleans(),
    lead=st.booleans(),
    reported=st.booleans(),
    contacted=st.booleans(),
    called=st.booleans(),
    late=st.booleans(),
    parts=st.booleans(),
    children=st.booleans(),
    back=ASKS,
    extend=ASKS,
    pause=ASKS,
    appeal=ASKS,
    designated=st.booleans(),
)


def test_the_table_speaks_of_known_stages_and_guards():
    for rule in RULES:
        assert set(rule.stages) <= STAGES.keys() and (rule.to is None or rule.to in STAGES)
        assert set(rule.guards) <= GUARDS.keys()
        assert rule.act in LABELS
    assert set(OPEN) | set(ENDED) == set(STAGES)


def test_every_act_is_somebodys():
    given_ = frozenset().union(*VERBS_OF.values())
    assert {verb_of(act) for act in ACTS} <= given_


def test_two_rules_of_an_act_in_a_stage_differ_by_their_outcome():
    for act in ACTS:
        for stage in STAGES:
            outcomes = [r.outcome for r in RULES if r.act == act and stage in r.stages]
            assert len(outcomes) == len(set(outcomes))


def test_every_stage_is_reached_and_every_order_can_end():
    reached, before = {"collected"}, set()
    while reached != before:
        before = set(reached)
        reached |= {r.leads(stage) for r in RULES for stage in r.stages if stage in reached}
    assert reached == set(STAGES)
    ends, before = {"closed", "refused"}, set()
    while ends != before:
        before = set(ends)
        ends |= {stage for r in RULES for stage in r.stages if r.leads(stage) in ends}
    assert set(OPEN) <= ends


def test_refused_and_merged_are_the_end():
    assert [rule.act for rule in RULES if {"refused", "merged"} & set(rule.stages)] == []


def test_only_what_the_caller_says_opens_again_what_is_closed():
    opening = {r.act for r in RULES if "closed" in r.stages and r.leads("closed") != "closed"}
    assert opening == {"call_back", "reopen"}


@given(STANDINGS)
def test_what_is_allowed_is_what_no_guard_holds_up(standing):
    for act in allowed(standing, lambda verb: True):
        rules = [r for r in RULES if r.act == act and standing.stage in r.stages]
        assert any(held_up(rule, standing) is None for rule in rules)
        assert all(rule_for(act, standing.stage, rule.outcome) in rules for rule in rules)


@given(STANDINGS)
def test_without_a_verb_nothing_is_allowed(standing):
    assert allowed(standing, lambda verb: False) == ()


@given(STANDINGS)
def test_somebody_can_always_go_on(standing):
    """Whatever has been asked and whoever is away: an open order has an act for somebody."""
    if standing.stage not in OPEN or standing.parts or standing.children:
        return
    everybody = [
        Standing(**{**_fields(standing), "unit": unit, "centre": centre})
        for unit, centre in ((True, False), (False, True))
    ]
    moving = {act for one in everybody for act in allowed(one, lambda verb: True)}
    assert moving - {"note", "classify", "help", "split", "join"}


def _fields(standing):
    return {name: getattr(standing, name) for name in Standing.__dataclass_fields__}
