"""The right column of a case page: what can be done now, each with its form and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.matters import clocks, selectors
from dingzi.matters.acts import State
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.process import Action
from dingzi.matters.recording import BACKDATE
from dingzi.ui import words

#: Actions that belong to a page of their own.
ELSEWHERE = frozenset({"sign_over"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be done, or why not yet."""

    name: str
    label: str
    help: str
    url: str
    key: str
    form: ActForm | None
    says: str
    refusal: str
    open: bool
    token: UUID
    backdate: bool
    late: dict[str, Any]


def offers(
    state: State,
    viewer: Viewer,
    now: datetime,
    language: str,
    *,
    opened: str = "",
    bound: ActForm | None = None,
    token: UUID | None = None,
    late: dict[str, Any] | None = None,
) -> list[Offer]:
    """Return what the viewer can do, the likeliest first.

    ``opened`` names the one that stands open; ``bound`` is its form as it was sent, ``token`` its
    key, ``late`` what was written under "earlier".
    """
    found = []
    possible = [p for p in selectors.possible(state, viewer) if p.name not in ELSEWHERE]
    for place, one in enumerate(possible, start=1):
        action, mine = one.action, one.name == opened
        form = None
        if one.refusal is None or (mine and bound is not None):
            form = bound if mine and bound is not None else fresh(action, viewer, state)
        found.append(
            Offer(
                name=action.name,
                label=action.label.in_language(language),
                help=action.help.in_language(language) if action.help else "",
                url=reverse("workbench:act", args=[state.matter.number, action.name]),
                key=str(place) if place <= 9 else "",
                form=form,
                says=follows(state, action, now, language),
                refusal=" ".join(reasons.say_all(one.refusal)) if one.refusal else "",
                open=mine,
                token=token if mine and token else uuid4(),
                backdate=BACKDATE in viewer.roles,
                late=(late or {}) if mine else {},
            )
        )
    return found


def fresh(action: Action, viewer: Viewer, state: State) -> ActForm:
    return form_for(action, viewer, state.matter, prefix=action.name)


def follows(state: State, action: Action, now: datetime, language: str) -> str:
    """Say what the act leads to: the state after it, its deadlines, who can read it."""
    matter, process = state.matter, state.process
    said = []
    target = process.target(action, matter.state)
    if target != matter.state:
        label = process.states[target].label.in_language(language)
        said.append(_("之后是“%(state)s”。") % {"state": label})
    said += _clock_words(state, action, now, language)
    said.append(_("当事人看得到这一步。") if action.public else _("只有内部能看。"))
    return (" " if language.startswith("en") else "").join(said)


def _clock_words(state: State, action: Action, now: datetime, language: str) -> list[str]:
    if not action.clocks:
        return []
    try:
        due = clocks.plan(state.process, state.matter.clocks, action.clocks, clocks.local_day(now))
    except Refusal:
        return []
    said = []
    for op in action.clocks:
        label = state.process.clocks[op.clock].label.in_language(language)
        known = state.matter.clocks.get(op.clock)
        day = due.get(op.clock)
        by = words.day(date.fromisoformat(day), now) if day else ""
        if op.op == "start":
            said.append(_("开始算“%(clock)s”，最晚%(day)s。") % {"clock": label, "day": by})
        elif op.op == "resume":
            said.append(_("“%(clock)s”接着算，最晚%(day)s。") % {"clock": label, "day": by})
        elif op.op == "pause":
            said.append(_("“%(clock)s”停下来。") % {"clock": label})
        elif known and known["state"] in ("running", "paused"):
            said.append(_("“%(clock)s”到此为止。") % {"clock": label})
    return said
