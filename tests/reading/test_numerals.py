"""Numbers as Chinese prose writes them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.reading.numerals import read, scan
from dingzi.reading.pieces import parsed_at, piece_at
from dingzi.reading.runs import CHARACTERS, total
from dingzi.reading.writing import fold

DIGITS = "零一二三四五六七八九"


def spelt(number: int) -> str:
    """A whole number as one says it: 10,203 is 一万零二百零三."""
    if number == 0:
        return "零"
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return spelt(high) + name + gap + (spelt(low) if low else "")
    said, zero = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            said += ("零" if zero and said else "") + DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return said


@given(st.integers(0, 10**12))
def test_every_whole_number_is_read_as_it_is_spelt(number):
    """What one can say up to a trillion is read back."""
    assert read(spelt(number)) == number


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_arabic_numbers_with_commas_and_decimals(number, places):
    """1,234.50 and its full-width twin are the same number."""
    exact = Fraction(number, 10**places)
    written = f"{number // 10**places:,}" + (f".{number % 10**places:0{places}}" if places else "")
    wide = "".join(chr(ord(char) + 0xFEE0) for char in written)
    assert read(written) == exact
    assert read(wide) == exact


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("四百五", 450), ("一万三", 13000), ("十余万", 100_000), ("五百余万", 5_000_000), ("4.78万亿", 4_780_000_000_000),
        ("三万四千五百亿", 3_450_000_000_000), ("5万4千6百", 54_600), ("负三十二", -32), ("三分之一", Fraction(1, 3)),
        ("3又4分之1", Fraction(13, 4)), ("百分之九十八点二", Fraction(982, 1000)), ("万分之三", Fraction(3, 10_000)),
        ("百分之百", 1), ("两千零五十", 2050), ("壹佰贰拾叁", 123), ("二十一點五", Fraction(43, 2)), ("二〇二五", 2025),
    ],
)  # fmt: skip
def test_ways_of_writing(text, value):
    """Trailing digits, mixed units, signs, fractions, rates, financial and traditional characters."""
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("三五", 3, 5), ("二三十", 20, 30), ("十五六", 15, 16), ("七八百", 700, 800)],
)
def test_two_neighbouring_digits_say_about(text, low, high):
    """二三十 is twenty to thirty, and no single value."""
    (found,) = scan(fold(text))
    assert (found.form, found.value, found.top, read(text)) == ("about", low, high, None)


@pytest.mark.parametrize(
    "text", ["万", "百姓", "队伍", "大陆", "放肆", "收拾", "八点三十分", "", "点五", "无"]
)
def test_what_is_no_number(text):
    """Units alone, words with numerals in them, the time of day."""
    assert read(text) is None


def test_the_place_of_the_last_digit_is_kept():
    """1.52万 is told to the hundred, 98.2 to the tenth, 三万 to the ten thousand, 4268 to the one."""
    steps = {text: scan(fold(text))[0].step for text in ("1.52万", "98.2", "三万", "4268", "12亿")}
    assert steps == {
        "1.52万": 100,
        "98.2": Fraction(1, 10),
        "三万": 10_000,
        "4268": 1,
        "12亿": 10**8,
    }


def test_neighbouring_numbers_stay_apart():
    """25万 30个 are two numbers, 7万 5千 is one; 1.2.3 is three."""
    assert [one.value for one in scan("25万 30个")] == [250_000, 30]
    assert [one.value for one in scan("7万 5千")] == [75_000]
    assert [one.value for one in scan("1.2.3")] == [1, 2, 3]


def test_a_run_of_digits_beyond_any_number_is_passed_over():
    """Ten thousand digits are neither a number nor an error."""
    assert scan("9" * 10_000) == []
    assert scan("三" * 10_000) == []


@given(st.text(CHARACTERS, min_size=1, max_size=14))
def test_a_run_summed_in_one_pass_is_what_the_grammar_makes_of_it(run):
    """The short way and the grammar give one value and one last place, or the short way gives none."""
    told = total(run)
    if told:
        part = parsed_at(run, 0)
        assert (part.end, part.number, part.grain, part.second) == (len(run), *told, -1)


@given(st.text([*CHARACTERS, *"兆点分又余多几0123456789,. 件"], min_size=1, max_size=14))
def test_a_number_told_by_its_form_is_what_the_grammar_makes_of_it(text):
    """4268, 1.52万 and 三千二百 by their form are what they are by the grammar, whatever follows."""
    assert piece_at(text, 0) == parsed_at(text, 0)
