"""How a rank is told: 排名第三, 居全省前5位, 全国首个."""

from __future__ import annotations

import re

#: what follows a number that is a place
PLACE = re.compile(" ?(?:位|名)")
#: what ends before a number that is a rank
CUE = re.compile(
    "(?:排名|名列|位居|位列|位次|排位|列|居|排|跃居|跻身|跃升|升至|升到|上升到|前移|进入|保持)[^,。;]{0,8}(?<!倒数)$"
)
#: ranks without a number: 首个, 居榜首
FIRST = re.compile(
    r"(?P<of>全国|全省|全市|全球|同类|全县)(?P<first>首[个家批例创]|首位|第一(?![批次轮季期书等方梯])|率先)|(?:位居|位列|居|列|排名|名列)[^,。;\d]{0,6}?(?P<head>首位|榜首|(?<!倒数)第一(?![批次轮季期书等方梯]))"
)
