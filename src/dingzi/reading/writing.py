"""One way of writing: full-width and traditional characters folded, one for one, so offsets stay."""

from __future__ import annotations

#: Characters with which numbers and their units are written, and the plain character for each.
_PLAIN = dict(
    zip(
        "〇○壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億點負幾餘個對雙兩倆俩塊萬項處戶間畝噸場參會縣區鄉鎮歲達過約說"
        "與從將應須為單張條輛臺樓棟圓後時總體率兆",
        "零零一二二三三四五六六七八九十百千万亿点负几余个对双两两两块万项处户间亩吨场三会县区乡镇岁达过约说"
        "与从将应须为单张条辆台楼栋元后时总体率兆",
        strict=True,
    )
)
#: Financial numerals that are everyday words too: 队伍, 大陆, 放肆, 收拾.
ALSO_WORDS = frozenset("伍陆陸肆拾")

_WIDTH = {0xFF00 + code: 0x20 + code for code in range(0x01, 0x5F)} | {0x3000: 0x20}
_TABLE = _WIDTH | {0xA0: 0x20, 0x2212: 0x2D, 0x09: 0x20, 0xFE6A: 0x25}
_TABLE.update(dict.fromkeys(range(8194, 8203), 32))
_TABLE.update({ord(char): ord(plain) for char, plain in _PLAIN.items()})
_CAPITALS = {code: code + 0x20 for code in range(0x41, 0x5B)}


def _by_place(table: dict[int, int]) -> list[int]:
    """A table for ``str.translate`` in which what is plain stands for itself.

    A place in a list is found in half the time that a missing key takes.
    """
    places = list(range(0x10000))
    for code, plain in table.items():
        places[code] = plain
    return places


def _small(table: dict[int, int]) -> dict[int, int]:
    return _CAPITALS | {code: _CAPITALS.get(plain, plain) for code, plain in table.items()}


_FOLDED = _by_place(_TABLE)
#: for ``str.translate``: as `fold`, and full-width characters as ASCII; A to Z as small letters
FOLDED_SMALL = _by_place(_small(_TABLE))
HALF_WIDTH_SMALL = _by_place(_small(_WIDTH))


def fold(text: str) -> str:
    """The text with plain characters in the same places: full-width 9 is 9, 萬 is 万, 贰 is 二."""
    return text.translate(_FOLDED)
