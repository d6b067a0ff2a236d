"""Identity and telephone numbers: the vectors of the standards, and what real lists hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.text import id_number, phone
from backend.engine.text.id_number import IdFault, IdNumber


@pytest.mark.parametrize(
    ("text", "birth", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "2"),
        ("440524188001010014", date(1880, 1, 1), "1"),
        ("31019919500101001X", date(1950, 1, 1), "1"),
        ("310199198712310020", date(1987, 12, 31), "2"),
        ("310199200002290037", date(2000, 2, 29), "1"),
        ("310199196410051140", date(1964, 10, 5), "2"),
        ("310199202306012254", date(2023, 6, 1), "1"),
        ("310199194208153363", date(1942, 8, 15), "2"),
        ("810000199001010019", date(1990, 1, 1), "1"),
        (" 1101 0519491231 002x", date(1949, 12, 31), "2"),
        ("１１０１０５１９４９１２３１００２Ｘ", date(1949, 12, 31), "2"),
    ],
)
def test_a_valid_number_gives_birth_and_sex(text, birth, sex):
    found = id_number.parse(text)
    assert isinstance(found, IdNumber)
    assert (found.birth, found.sex, found.old) == (birth, sex, False)
    assert len(found.number) == 18


def test_fifteen_digits_are_converted():
    found = id_number.parse("110105491231002")
    assert isinstance(found, IdNumber)
    assert (found.number, found.old, found.division) == ("11010519491231002X", True, "110105")


def checked(first17):
    return first17 + id_number.check_digit(first17)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110105194912310021", "check"),
        (checked("31010720230230001"), "date"),
        (checked("31010718491231001"), "date"),
        (checked("31010720261124001"), "date"),
        ("11010519491231OO2X", "letter"),
        ("1101051949123100", "length"),
        ("1101051949123l002X", "letter"),
        ("11010519A91231002X", "characters"),
        ("", "length"),
    ],
)
def test_a_wrong_number_says_why(text, reason):
    assert id_number.parse(text, today=date(2026, 11, 23)) == IdFault(reason)


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 16), st.data()
)
def test_every_single_wrong_digit_and_adjacent_swap_is_found(birth, serial, place, data):
    number = checked(f"310199{birth:%Y%m%d}{serial:03d}")
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert isinstance(id_number.parse(number[:place] + other + number[place + 1 :]), IdFault)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or isinstance(id_number.parse(swapped), IdFault)


@pytest.mark.parametrize(
    ("text", "number", "mobile"),
    [
        ("13800138000", "13800138000", True),
        ("138 0013-8000", "13800138000", True),
        ("+86 138 0013 8000", "13800138000", True),
        ("008613800138000", "13800138000", True),
        ("13800138000.0", "13800138000", True),
        ("１３８００１３８０００", "13800138000", True),
        ("62345678", "62345678", False),
        ("021-62345678", "021-62345678", False),
        ("(021)62345678", "021-62345678", False),
        ("（021）6234 5678", "021-62345678", False),
        ("0512-6234567-801", "0512-6234567-801", False),
    ],
)
def test_a_phone_number_is_tidied(text, number, mobile):
    assert phone.parse(text) == phone.Phone(number, mobile)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1380013800O", "letter"),
        ("138OO138ooo", "letter"),
        ("1380013800", "digits"),
        ("138001380000", "digits"),
        ("12800138000", "shape"),
        ("62345678", "digits"),
        ("没有", "shape"),
    ],
)
def test_a_wrong_mobile_says_why(text, reason):
    found = phone.parse(text, mobile_only=True)
    assert isinstance(found, phone.PhoneFault)
    assert found.reason == reason
