"""Old debts, as the doors see them."""

from __future__ import annotations

from dingzi.city import roles
from dingzi.core.registry import Board, Mechanism, Section, register
from dingzi.core.text import Text

from . import selectors
from .process import debt
from .sample import stories

CATEGORIES = next(f for f in debt.latest.actions["enter"].fields if f.name == "category").choices

register(
    Mechanism(
        name="debts",
        title=Text("旧账", "Old debts"),
        process=debt.name,
        icon="archive",
        about=Text(
            "承诺、合同、生效裁判、没有办完的事：记在单位账上，跟着岗位走，换人不算了结。",
            "Promises, contracts, court rulings and unfinished matters stand on the unit's list and "
            "pass with the post; a change of person settles nothing.",
        ),
        categories=CATEGORIES,
        legal_basis=("优化营商环境条例",),
        sample=stories,
        opening="enter",
        board=Board(
            title=Text("单位的旧账", "What the unit owes"),
            about=Text(
                "您单位还欠的，和等您核定、核实的。跟着岗位走：换人时交的、接的、监交的三方都签。",
                "What your unit still owes, and what waits for you to rule on or check. It passes with "
                "the post, signed for by who leaves, who comes and the post above.",
            ),
            roles=frozenset({"handler", "debts", "inspector", "supervisor"}),
            counts=selectors.counts,
            sections=(
                Section(
                    title=Text("本单位还欠的", "Owed by your unit"),
                    rows=selectors.of_unit,
                    note=selectors.owed,
                ),
                Section(
                    title=Text(
                        "报了兑现完，等对方说话或核实",
                        "Reported as made good, word or check awaited",
                    ),
                    rows=selectors.reported,
                    note=selectors.owed,
                ),
                Section(
                    title=Text("要核定欠不欠", "To rule on"),
                    rows=selectors.to_rule,
                    note=selectors.owed,
                ),
                Section(
                    title=Text(
                        "别的单位报了兑现完，要问对方、要核实",
                        "Reported by others, to ask or to check",
                    ),
                    rows=selectors.to_check,
                    note=selectors.owed,
                ),
            ),
        ),
        order=35,
    )
)
roles.register(
    roles.Role(name="debts", zh="旧账清理", en="Old debts", sees="division"),
)
