"""The public form of a mechanism, cut into its steps: what each asks, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from dingzi.city import directory
from dingzi.city.viewer import PUBLIC
from dingzi.core import identity, reasons
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Invalid, NotFound, Reason
from dingzi.core.registry import Filing, Mechanism, Step
from dingzi.matters import clocks, numbers, registry, telling
from dingzi.matters.fields import FieldDef, clean, model_of
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.process import Action
from dingzi.ui.forms import name_what_is_missing

from .drafts import Draft

#: Kinds that a step's page lays out itself.
OWN = ("papers", "place")
#: A field no person sees: what fills it in is a machine.
HONEYPOT = "website"


@dataclass(frozen=True, slots=True)
class PublicForm:
    """A mechanism that the public may file with, and its opening action."""

    mechanism: Mechanism
    filing: Filing
    action: Action

    @property
    def name(self) -> str:
        return self.mechanism.name

    def step(self, number: int) -> Step:
        if not 1 <= number <= len(self.filing.steps):
            raise NotFound.of("not_found")
        return self.filing.steps[number - 1]

    def fields(self, number: int) -> tuple[FieldDef, ...]:
        """Return the fields of a step in the order in which it asks them."""
        by_name = {one.name: one for one in self.action.fields}
        return tuple(by_name[name] for name in self.step(number).fields)

    def step_of(self, field: str) -> int:
        """Return the step that asks ``field``, 0 where none does."""
        for number, one in enumerate(self.filing.steps, start=1):
            if field in one.fields:
                return number
        return 0


def public_forms() -> list[PublicForm]:
    """Return what the public may file, in the order of the mechanisms."""
    return [
        PublicForm(one, one.filing, registry.handle(one.process).latest.actions[one.filing.action])
        for one in mechanisms.mechanisms()
        if one.filing is not None
    ]


def example_number() -> str:
    """Return what a number looks like here, for whoever has to type one."""
    form = next(iter(public_forms()), None)
    county = next(iter(directory.divisions("county")), None)
    if form is None or county is None:
        return ""
    prefix = registry.handle(form.mechanism.process).latest.prefix
    return f"{numbers.series(directory.short(county.code), prefix, clocks.local_day(timezone.now()))}4172号"


def public_form(name: str) -> PublicForm:
    found = next((one for one in public_forms() if one.name == name), None)
    if found is None:
        raise NotFound.of("not_found")
    return found


def form_of(
    form: PublicForm, number: int, draft: Draft, data: QueryDict | None = None, **initial: Any
) -> ActForm:
    """Return the browser's form of one step, without what the page lays out itself."""
    names = tuple(one.name for one in form.fields(number) if one.kind != "papers")
    made = form_for(
        form.action, PUBLIC, None, data, only=names, initial=draft.data | initial
    )  # fmt: skip
    made.order_fields(names)
    for name in made.fields:
        name_what_is_missing(made, name)
    return made


def check(form: PublicForm, number: int, made: ActForm) -> dict[str, Any]:
    """Return a valid step's answers; Invalid as the act itself would refuse them.

    No step needs an identity number, so a text that holds one is refused here already.
    """
    data = made.data_of()
    declared = tuple(one for one in form.fields(number) if one.name in made.fields)
    wrong: list[Reason] = [
        ("identity_number_in_text", {"field": one.name})
        for one in declared
        if one.kind in ("text", "line") and identity.find_identity_numbers(data.get(one.name, ""))
    ]
    if wrong:
        raise Invalid(*wrong)
    clean(model_of("Step", declared), data)
    return data


def underline(text: str) -> list[tuple[str, bool]]:
    """Cut a text into pieces, telling which look like identity numbers."""
    pieces: list[tuple[str, bool]] = []
    rest = text
    for found in identity.find_identity_numbers(text):
        before, _, rest = rest.partition(found)
        pieces += [(before, False), (found, True)]
    return [piece for piece in [*pieces, (rest, False)] if piece[0]]


def answers(form: PublicForm, draft: Draft, language: str) -> list[dict[str, Any]]:
    """Return what was answered on the steps before the last, to be looked over."""
    rows = []
    for number in range(1, len(form.filing.steps)):
        for one in form.fields(number):
            text = telling.value_text(one, draft.data.get(one.name), language)
            if one.kind == "papers":
                text = _listed([paper["name"] for paper in draft.papers], language)
            if text:
                rows.append({"term": one.label.in_language(language), "text": text, "step": number})
    return rows


def _listed(names: list[str], language: str) -> str:
    return reasons.listed(names, language)
