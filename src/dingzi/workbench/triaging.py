"""Each matter of a bulk act under a category of its own: proposed from its words, chosen by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dingzi.core.triage import Proposal
from dingzi.matters import proposing
from dingzi.matters.fields import FieldDef
from dingzi.matters.forms import ActForm
from dingzi.matters.process import Action

if TYPE_CHECKING:
    from .bulk import Picked


def asked(action: Action) -> FieldDef | None:
    """Return the field by which an act asks for a category, None where it asks for none."""
    return next(
        (f for f in action.fields if f.name == proposing.FIELD and f.kind == "choice"), None
    )


def choices(one: FieldDef | None, language: str) -> list[tuple[str, str]]:
    """Return the categories to choose from; none where the act asks for none."""
    return [(c, t.in_language(language)) for c, t in one.choices.items()] if one else []


def propose(rows: Sequence[Picked], one: FieldDef, post: QueryDict | None) -> None:
    """Give each row what was sent for it, else its own category, else what its words propose."""
    found = proposing.proposals([row.matter for row in rows])
    nothing = Proposal("", (), "")
    for row in rows:
        proposal = found.get(row.matter.id, nothing)
        row.words, row.signs = proposal.words[:3], proposal.signs
        sent = post.get(name_of(row), "") if post is not None else None
        row.category = (row.matter.category or proposal.category) if sent is None else sent
        if row.category not in one.choices:
            row.category = ""


def fit(form: ActForm) -> None:
    """Let the form's own category stand for the rows that have none."""
    field = form.fields[proposing.FIELD]
    field.required = False
    field.label = _("上面没有选类别的，都算")
    form.initial.pop(proposing.FIELD, None)
    field.help_text = ""


def settle(rows: Sequence[Picked], form: ActForm) -> bool:
    """Give rows without a category the form's; False, with an error, where one is still missing."""
    common = form.cleaned_data.get(proposing.FIELD, "")
    for row in rows:
        row.category = row.category or common
    missing = sum(not row.category for row in rows)
    if missing:
        said = ngettext("还有%(n)s件没有选类别。", "还有%(n)s件没有选类别。", missing)
        form.add_error(proposing.FIELD, said % {"n": missing})
    return not missing


def name_of(row: Picked) -> str:
    """Return the name of the input in which a row's category is chosen."""
    return f"category-{row.matter.id}"
