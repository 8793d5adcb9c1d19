"""The short way for numerals written in one piece: 三千二百, 四十五亿零四百万, 十五.

Most numerals of prose are such a run of Chinese digits and units, falling from left to right. They are
summed in one pass here; whatever has spaces, figures, decimals, 余, two digits side by side or units
that rise is left to the grammar in `numerals`.
"""

from __future__ import annotations

#: what each character is: digits 1 to 9, units of ten negative below 万, others by their size
_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "两": 2, "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8,
}  # fmt: skip
CHARACTERS = "".join(_VALUES)
_ABOVE = 10**12


def total(run: str) -> tuple[int, int] | None:
    """The value of a run and the place of its last stated digit; None where it is no plain run."""
    values = _VALUES
    whole = section = digit = 0
    floor, ceiling, last, grain = 10**4, _ABOVE, -1, 1
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
                if last >= 0 or value != 10:
                    return None
                digit = 1
            section += digit * value
            floor = last = value
            digit = 0
        else:
            section += digit
            if value >= ceiling or not section:
                return None
            whole += section * value
            ceiling = last = grain = value
            section = digit = 0
            floor = 10**4
    if digit:
        section += digit * (last // 10) if last > 10 else digit
    return whole + section, grain
