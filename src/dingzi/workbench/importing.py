"""Spreadsheets brought in: upload, mapping, how far it is, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from dingzi.city import directory
from dingzi.core import reasons, registry, spreadsheet
from dingzi.core.errors import Forbidden, NotFound, Refusal
from dingzi.matters.importing import runs, sheets, work
from dingzi.matters.importing.models import ImportFault, ImportRun
from dingzi.ui import words

from . import importing_mapping as mapping
from .desk import desk, language, page, viewer_of

#: Rows that the result page names one by one; all stand in the file to mend.
NAMED = 100
#: Kinds of faults that it counts.
KINDS = 8
#: Bad rows that are looked at to count the kinds.
COUNTED = 20_000


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show what can be brought in and what has been; on POST take a spreadsheet."""
    viewer = viewer_of(request)
    offered = runs.importable(viewer)
    if not offered:
        raise Forbidden.of("import_not_your_role")
    chosen = request.POST.get("what", "") or _name(offered[0])
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            run = _take(request, offered, chosen)
        except Refusal as refusal:
            wrong = [("file", said) for said in reasons.say_all(refusal)]
        else:
            return redirect("workbench:import_run", run.pk)
    tongue = language()
    context = {
        "offered": [
            {
                "name": _name(one),
                "label": f"{one.mechanism.title}{pgettext('标点', '：')}{one.action.label.in_language(tongue)}",
                "help": one.action.help.in_language(tongue) if one.action.help else "",
                "template": reverse(
                    "workbench:import_template", args=[one.mechanism.name, one.action.name]
                ),
                "chosen": _name(one) == chosen,
            }
            for one in offered
        ],
        "wrong": wrong,
        "runs": [_line(run) for run in runs.of(viewer)],
    }
    return page(request, "imports", context, current="imports", status=422 if wrong else 200)


def _name(one: runs.Importable) -> str:
    return f"{one.mechanism.name}.{one.action.name}"


def _take(request: HttpRequest, offered: Iterable[runs.Importable], chosen: str) -> ImportRun:
    one = next((o for o in offered if _name(o) == chosen), None)
    file = request.FILES.get("file")
    if one is None:
        raise NotFound.of("not_found")
    if file is None:
        raise Refusal.of("import_no_file", field="file")
    return runs.upload(
        file, process=one.mechanism.process, action=one.action.name, by=viewer_of(request)
    )


def _line(run: ImportRun) -> dict[str, Any]:
    return {
        "run": run,
        "url": reverse("workbench:import_run", args=[run.pk]),
        "what": _what(run),
        "state": state_of(run),
        "told": told(run) if run.ended else "",
    }


def _what(run: ImportRun) -> str:
    return runs.action_of(run.process, run.action).label.in_language(language())


def state_of(run: ImportRun) -> str:
    return {
        "mapping": _("还没有开始"),
        "waiting": _("在排队"),
        "running": _("正在导入"),
        "done": _("导入完了"),
        "failed": _("没有导入完"),
    }[run.state]


def told(run: ImportRun) -> str:
    """Say what came of a run in one sentence."""
    parts = [_("登记%(n)s件") % {"n": words.number(run.opened)}]
    if run.corrected:
        parts.append(_("更正%(n)s件") % {"n": words.number(run.corrected)})
    if run.same:
        parts.append(_("没有变化%(n)s件") % {"n": words.number(run.same)})
    if run.bad:
        parts.append(_("没有收%(n)s行") % {"n": words.number(run.bad)})
    return (", " if language().startswith("en") else "，").join(parts)


@desk
@require_safe
def template(request: HttpRequest, mechanism: str, action: str) -> HttpResponse:
    """Give out an empty spreadsheet to fill in, in the language of the page."""
    viewer = viewer_of(request)
    for one in runs.importable(viewer):
        if (one.mechanism.name, one.action.name) == (mechanism, action):
            unit = directory.unit(viewer.unit)
            place = directory.division(unit.division) if unit else None
            made = sheets.template(one.action, directory.name_of(place, language()))
            answer = HttpResponse(made, content_type=spreadsheet.CONTENT_TYPES["xlsx"])
            return _as_file(answer, f"{mechanism}-{action}.xlsx")
    raise NotFound.of("not_found")


def _as_file(answer: Any, name: str) -> Any:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


# -- one import -------------------------------------------------------------------------------


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def import_run(request: HttpRequest, run: int) -> HttpResponse:
    """Show the mapping of an import, or how far it is, or what came of it."""
    viewer = viewer_of(request)
    one = runs.get(run, viewer)
    if one.state != ImportRun.State.MAPPING:
        return _show(request, one)
    if request.method != "POST":
        return page(request, "import_map", mapping.context(one, viewer), current="imports")
    step = request.POST.get("step", "")
    if step == "drop":
        runs.discard(one)
        messages.success(request, _("不导入了，文件已经删掉。"))
        return redirect("workbench:imports")
    return _map(request, one, step)


def _map(request: HttpRequest, one: ImportRun, step: str) -> HttpResponse:
    """Keep the mapping as it was sent; start where nothing in it is new, else show it tried."""
    viewer = viewer_of(request)
    before = (one.plan, one.source)
    try:
        if step == "sheet":
            runs.reopen(one, viewer, **mapping.sheet(request.POST))
            return redirect("workbench:import_run", one.pk)
        sent = mapping.read(one, viewer, request.POST)
        if (sent.mapped, sent.source) != before or not one.look:
            runs.settle(one, sent.mapped, viewer, source=sent.source)
        if not sent.wrong and step == "start" and (one.plan, one.source) == before:
            runs.start(one, viewer, whole=request.POST.get("whole") == "yes")
            return redirect("workbench:import_run", one.pk)
        wrong, fresh = sent.wrong, step == "start"
    except Refusal as refusal:
        wrong, fresh = mapping.blamed(refusal), False
    context = mapping.context(one, viewer, wrong=wrong, sent=request.POST)
    context["changed"] = fresh and not wrong and not context["lacking"]
    status = 422 if wrong else 200
    return page(request, "import_map", context, current="imports", status=status)


def _show(request: HttpRequest, one: ImportRun) -> HttpResponse:
    context = {
        "run": one,
        "what": _what(one),
        "state": state_of(one),
        "unused": mapping.unused(one),
        **_progress(one),
    }
    if one.ended:
        context |= _result(one)
    return page(request, "import_run", context, current="imports")


def _progress(one: ImportRun) -> dict[str, Any]:
    return {"progress": work.progress(one.pk), "started": one.started_at}


@desk
@require_safe
def import_progress(request: HttpRequest, run: int) -> HttpResponse:
    """Answer the page's question how far it is; send it to the result when there is one."""
    one = runs.get(run, viewer_of(request))
    if one.ended:
        url = reverse("workbench:import_run", args=[one.pk])
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    context = {"run": one, "state": state_of(one), **_progress(one)}
    return render(request, "workbench/parts/import_progress.html", context)


def _result(one: ImportRun) -> dict[str, Any]:
    faults = list(one.bad_rows.order_by("row")[:COUNTED])
    mechanism = next(m for m in registry.mechanisms() if m.process == one.process)
    return {
        "told": told(one),
        "seconds": _seconds(one),
        "faults": [said for reason in one.faults for said in [reasons.say(tuple(reason))]],
        "kinds": _kinds(one, faults),
        "rows": [
            {"row": fault.row, "said": sheets.by_column(one, fault.reasons)}
            for fault in faults[:NAMED]
        ],
        "more": max(0, one.bad - NAMED),
        "bars": [
            (label, number)
            for label, number in (
                (_("登记"), one.opened),
                (_("更正"), one.corrected),
                (_("没有变化"), one.same),
                (_("没有收"), one.bad),
            )
            if number
        ],
        "list_url": reverse("workbench:list", args=[mechanism.name]) + "?door=import",
        "kept": one.blob_id is not None,
        "nothing": one.whole and bool(one.bad),
    }


def _seconds(one: ImportRun) -> int | None:
    if one.started_at is None or one.ended_at is None:
        return None
    return max(1, round((one.ended_at - one.started_at).total_seconds()))


def _kinds(one: ImportRun, faults: list[ImportFault]) -> list[tuple[str, int]]:
    """Count what is wrong by column and code, the most frequent first, each with an example."""
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for fault in faults:
        for reason, (column, said) in zip(
            fault.reasons, sheets.by_column(one, fault.reasons), strict=True
        ):
            key = (reason[0], column)
            counts[key] += 1
            example.setdefault(key, said)
    return [(example[key], n) for key, n in counts.most_common(KINDS)]


@desk
@require_safe
def import_mend(request: HttpRequest, run: int) -> HttpResponseBase:
    """Give out the rows that were not taken, each with why, to mend and bring in again."""
    one = runs.get(run, viewer_of(request))
    if not one.ended or one.blob_id is None or not one.bad:
        raise NotFound.of("not_found")
    answer = StreamingHttpResponse(
        sheets.to_mend(one), content_type=spreadsheet.CONTENT_TYPES["xlsx"]
    )
    return _as_file(answer, f"import-{one.pk}.xlsx")
