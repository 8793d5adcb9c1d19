"""The right column of a case page: what can be done now, each with its form and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from dingzi.city.viewer import Viewer
from dingzi.core import reasons, registry
from dingzi.core.errors import Forbidden, Refusal
from dingzi.matters import clocks, selectors
from dingzi.matters.acts import State
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.process import Action
from dingzi.matters.work import BACKDATE
from dingzi.ui import words

from . import fields
from .keeping import Kept

#: Actions that belong to a page of their own.
ELSEWHERE = frozenset({"sign_over", "witness_over"})


@dataclass(slots=True)
class Sent:
    """A form that came back: what was typed, under which key, with which papers.

    ``late_wrong`` is what is not right about the earlier time.
    """

    action: str
    form: ActForm | None = None
    token: UUID = field(default_factory=uuid4)
    late_at: str = ""
    late_why: str = ""
    late_wrong: str = ""
    kept: list[Kept] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be done, or why not yet; ``page`` is where, if not here."""

    name: str
    label: str
    help: str
    url: str
    key: str
    form: ActForm | None
    says: str
    refusal: str
    open: bool
    backdate: bool
    sent: Sent
    page: str = ""


def offers(
    state: State,
    viewer: Viewer,
    now: datetime,
    language: str,
    *,
    sent: Sent | None = None,
    start: Mapping[str, str] | None = None,
) -> list[Offer]:
    """Return what the viewer can do, the likeliest first.

    ``sent`` is the one whose form stands open, as it came back or, without a form, anew with the
    values of ``start``. Without it the likeliest stands open to who has the matter in hand.
    """
    # what is another's to do is left out; what is only not possible yet is shown with its reason
    possible = [
        p
        for p in selectors.possible(state, viewer)
        if p.name not in ELSEWHERE and not isinstance(p.refusal, Forbidden)
    ]
    opened = sent.action if sent else _likeliest(possible, state, viewer)
    mechanism = registry.of_process(state.process.name)
    pages = mechanism.pages.acts if mechanism and mechanism.pages else {}
    found = []
    for place, one in enumerate(possible, start=1):
        action, mine = one.action, one.name == opened
        own = sent if mine and sent else Sent(action.name)
        form, place_of = own.form, pages.get(action.name, "")
        if form is None and one.refusal is None and not place_of:
            form = form_for(
                action, viewer, state.matter, prefix=action.name,
                initial=dict(start or {}) if mine else None,
            )  # fmt: skip
        if form is not None:
            fields.fit(form, viewer, state.matter)
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
                backdate=BACKDATE in viewer.roles,
                sent=own,
                page=reverse(place_of, args=[state.matter.number]) if place_of else "",
            )
        )
    return found


def _likeliest(possible: list[selectors.Possible], state: State, viewer: Viewer) -> str:
    if state.matter.holder_id not in viewer.posts or not possible:
        return ""
    first = possible[0]
    return first.name if first.refusal is None and first.name in state.process.actions else ""


def follows(state: State, action: Action, now: datetime, language: str) -> str:
    """Say what the act leads to: the state after it, its deadlines, who can read it."""
    matter, process = state.matter, state.process
    said = []
    target = process.target(action, matter.state)
    if target != matter.state:
        label = process.states[target].label.in_language(language)
        said.append(_("之后是“%(state)s”。") % {"state": label})
    said += _clock_words(state, action, now, language)
    # who holds the receipt reads the matter itself, never what its children did
    seen = action.public and matter.parent_id is None
    said.append(_("当事人看得到这一步。") if seen else _("只有内部能看。"))
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
