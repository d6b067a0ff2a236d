"""How far somebody sees, for every code there can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.scope import EVERYWHERE, Scope, scope_of, street_of
from tests.cast import CAOYANG, PUTUO, YUANYUAN

codes = st.from_regex(r"[0-9]{12}", fullmatch=True)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("310000000000", "31"),
        ("310100000000", "3101"),
        (PUTUO, "310107"),
        (CAOYANG, "310107005"),
        (YUANYUAN, YUANYUAN),
        # a committee whose number ends in noughts is still one committee
        ("310107005010", "310107005010"),
        ("310107005100", "310107005100"),
    ],
)
def test_the_levels(code, prefix):
    assert scope_of(code) == Scope(prefix)


@given(codes)
def test_everybody_sees_their_own_place(code):
    assert scope_of(code).covers(code)


@given(codes, codes)
def test_a_scope_is_its_prefix_and_never_everywhere(mine, other):
    scope = scope_of(mine)
    assert scope.covers(other) == other.startswith(scope.prefix) and len(scope.prefix) >= 2
    assert EVERYWHERE.covers(other)


@given(codes, codes)
def test_scopes_nest_or_have_nothing_in_common(a, b):
    one, two = scope_of(a), scope_of(b)
    shared = one.prefix.startswith(two.prefix) or two.prefix.startswith(one.prefix)
    assert shared == (one.covers(b) or two.covers(a) or one == two)


@given(codes)
def test_a_street_sees_its_committees(code):
    street = street_of(code)
    if street[6:9] != "000":
        assert scope_of(street).covers(code)


@given(st.text())
def test_anything_but_a_code_is_refused(text):
    if len(text) == 12 and text.isascii() and text.isdigit():
        return
    with pytest.raises(ValueError, match="12 digits"):
        scope_of(text)


@pytest.mark.parametrize("prefix", ["%", "3101_7", "310107%", "' or 1=1", "１２", "3101070050011"])
def test_a_prefix_is_digits_and_no_pattern(prefix):
    with pytest.raises(ValueError, match="beginning of an area code"):
        Scope(prefix)
