"""What a receipt's holder can do now: answer a question, or one of the further acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core import registry as mechanisms
from dingzi.core.registry import Question
from dingzi.matters import selectors
from dingzi.matters.acts import State
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.process import Action
from dingzi.ui.forms import name_what_is_missing

#: Name of a field that asks for one to five.
RATING = "rating"
ANSWER = "answer"
#: Rank of an act for which the case waits.
FIRST = 1


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing the holder may do, with its form, or why it cannot be yet.

    ``first``: the case waits for it. ``hidden`` is what its form sends along unseen.
    """

    name: str
    label: str
    help: str
    says: str
    url: str
    form: ActForm
    open: bool
    refusal: str
    paper_names: tuple[str, ...]
    first: bool
    hidden: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of the process with its two answers, of equal weight."""

    title: str
    text: str
    yes: dict[str, str]
    no: dict[str, str]
    form: ActForm
    hidden: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A form as it was sent and refused: which act, its data, its key."""

    action: str
    form: ActForm
    key: UUID


def question_of(state: State) -> Question | None:
    mechanism = mechanisms.of_process(state.process.name)
    if mechanism is None or mechanism.filing is None:
        return None
    return mechanism.filing.questions.get(state.matter.state)


def can(
    state: State, viewer: Viewer, language: str, bound: Bound | None = None
) -> tuple[Ask | None, list[Offer]]:
    """Return the question that the matter asks now, if any, and the further acts."""
    possible = {p.name: p for p in selectors.possible(state, viewer)}
    question = question_of(state)
    ask = None
    if question and all(
        name in possible and possible[name].refusal is None for name in question.leads
    ):
        pair = [possible.pop(name).action for name in question.leads]
        ask = _ask(question, pair, viewer, state, language, bound)
    offers = []
    for name, one in possible.items():
        mine = bound if bound and bound.action == name else None
        action = one.action
        offers.append(
            Offer(
                name=name,
                label=action.label.in_language(language),
                help=action.help.in_language(language) if action.help else "",
                says=_follows(state, action, language),
                url=reverse("portal:act", args=[name]),
                form=mine.form if mine else form_of(action, viewer, state),
                open=mine is not None,
                refusal=" ".join(reasons.say_all(one.refusal)) if one.refusal else "",
                paper_names=paper_fields(action),
                first=action.rank == FIRST,
                hidden=hidden(state, mine),
            )
        )
    return ask, offers


def _follows(state: State, action: Action, language: str) -> str:
    """Say what an act leads to, "" where the case stays as it is."""
    target = state.process.target(action, state.matter.state)
    if target == state.matter.state:
        return ""
    after = state.process.states[target]
    if after.end:
        return _("送出以后，这件事就不再办了。")
    return _("送出以后：%(state)s。") % {"state": after.public.in_language(language)}


def _ask(
    question: Question,
    pair: list[Action],
    viewer: Viewer,
    state: State,
    language: str,
    bound: Bound | None,
) -> Ask:
    mine = bound if bound and bound.action == ANSWER else None
    yes, no = (
        {
            "value": action.name,
            "label": action.label.in_language(language),
            "leads": question.leads[action.name].in_language(language),
        }
        for action in pair
    )
    return Ask(
        title=question.title.in_language(language),
        text=question.text.in_language(language),
        yes=yes,
        no=no,
        form=mine.form if mine else answer_form(pair, viewer, state, language),
        hidden=hidden(state, mine),
    )


def answer_form(pair: list[Action], viewer: Viewer, state: State, language: str) -> ActForm:
    """Return one form with the fields of both answers.

    A field that only one of them has says so; one that they call differently has both names.
    """
    first, other = (form_of(one, viewer, state, prefix=ANSWER) for one in pair)
    for name, field in other.fields.items():
        held = first.fields.get(name)
        if held is None:
            field.label = _for_one(field.label, pair[1], language)
            first.fields[name] = field
        elif held.label != field.label:
            held.label = f"{held.label} / {field.label}"
    for name, field in first.fields.items():
        if name not in other.fields:
            field.label = _for_one(field.label, pair[0], language)
    return first


def _for_one(label: Any, action: Action, language: str) -> str:
    answer = action.label.in_language(language)
    return _("%(label)s（选“%(answer)s”时写）") % {"label": label, "answer": answer}


def form_of(
    action: Action,
    viewer: Viewer,
    state: State,
    data: QueryDict | None = None,
    prefix: str | None = None,
) -> ActForm:
    """Return the form of an act, papers aside: each of them is taken or refused on its own."""
    names = tuple(one.name for one in action.fields if one.kind != "papers")
    made = form_for(
        action, viewer, state.matter, data, only=names, prefix=prefix or action.name
    )  # fmt: skip
    if RATING in made.fields:
        made.fields[RATING] = _rating(made.fields[RATING])
    for name in made.fields:
        name_what_is_missing(made, name)
    return made


def paper_fields(action: Action) -> tuple[str, ...]:
    return tuple(one.name for one in action.fields if one.kind == "papers")


def _rating(field: forms.Field) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[(n, str(n)) for n in range(1, 6)],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "inline"}),
        label=field.label,
        help_text=field.help_text,
        required=field.required,
    )


def hidden(state: State, bound: Bound | None) -> dict[str, Any]:
    """Return what every form of the case sends along: which matter, as it stood, and its key."""
    key = bound.key if bound else uuid4()
    return {"number": state.matter.number, "seen": state.matter.seq, "key": str(key)}
