"""How much money is owed, by the debts that have an amount; told in yuan, kept in fen."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import YUAN, Stock, Sum

from .populations import BY, SINCE, owed, owed_left, owed_settled, unit

_NOTE = Text(
    "承诺、没办完的事多半没有金额，不在里面。",
    "Most promises and unfinished matters have no amount and are not in it.",
)
entered_amount = Sum(
    "debts.entered_amount",
    zh="上账的金额",
    en="Amount of the old debts entered",
    also=["旧账金额"],
    means=Text(
        "这段时间记到单位账上的、有金额的旧账，一共多少元。",
        "How many yuan the debts come to that were entered with an amount.",
    ),
    note=_NOTE,
    unit=YUAN,
    of=owed,
    column="amount",
    per=100,
    places=2,
    by=(*BY, unit),
    since=SINCE,
)
open_amount = Stock(
    "debts.open_amount",
    zh="还没有了结的金额",
    en="Amount not settled",
    also=["欠账余额"],
    means=Text(
        "到那一天为止，上了账、没有了结也没有销账的旧账，上账时一共多少元。付了一部分的，了结以前按全数算。",
        "How many yuan the debts came to when entered that at the end of that day were neither settled "
        "nor written off. What was paid in part counts in full until it is settled.",
    ),
    note=_NOTE,
    unit=YUAN,
    begun=owed,
    ended=owed_left,
    column="amount",
    per=100,
    places=2,
    by=(*BY, unit),
    since=SINCE,
    good="down",
)
settled_amount = Sum(
    "debts.settled_amount",
    zh="了结的金额",
    en="Amount settled",
    also=["兑现金额"],
    means=Text(
        "这段时间了结的旧账，付给对方一共多少元。",
        "How many yuan were paid to the other side on the debts settled in this time.",
    ),
    note=_NOTE,
    unit=YUAN,
    of=owed_settled,
    column="paid",
    per=100,
    places=2,
    by=(*BY, unit),
    since=SINCE,
)
