"""The short way for numerals written in one piece: 三千二百, 四十五亿零四百万, 十五.

Most numerals of prose are such a run of Chinese digits and units, falling from left to right. They are
summed in one pass here; whatever has spaces, figures, decimals, 余 or two digits side by side is left
to the grammar in `pieces`.
"""

from __future__ import annotations

from itertools import product

#: what each character is: digits 1 to 9, units of ten negative below 万, others by their size
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "两": 2, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8,
}  # fmt: skip
CHARACTERS = "".join(_VALUES)
_ABOVE = 10**12


def _sum(run: str) -> tuple[int, int] | None:
    values = _VALUES
    whole = section = digit = 0
    floor, ceiling, above, last, grain = 10**4, _ABOVE, 0, -1, 1
    for char in run:
        value = values[char]
        if value == 0:
            if digit or last < 0:
                return None
            last = 0
        elif value < 10:
            if digit:
                return None
            digit, grain = value, 1
            if last < 0:
                last = 1
        elif value < 10**4:
            if value >= floor:
                return None
            if not digit:
                if value != 10:
                    return None
                digit = 1
            section += digit * value
            floor = last = value
            digit = 0
        else:
            if not digit and last == 0:
                return None
            section += digit
            if section and value < ceiling:
                whole += section * value
                grain = value
            elif section and value > above:  # 三千五百万八千亿
                whole = (whole + section) * value
                grain = value
            elif whole and not section and value >= above and last >= 10**4:  # 三百万亿
                whole *= value
                grain *= value
            else:
                return None
            above = max(above, value)
            ceiling = last = value
            section = digit = 0
            floor = 10**4
    if digit:
        section += digit * (last // 10) if last > 10 else digit
    elif last == 0 and len(run) > 1:
        return None  # 三百零件: 零 is of the next word
    return whole + section, grain


#: the sums of all runs of up to three characters, which most are
_SHORT = {
    run: told
    for length in (1, 2, 3)
    for run in map("".join, product(CHARACTERS, repeat=length))
    if (told := _sum(run))
}


def total(run: str) -> tuple[int, int] | None:
    """The value of a run and the place of its last stated digit; None where it is no plain run."""
    return _SHORT.get(run) if len(run) < 4 else _sum(run)
