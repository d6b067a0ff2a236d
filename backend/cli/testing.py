"""`./jucun test`: from what the person typed to what is run."""

from backend.machine import places, testing
from backend.machine.checks import PARTS, Wanted
from backend.machine.running import Failed

# The tests of the data layer run a second time against these, when they are named.
_OUTSIDE = {"DATABASE_URL": "JUCUN_TEST_DATABASE_URL", "REDIS_URL": "JUCUN_TEST_REDIS_URL"}


def run(parts: list[str], matching: str | None) -> int:
    """Run the parts, all when none is named. The exit code."""
    if wrong := [part for part in parts if part not in PARTS]:
        raise Failed(f"There is no part {', '.join(wrong)}. The parts: {', '.join(PARTS)}.")
    return testing.run(Wanted(tuple(parts) or PARTS, matching, _outside()))


def _outside() -> dict[str, str]:
    """Outside parts that the tests may use: they make databases of their own and drop them."""
    production = places.given("JUCUN_ENV") == "production"
    found = {}
    for setting, variable in _OUTSIDE.items():
        value = places.given(variable) or places.given(f"JUCUN_{setting}")
        if value and not (production and not places.given(variable)):
            found[variable] = value
    return found
