"""Masks by the examples of the standard, and the promise that the hidden part is really gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.text import masking


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("李四", "李*"),
        ("张小明", "张*明"),
        ("欧阳建国", "欧**国"),
        ("买买提·吐尔逊", "买*****逊"),
        ("𠮷喆", "𠮷*"),
        ("李", "*"),
        ("", ""),
        (" 李四 ", "李*"),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "normal", "strict"),
    [
        ("310199195001010018", "310199********0018", "3****************8"),
        ("31019919500101002X", "310199********002X", "3****************X"),
        ("310199500101001", "310199*****1001", "3*************1"),
        ("E12345678", "E*******8", "E*******8"),
        ("H1", "**", "**"),
        ("", "", ""),
    ],
)
def test_identity_numbers(number: str, normal: str, strict: str) -> None:
    assert masking.mask_id_no(number) == normal
    assert masking.mask_id_no(number, strict=True) == strict


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138****8000"),
        ("021-62345678", "021-****5678"),
        ("02162345678", "021****5678"),
        ("62345678", "****5678"),
        ("021-62345678-803", "021-****5678"),
        ("021-62345678转8", "021-****5678"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_phones(number: str, masked: str) -> None:
    assert masking.mask_phone(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("兰溪路1040弄12号502室", "兰溪路1040弄**号**室"),
        ("光新路88号中一国际大厦1203室", "光新路**号中一国际大厦**室"),
        ("曹杨一村123号2室", "曹杨一村**号**室"),
        ("兰溪路138号", "兰溪路**号"),
        ("48弄7号101", "48弄**号**"),
        ("石泉路5号202-203室", "石泉路**号**室"),
        ("中山北路12-3号", "中山北路**号"),
        ("宜川三村12号甲", "宜川三村**号**"),
        ("真北路1108弄30支弄5号三单元", "真北路1108弄**支弄**号**单元"),
        ("武宁路２００弄３号５０１室", "武宁路２００弄**号**室"),
        ("岚皋路555弄2号202、203室", "岚皋路555弄**号**室"),
        ("", ""),
    ],
)
def test_addresses(address: str, masked: str) -> None:
    assert masking.mask_address(address) == masked


def test_accounts_dates_and_the_rest() -> None:
    assert masking.mask_account("6222021001112223334") == "***************3334"
    assert masking.mask("date", "1950-01-01") == "1950-**-**"
    assert masking.mask("date", "不详") == "***"
    assert masking.mask("phone", "13800138000") == "138****8000"
    assert masking.mask("codes", "精神障碍") == "***"
    assert masking.mask("text", "") == ""


@given(st.text("0123456789X", min_size=1, max_size=24))
def test_three_characters_or_half_of_a_number_stay_hidden(number: str) -> None:
    for mask in (masking.mask_id_no, masking.mask_phone, masking.mask_account):
        hidden = mask(number).count("*")
        assert hidden >= min(3, (len(number) + 1) // 2)


@given(lane=st.integers(1, 3000), house=st.integers(1, 400), room=st.integers(101, 3304))
def test_no_house_or_room_number_survives(lane: int, house: int, room: int) -> None:
    masked = masking.mask_address(f"岚皋路{lane}弄{house}号{room}室")
    assert masked == f"岚皋路{lane}弄**号**室"
