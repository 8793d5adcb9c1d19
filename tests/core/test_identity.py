"""Identity numbers: judged by digits, found in texts. All numbers here are made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from dingzi.core.identity import find_identity_numbers, is_identity_number


def number(place="360902", born=date(1985, 3, 7), order="123"):
    digits = f"{place}{born:%Y%m%d}{order}"
    return digits + ric.calc_check_digit(digits + "0")


births = st.dates(date(1900, 1, 1), date(2024, 1, 1))


@given(births, st.integers(0, 999))
def test_a_right_number_is_taken(born, order):
    """Every date of birth and order has one right check digit, whatever the place."""
    assert is_identity_number(number("999999"[:6], born, f"{order:03}"))


@given(births, st.integers(0, 17), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(born, place, shift):
    """One mistyped digit is never taken for a right number."""
    right = number(born=born)
    if right[place] == "X":
        return
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not is_identity_number(wrong)


def test_births_before_2000_in_3609_are_taken():
    """The place look-up of stdnum refuses such numbers; we do not look places up."""
    assert is_identity_number(number("360902", date(1971, 5, 20)))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "123",
        number()[:-1],
        number() + "1",
        number().replace("3609", "３６０９"),
        "٣" * 18,
        number(born=date(1985, 3, 7)).replace("0307", "0230"),
        number(born=date(2199, 1, 1)),
    ],
)
def test_what_is_no_number(value):
    """Length, alphabet and date of birth are checked."""
    assert not is_identity_number(value)


@pytest.mark.parametrize(
    "written",
    [
        number(),
        number()[:6] + " " + number()[6:14] + " " + number()[14:],
        number()[:6] + "-" + number()[6:14] + "-" + number()[14:],
        "".join(chr(ord(c) + 0xFEE0) for c in number()),
        number()[:-1] + ("1" if number()[-1] != "1" else "2"),
        "360902850307123",
    ],
)
def test_found_in_a_text_as_written(written):
    """Spacing, full width, a typing slip and the old 15 digits do not hide a number."""
    text = f"我是张三,身份证号码{written},请帮我。电话13800000000"
    assert find_identity_numbers(text) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有数字",
        "电话13812345678,金额1234567.89元",
        "编号360902209901010001",
        "银行卡6222021234567890123",
        f"卡号9{number()}",
        "订单202509261234567",
    ],
)
def test_other_numbers_are_left_alone(text):
    """Telephones, cards and case numbers are not identity numbers."""
    assert find_identity_numbers(text) == []
