"""Leader-carried cases, as the doors see them."""

from __future__ import annotations

from dingzi.city import roles
from dingzi.core.registry import Board, Mechanism, Section, register
from dingzi.core.text import Text

from . import selectors
from .process import carry
from .sample import weave

board = Board(
    title=Text("我包的事", "What I carry"),
    about=Text(
        "您包的每一件，和等您做的一步。这里只有您自己的，不和别人比。",
        "Each case that you carry and the step that waits for you. Only your own, compared with nobody's.",
    ),
    roles=frozenset({"leader", "inspector", "petition"}),
    counts=selectors.counts,
    sections=(
        Section(
            title=Text("要阅卷、见人、定办法", "To read, to meet the people, to decide"),
            rows=selectors.to_begin,
            note=selectors.steps,
        ),
        Section(
            title=Text("要办到位", "To see done"),
            rows=selectors.to_settle,
            note=selectors.steps,
        ),
        Section(
            title=Text(
                "报告办到位了，等当事人说话",
                "Reported as settled, the word of the person concerned awaited",
            ),
            rows=selectors.awaiting_word,
        ),
        Section(
            title=Text("化解了，可以结案", "Resolved, to be closed"),
            rows=selectors.to_close,
        ),
        Section(
            title=Text("别人包的，等没有经手的人回头看", "Carried by others, to be looked back on"),
            rows=selectors.to_look_back,
            note=selectors.steps,
        ),
    ),
)
register(
    Mechanism(
        name="carried",
        title=Text("领导包案", "Leader-carried cases"),
        process=carry.name,
        icon="user",
        about=Text(
            "一件事交一位领导包：阅卷、接访、下访、定办法。化解没有，由当事人说，或者独立回头看。",
            "A leader carries a matter: reads, receives, visits, decides. Whether it is resolved is "
            "for the person concerned or an independent look-back to say.",
        ),
        legal_basis=("信访工作条例",),
        weave=weave,
        board=board,
        order=30,
    )
)
roles.register(
    roles.Role(name="leader", zh="领导", en="Leader", sees="division"),
    roles.Role(name="inspector", zh="督查", en="Inspector", sees="division"),
)
