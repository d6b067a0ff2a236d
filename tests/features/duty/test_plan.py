"""The street's plan: what a mistake in it looks like, and that a street may have its own."""

from datetime import date

import pytest
import yaml

from backend.app import FORMS
from backend.checks import mistakes_in_plan
from backend.features.duty.plan import FILE, Plan

GIVEN = yaml.safe_load((FORMS / FILE).read_text(encoding="utf-8"))


def own(tmp_path, **changed):
    """A folder of a street with a plan of its own."""
    (tmp_path / "duty").mkdir(exist_ok=True)
    text = yaml.safe_dump(GIVEN | changed, allow_unicode=True)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_works():
    plan = Plan.read([FORMS])
    assert [level.mode for level in plan.levels] == ["预警"] * 4 + ["应急"] * 4
    night = plan.shift("夜班").on(date(2026, 12, 31))
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in night] == [
        "2026-12-31 17:30",
        "2027-01-01 08:30",
    ]
    assert plan.label("IV") == "Ⅳ级响应" and plan.label("gone") == "gone"
    assert plan.level("red").as_mode(drill=False).clocks
    assert not plan.level("IV").as_mode(drill=True).clocks
    assert mistakes_in_plan([FORMS], ("T18", "L20", "L21")) == ()


def test_a_street_has_its_own(tmp_path):
    plan = Plan.read([FORMS, own(tmp_path, kinds=["防汛防台"])])
    assert plan.kinds == ("防汛防台",)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"shifts": []}, "shifts"),
        ({"kinds": ["大风", "大风"]}, "twice"),
        ({"shifts": [{"code": "日班", "from": "8:30", "to": "17:30"}]}, "shifts.0.from"),
        ({"levels": [GIVEN["levels"][0] | {"mode": "平时"}]}, "levels.0.mode"),
        ({"flash": {"form": "T18"}}, "flash.oral_minutes"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_mistakes_are_named(tmp_path, changed, told):
    folder = own(tmp_path, **changed)
    with pytest.raises(ValueError, match=r"plan\.yaml") as caught:
        Plan.read([folder])
    assert told in str(caught.value)
    (mistake,) = mistakes_in_plan([folder], ())
    assert told in str(mistake)


def test_forms_that_do_not_exist(tmp_path):
    found = mistakes_in_plan([own(tmp_path)], ("L20", "L21"))
    assert [mistake.wrong for mistake in found] == ["there is no form T18"]
    assert mistakes_in_plan([tmp_path / "nowhere"], ()) == ()
