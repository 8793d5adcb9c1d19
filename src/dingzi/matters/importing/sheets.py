"""Spreadsheets that go out: the template to fill in, the rows to mend."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dingzi.core import reasons, spreadsheet

from ..fields import FieldDef
from ..process import Action
from . import runs
from .columns import NUMBER, TIME, Target, targets
from .models import ImportFault, ImportRun

#: Rows of the template that offer the choices as a list.
ROWS = 2_000
_EXAMPLES = {
    "phone": "13800000000", "date": "2025-09-26", "moment": "2025-09-26 10:00", "number": "3",
    "money": "3860",
}  # fmt: skip


def template(action: Action, place: str) -> bytes:
    """Return an empty workbook for an opening action, in the active language.

    Its first sheet has the titles and lists to choose from; the second an example row and what to
    write in each column. ``place`` is a place's name for the example.
    """
    tongue = get_language() or "zh-hans"
    wanted = targets(action)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = action.label.in_language(tongue)[:30]
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    for number, target in enumerate(wanted, 1):
        cell = sheet.cell(1, number, target.label.in_language(tongue))
        cell.font = bold
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 48 if _kind(target) == "text" else 18
        if target.field is not None and target.field.kind == "choice":
            _offer(sheet, letter, _labels(target.field, tongue))
    told: Any = book.create_sheet(_("怎么填"))
    for number, target in enumerate(wanted, 1):
        told.cell(1, number, target.label.in_language(tongue)).font = bold
        told.cell(2, number, _example(target, tongue, place))
        told.column_dimensions[get_column_letter(number)].width = 24
    told.cell(4, 1, _("列")).font = bold
    told.cell(4, 2, _("要不要填")).font = bold
    told.cell(4, 3, _("怎么写")).font = bold
    for row, target in enumerate(wanted, 5):
        told.cell(row, 1, target.label.in_language(tongue))
        told.cell(row, 2, _("必须填") if target.required else _("可以空着"))
        told.cell(row, 3, _how(target, tongue)).alignment = Alignment(wrap_text=False)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _kind(target: Target) -> str:
    if target.field is None:
        return "moment" if target.name == TIME else "line"
    return target.field.kind


def _labels(one: FieldDef, tongue: str) -> list[str]:
    return [text.in_language(tongue) for text in one.choices.values()]


def _offer(sheet: Any, letter: str, labels: list[str]) -> None:
    """Let a spreadsheet offer the choices; a list of more than 255 characters it cannot hold."""
    listed = ",".join(labels)
    if len(listed) <= 250 and not any("," in label for label in labels):
        offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        sheet.add_data_validation(offered)
        offered.add(f"{letter}2:{letter}{ROWS}")


def _example(target: Target, tongue: str, place: str) -> str:
    kind = _kind(target)
    if target.name == NUMBER:
        return "2025-0926"
    if kind == "choice" and target.field is not None:
        return _labels(target.field, tongue)[0]
    if kind == "place":
        return place
    if kind == "text":
        return _("楼上卫生间漏水，天花板泡坏了，希望修好。")
    if kind == "flag":
        return _("否")
    if target.name == "name":
        return _("202室业主")
    if target.name == "title":
        return _("楼上漏水")
    return _EXAMPLES.get(kind, "")


def _how(target: Target, tongue: str) -> str:
    kind = _kind(target)
    if target.name == NUMBER:
        return _("原来系统里的编号。有它，再导入一次只改变了的，不会重复登记。")
    if kind == "choice" and target.field is not None:
        return _("从这些里选：%(choices)s") % {
            "choices": reasons.listed(_labels(target.field, tongue), tongue)
        }
    if kind == "place":
        return _("县、乡镇、村的名称，或者从县写起的地址。")
    if kind == "unit":
        return _("单位的全名或者代码。")
    if kind in ("date", "moment"):
        return _("写成 2025-09-26 或者 2025/9/26 10:30。")
    if kind == "flag":
        return _("写“是”或者“否”。")
    if kind == "money":
        return _("以元为单位。")
    if kind == "parties":
        return _("几个人用顿号分开。")
    limit = target.field.max if target.field else None
    return _("最多%(n)s个字。") % {"n": limit} if limit else ""


def to_mend(run: ImportRun) -> Iterator[bytes]:
    """Yield an Excel file of exactly the rows that were not taken, with why, to mend and send."""
    header = [*run.header, _("为什么没有收")]
    return spreadsheet.export(header, _bad_rows(run), "xlsx", _("没有收的行"))


def _bad_rows(run: ImportRun) -> Iterator[list[Any]]:
    faults = run.bad_rows.order_by("row").iterator(chunk_size=1_000)
    with runs.open_table(run, header_row=run.header_row) as table:
        rows = iter(table)
        for fault in faults:
            for row in rows:
                if row.number == fault.row:
                    said = "\n".join(said_of(run, fault))
                    yield [*(row.cells[title] for title in run.header), said]
                    break


def said_of(run: ImportRun, fault: ImportFault) -> list[str]:
    """Return what is wrong with a row in words, each beginning with its column."""
    return [said for _column, said in by_column(run, fault.reasons)]


def by_column(run: ImportRun, stored: Iterable[Any]) -> list[tuple[str, str]]:
    """Return (column, what is wrong) for stored reasons; the column is named in the words too."""
    labels = {t.name: t.label for t in targets(runs.action_of(run.process, run.action))}
    found = []
    for code, params in stored:
        field = str(params.get("field", ""))
        label = labels.get(field.split(".")[0])
        column = str(params.get("column") or (label if label else "") or field)
        said = reasons.say((code, params))
        found.append(
            (
                column,
                _("%(column)s：%(said)s") % {"column": column, "said": said} if column else said,
            )
        )
    return found
