"""Words that begin with a numeral and count nothing, and what else is spelt with numerals."""

from __future__ import annotations

import re

#: After a lone 一: 一切, 一些, 一定 ...
_ONE = (
    "切些样定起直般旦律致同并向再共时边面度概旁贯手看听想说带路心意体流把味经阵向帆连刻瞬贫二"
    "帮举锤目应视生世"
)
#: Other words: a numeral, and what makes it one.
_WORDS = (
    "十足", "十分", "四川", "四处", "四周", "四肢", "四季", "四面", "三角", "三峡", "三农", "三明", "五谷",
    "五官", "五行", "五星", "六安", "七夕", "八方", "九江", "九三学社", "百姓", "千方百计", "千家万户",
    "千里", "万一", "万安", "万载", "万元户", "万物", "两岸", "两两", "两会", "两侧", "两旁", "两手",
    "一一", "三次产业", "四套班子", "四大班子", "五级书记",
)  # fmt: skip
WORD = re.compile(f"一[{_ONE}]|{'|'.join(_WORDS)}")
#: how these words begin: no other two characters need to be looked at
WORD_STARTS = frozenset([*(f"一{char}" for char in _ONE), *(word[:2] for word in _WORDS)])
#: Money of other countries: a numeral before it belongs to the name of the sum.
CURRENCY = re.compile(" ?(?:美元|美刀|欧元|英镑|港元|日元|卢布)")
ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s一-鿿，。；、]{1,2000}|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){1,5}"
)
