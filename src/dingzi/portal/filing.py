"""Filing: one page a step, nothing asked twice, nothing lost on the way."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dingzi import matters
from dingzi.city import directory, outlines
from dingzi.city.viewer import PUBLIC, receipt
from dingzi.core import reasons, throttle
from dingzi.core.errors import Invalid, Reason, Refusal
from dingzi.ledger import waiting
from dingzi.matters import selectors
from dingzi.matters.forms import ActForm
from dingzi.matters.models import event_id

from . import again, drafts, holder, photos, places
from .drafts import Draft
from .pages import language, open_to_all, page
from .steps import (
    HONEYPOT,
    PublicForm,
    answers,
    check,
    form_of,
    public_form,
    public_forms,
    underline,
)


@open_to_all
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Go to the form; ask which one only where there is more than one."""
    forms = public_forms()
    if len(forms) == 1:
        return HttpResponseRedirect(_url(forms[0], 1))
    return page(request, "file/choose", {"forms": forms}, current="file")


@open_to_all
@require_safe
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """Begin or go on; ``?category=`` comes from the home page's door."""
    form = public_form(name)
    category = request.GET.get("category")
    if category is not None:
        draft = drafts.load(request, name)
        draft.data.pop("category", None)
        if category in form.mechanism.categories:
            draft.data["category"] = category
        drafts.save(request, name, draft)
    return HttpResponseRedirect(_url(form, 1))


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str, number: int) -> HttpResponseBase:
    """Ask one step; on POST keep it and go on, on the last one file."""
    form = public_form(name)
    form.step(number)
    draft = drafts.load(request, name)
    if request.method == "POST" and _filed_already(request, name):
        return HttpResponseRedirect(reverse("portal:receipt"))
    missing = next((n for n in range(1, number) if n not in draft.done), None)
    if missing is not None:
        if request.method == "POST":
            messages.warning(request, _("放得太久，前面写的这里已经不在了。请从这一步接着写。"))
        return HttpResponseRedirect(_url(form, missing))
    if request.method == "POST":
        return _Sent(request, form, number, draft).answer()
    return show(request, form, number, draft)


def _filed_already(request: HttpRequest, name: str) -> bool:
    """Tell whether this very form was filed already: a second click, a retry after a lost answer."""
    filed = drafts.filed(request)
    return filed is not None and filed.name == name and filed.key == request.POST.get("key")


class _Sent:
    """One step as it was sent."""

    def __init__(
        self, request: HttpRequest, form: PublicForm, number: int, draft: Draft
    ) -> None:  # fmt: skip
        self.request, self.form, self.number, self.draft = request, form, number, draft
        self.made = form_of(form, number, draft, request.POST)
        self.wrong: list[Reason] = []

    def answer(self) -> HttpResponseBase:
        request, draft = self.request, self.draft
        self._papers()
        if dropped := request.POST.get("drop"):
            draft.papers = photos.drop(draft.papers, dropped)
            drafts.save(request, self.form.name, draft)
            return show(request, self.form, self.number, draft, typed=self._typed())
        if request.POST.get(HONEYPOT):
            self.wrong.append(("leave_empty", {}))
        if "later" in request.POST:
            # what is put aside need not be complete
            for field in self.made.fields.values():
                field.required = False
        if self.made.is_valid():
            try:
                self._keep(check_later(self.form, self.number, self.made, request))
            except Invalid as refusal:
                self.made.refuse(refusal)
        drafts.save(request, self.form.name, draft)
        if self.made.errors or self.wrong:
            return self._again(422)
        if "later" in request.POST:
            text = _("写的都留着。用这台设备再打开“说一件事”，就能接着写。")
            messages.success(request, text)
            return HttpResponseRedirect(reverse("portal:home"))
        if self.number not in draft.done:
            draft.done.append(self.number)
            drafts.save(request, self.form.name, draft)
        if self.number < len(self.form.filing.steps):
            return HttpResponseRedirect(_url(self.form, self.number + 1))
        return self._file()

    def _papers(self) -> None:
        if not any(one.kind == "papers" for one in self.form.fields(self.number)):
            return
        files = self.request.FILES.getlist("papers")
        if files:
            where = throttle.address(self.request)
            throttle.SENT.check(where)
            throttle.SENT.count(where)
        self.draft.papers, wrong = photos.take(files, self.draft.papers)
        self.wrong += wrong

    def _typed(self) -> dict[str, Any]:
        return {name: self.request.POST.get(name, "") for name in self.made.fields}

    def _keep(self, data: dict[str, Any]) -> None:
        for one in self.form.fields(self.number):
            self.draft.data.pop(one.name, None)
        self.draft.data |= data

    def _again(self, status: int) -> HttpResponse:
        return show(
            self.request, self.form, self.number, self.draft,
            bound=self.made, wrong=self.wrong, status=status,
        )  # fmt: skip

    def _file(self) -> HttpResponseBase:
        """File what was written, once; give the receipt to this device."""
        request, draft = self.request, self.draft
        where = throttle.address(request)
        throttle.FILED.check(where)
        data = {k: v for k, v in draft.data.items() if v not in (None, "", [])}
        if draft.papers:
            data["papers"] = draft.papers
        key = UUID(draft.key)
        try:
            with waiting.sealing() as ear:
                done = matters.open_matter(
                    self.form.mechanism.process, self.form.action.name, data,
                    by=PUBLIC, key=key, door="web",
                )  # fmt: skip
                # the receipt can then show the seal at once
                waiting.until_sealed(event_id(done.stream, done.seq), ear, waiting.AWHILE)
        except Refusal as refusal:
            self._refused(refusal)
            return self._again(refusal.status)
        throttle.FILED.count(where)
        matter = selectors.get(done.number, receipt(done.stream))
        drafts.drop(request, self.form.name)
        drafts.keep_filed(request, matter.id, self.form.name, key)
        answer = HttpResponseRedirect(reverse("portal:receipt"))
        holder.let_in(answer, matter)
        return answer

    def _refused(self, refusal: Refusal) -> None:
        for reason in refusal.reasons:
            field = str(reason[1].get("field", "")).split(".")[0]
            if field in self.made.fields:
                self.made.add_error(field, reasons.say(reason))
            else:
                self.wrong.append(reason)
        if "key_reused" in refusal.codes:
            self.draft.key = str(uuid4())  # what was written has changed since: it is another one
            drafts.save(self.request, self.form.name, self.draft)


def check_later(
    form: PublicForm, number: int, made: ActForm, request: HttpRequest
) -> dict[str, Any]:
    """Return a step's answers; of what is only put aside, no more than that it is harmless."""
    try:
        return check(form, number, made)
    except Invalid as refusal:
        if "later" in request.POST and set(refusal.codes) <= {"required"}:
            return made.data_of()
        raise


def show(
    request: HttpRequest,
    form: PublicForm,
    number: int,
    draft: Draft,
    *,
    bound: ActForm | None = None,
    typed: dict[str, Any] | None = None,
    wrong: list[Reason] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page of one step."""
    tongue, steps = language(), form.filing.steps
    made = bound or form_of(form, number, draft, **(typed or {}))
    last = number == len(steps)
    label = form.mechanism.categories.get(draft.data.get("category", ""))
    context: dict[str, Any] = {
        "form": made,
        "public_form": form,
        "step": steps[number - 1],
        "number": number,
        "total": len(steps),
        "after": "" if last else str(steps[number].short),
        "back": _url(form, number - 1) if number > 1 else reverse("portal:home"),
        "parts": _parts(form, number, made),
        "urgent": form.filing.urgent,
        "papers": draft.papers,
        "most": photos.MOST,
        "category": str(label) if label else "",
        "wrong": _above(wrong or []),
        "photo_wrong": [reasons.say(r) for r in wrong or [] if r[1].get("field") == "papers"],
        "key": draft.key,
        "honeypot": HONEYPOT,
        "last": last,
    }
    if any(one.kind == "place" for one in form.fields(number)):
        context |= _place(request, form, number, draft, made)
    if last:
        context["answers"] = [
            row | {"url": _url(form, row["step"])} for row in answers(form, draft, tongue)
        ]
        context["said_before"] = again.said_before(request, form.mechanism.process, draft.data)
    return page(request, "file/step", context, current="file", status=status, private=True)


def _parts(form: PublicForm, number: int, made: ActForm) -> list[dict[str, Any]]:
    """Return the fields of a step with how the page lays each out."""
    urgent = form.filing.urgent
    parts = []
    for place, one in enumerate(form.fields(number)):
        kind = one.kind
        if urgent and one.name == urgent.field:
            kind = "urgent"
        elif kind not in ("papers", "place"):
            kind = "lead" if kind == "text" and place == 0 else "field"
        part: dict[str, Any] = {"kind": kind}
        if one.name in made.fields:
            part["field"] = made[one.name]
            if kind == "lead" and made.is_bound and made.errors.get(one.name):
                part["pieces"] = underline(str(made[one.name].value() or ""))
                part["found"] = any(is_number for _, is_number in part["pieces"])
        parts.append(part)
    return parts


def _above(wrong: list[Reason]) -> list[tuple[str, str]]:
    ids = {"papers": "id_papers"}
    return [(ids.get(str(r[1].get("field", "")), ""), reasons.say(r)) for r in wrong]


def _place(
    request: HttpRequest, form: PublicForm, number: int, draft: Draft, made: ActForm
) -> dict[str, Any]:
    """Return the picker of the step that asks for the place."""
    field = next(one.name for one in form.fields(number) if one.kind == "place")
    kept = made.data.get(field, "") if made.is_bound else draft.data.get(field, "")
    at = request.GET.get("at", kept) or ""
    whole = "whole" in request.GET or (len(at) == 6 and at == kept)
    words = request.GET.get("q", "").strip()[:60]
    tongue = language()
    picked = places.picker(at, words, _url(form, number), tongue, whole=whole)
    example = next((directory.name_of(one, tongue) for one in directory.divisions("town")), "")
    context: dict[str, Any] = {
        "example": example,
        "picker": picked,
        "place_field": field,
        "here": _url(form, number),
    }
    if not picked.at and not words:
        drawn = outlines.counties(tongue)
        context["outlines"] = drawn
        context["county_values"] = dict.fromkeys(drawn.shapes, (1, ""))
        context["county_links"] = {one["code"]: one["url"] for one in picked.below}
    return context


def _url(form: PublicForm, number: int) -> str:
    return reverse("portal:step", args=[form.name, number])
