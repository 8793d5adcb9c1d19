"""Spreadsheets as the tests of the import pages send them, and the mapping form as it answers."""

from __future__ import annotations

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult
from openpyxl import Workbook

from dingzi.core import spreadsheet
from dingzi.matters.importing import work
from dingzi.matters.importing.models import ImportRun

HEADER = ["工单编号", "来电时间", "标题", "反映内容", "乡镇", "纠纷类别", "联系电话", "经办人"]
IMPORTS = "/work/imports/"


def rows(count: int, **cells: dict[str, Any]) -> list[list[Any]]:
    """Rows of a hotline's sheet; ``cells`` replaces those of row ``rN``, counted with the header."""
    made = []
    for n in range(2, count + 2):
        row: dict[str, Any] = {
            "工单编号": f"G{n}", "来电时间": "2026/3/1 8:30:00", "标题": f"第{n}件", "反映内容": f"说了些话{n}",
            "乡镇": "灵泉街道", "纠纷类别": "邻里纠纷", "联系电话": "13800006620", "经办人": "小王",
        }  # fmt: skip
        made.append([(row | cells.get(f"r{n}", {}))[title] for title in HEADER])
    return made


def excel(lines: list[list[Any]], header: list[str] = HEADER, name: str = "热线3月.xlsx") -> Any:
    book = Workbook()
    sheet: Any = book.active
    for line in [header, *lines]:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue(), spreadsheet.CONTENT_TYPES["xlsx"])


def upload(client: Client, file: Any, what: str = "disputes.file") -> Any:
    return client.post(IMPORTS, {"what": what, "file": file}, follow=True)


def sent(page: str, step: str, **changed: str) -> dict[str, str]:
    """Return what the mapping form sends as it stands on the page, with some inputs changed."""
    form = page.partition('id="map"')[2].partition("</form>")[0]
    data: dict[str, str] = {}
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        found = re.search(r'<option value="([^"]*)" selected', inner)
        data[name] = found[1] if found else ""
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or "checked" in tag):
            data[name[1]] = value[1] if value else ""
    return data | {"step": step} | changed


def brought_in(client: Client, file: Any, what: str = "disputes.file", **changed: str) -> ImportRun:
    """Upload, change the mapping, try it, start it, let the steward do it; return the run."""
    page = upload(client, file, what).content.decode()
    run = ImportRun.objects.latest("pk")
    url = f"{IMPORTS}{run.pk}/"
    if changed:
        page = client.post(url, sent(page, "try", **changed)).content.decode()
    started = client.post(url, sent(page, "start", **changed))
    assert started.status_code == 302, started.content.decode()
    steward()
    run.refresh_from_db()
    return run


def steward() -> None:
    """Do what the queue holds, as the steward would, on this test's own connection."""
    for waiting in DBTaskResult.objects.ready():
        assert waiting.task_path == "dingzi.matters.importing.tasks.bring_in"
        work.work(*waiting.args_kwargs["args"])
        waiting.delete()
