"""Spreadsheets through the pages: uploaded, mapped, tried, brought in, mended, brought in again."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from dingzi.matters.importing import running, work
from dingzi.matters.importing.models import ImportRun
from dingzi.matters.models import Event, Matter

from .conftest import Office
from .sheets import HEADER, IMPORTS, brought_in, excel, rows, sent, steward, upload

# -- the template -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"), [("zh-hans", "发生了什么事"), ("en", "What happened")]
)
def test_the_template_speaks_the_page_s_language_and_is_understood(
    office: Office, language: str, title: str
) -> None:
    """Its titles are in the language of the page, lists offer choices, and all are recognised."""
    client = office.client(office.world.window)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse("workbench:import_template", args=["disputes", "file"]))
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    header = [str(cell.value) for cell in sheet[1]]
    assert title in header
    assert sheet.data_validations.dataValidation
    example = [cell.value for cell in book.worksheets[1][2]]
    assert len(example) == len(header)
    page = upload(client, excel([example], header, "t.xlsx")).content.decode()
    chosen = [v for k, v in sent(page, "try").items() if k.startswith("col-")]
    assert len(set(chosen) - {""}) == len(header)
    look = ImportRun.objects.get().look
    assert (look["opened"], look["bad"]) == (1, [])


# -- mapping ----------------------------------------------------------------------------------


def test_faults_are_named_in_the_order_of_the_rows(office: Office) -> None:
    """What a reader finds and what a check finds stand in one list, from the top down."""
    client = office.client(office.world.window)
    faults = {"r2": {"联系电话": "1380000"}, "r3": {"乡镇": "没有的镇"}, "r4": {"联系电话": "1"}}
    text = upload(client, excel(rows(3, **faults))).content.decode()
    found = [text.index(said) for said in ("电话号码不对", "没有“没有的镇”")]
    assert found == sorted(found) and text.count("电话号码不对") == 2
    assert text.index("没有“没有的镇”") < text.rindex("电话号码不对")


def test_an_upload_is_mapped_and_tried_and_nothing_is_written(office: Office) -> None:
    """The page shows each column with its first values, guesses what it is, and says what is bad."""
    client = office.client(office.world.window)
    file = excel(rows(4, r3={"乡镇": "没有的镇"}, r4={"来电时间": "昨天"}))
    text = upload(client, file).content.decode()
    assert "3行能收" not in text
    assert "2行能收，2行不能" in text
    assert "乡镇：没有“没有的镇”这个区划" in text
    assert "来电时间：“昨天”不是日期" in text
    mapped = sent(text, "try")
    assert [mapped[f"col-{n}"] for n in range(8)] == [
        "@number", "@time", "title", "text", "place", "category", "phone", "",
    ]  # fmt: skip
    assert mapped["word-category-0"] == "neighbours"
    assert (Event.objects.count(), Matter.objects.count()) == (0, 0)


def test_a_mapping_that_was_changed_is_tried_before_it_runs(office: Office) -> None:
    """Pressing "import" after a change shows what the change does; pressing it again starts."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(2))).content.decode()
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    shown = client.post(url, sent(page, "start", source="12345热线"))
    assert shown.status_code == 200
    assert "您改了对应" in shown.content.decode()
    assert ImportRun.objects.get().state == "mapping"
    started = client.post(url, sent(shown.content.decode(), "start"))
    assert started.status_code == 302
    assert ImportRun.objects.get().state == "waiting"


def test_what_is_lacking_is_said_and_nothing_starts(office: Office) -> None:
    """Without a column for what happened the page names it; with one value for all it goes on."""
    client = office.client(office.world.window)
    header = ["编号", "备注一", "备注二"]
    page = upload(client, excel([["1", "甲", "乙"]], header, "x.xlsx")).content.decode()
    assert "还没有哪一列对应到“发生了什么事”" in page
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    refused = client.post(url, sent(page, "start"))
    assert "还没有哪一列对应到" in refused.content.decode()
    assert ImportRun.objects.get().state == "mapping"
    mapped = client.post(url, sent(page, "try", **{"col-1": "text"})).content.decode()
    assert "整张表试了一遍，1行都能收" in mapped


def test_two_columns_for_one_thing_are_refused(office: Office) -> None:
    """The page says that one of them must go; the mapping before stays."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(1))).content.decode()
    before = ImportRun.objects.get().plan
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    answer = client.post(url, sent(page, "try", **{"col-7": "title"}))
    assert answer.status_code == 422
    assert "有两列都对应到了同一项" in answer.content.decode()
    assert ImportRun.objects.get().plan == before


def test_words_of_the_sheet_are_matched_by_hand_where_no_guess_helps(office: Office) -> None:
    """A strange word is open and its rows are refused; once matched they are taken."""
    client = office.client(office.world.window)
    file = excel(rows(3, r2={"纠纷类别": "甲类"}, r3={"纠纷类别": "乙类"}))
    page = upload(client, file).content.decode()
    assert "2个词还没有对应" in page
    words = re.findall(r'id="(word-category-\d)-word">(?:<b>)?(.类|邻里纠纷)', page)
    by_word = {word: name for name, word in words}
    changed = {by_word["甲类"]: "wages", by_word["乙类"]: "-"}
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    tried = client.post(url, sent(page, "try", **changed)).content.decode()
    assert "3行都能收" in tried
    client.post(url, sent(tried, "start"))
    steward()
    assert dict(Matter.objects.values_list("foreign_number", "category")) == {
        "G2": "wages", "G3": "", "G4": "neighbours",
    }  # fmt: skip


def test_places_are_matched_by_name(office: Office) -> None:
    """A place that nobody knows is given one by typing its name; a wrong name stays open."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(1, r2={"乡镇": "我们那片"}))).content.decode()
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    wrong = client.post(url, sent(page, "try", **{"word-place-0": "月球"})).content.decode()
    assert "1个词还没有对应" in wrong
    right = client.post(url, sent(page, "try", **{"word-place-0": "秀江街道"})).content.decode()
    assert "1行都能收" in right
    default = client.post(url, sent(page, "try", **{"def-place": "火星"}))
    assert default.status_code == 422
    assert "没有“火星”这个区划" in default.content.decode()


def test_another_sheet_and_another_title_row_can_be_chosen(office: Office) -> None:
    """A workbook with remarks above the titles and two sheets is read where one says."""
    book = Workbook()
    first: Any = book.active
    first.title = "封面"
    first.append(["某某热线", "2026年"])
    second: Any = book.create_sheet("明细")
    for line in (["机密", "内部"], HEADER, *rows(2)):
        second.append(line)
    out = io.BytesIO()
    book.save(out)
    client = office.client(office.world.window)
    upload(client, SimpleUploadedFile("两张.xlsx", out.getvalue()))
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    answer = client.post(url, {"step": "sheet", "sheet": "明细", "header_row": "2"}, follow=True)
    assert "整张表试了一遍，2行都能收" in answer.content.decode()
    assert ImportRun.objects.get().sheet == "明细"


# -- bringing in ------------------------------------------------------------------------------


def test_good_rows_come_in_and_bad_ones_go_out_to_be_mended(office: Office) -> None:
    """The result names each bad row; the file to mend holds just those, and is understood."""
    client = office.client(office.world.window)
    bad = {"r3": {"乡镇": "没有的镇"}, "r5": {"来电时间": "1900-01-01"}, "r6": {"联系电话": "abc"}}
    run = brought_in(client, excel(rows(8, **bad)))
    assert (run.state, run.opened, run.bad) == ("done", 5, 3)
    text = client.get(f"{IMPORTS}{run.pk}/").content.decode()
    assert "登记5件，没有收3行" in text
    for said in ("乡镇：没有“没有的镇”", "来电时间：日期应在", "联系电话：电话号码不对"):
        assert said in text
    mend = client.get(f"{IMPORTS}{run.pk}/mend.xlsx")
    content = b"".join(mend.streaming_content)  # type: ignore[attr-defined]
    sheet: Any = load_workbook(io.BytesIO(content)).active
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert lines[0] == [*HEADER, "为什么没有收"]
    assert [line[0] for line in lines[1:]] == ["G3", "G5", "G6"]
    assert "没有“没有的镇”这个区划" in lines[1][-1]
    lines[1][4], lines[2][1], lines[3][6] = "灵泉街道", "2026-03-01", "13800006620"
    again = brought_in(client, excel(lines[1:], lines[0], "改好的.xlsx"), source=run.source)
    assert (again.opened, again.bad, Matter.objects.count()) == (3, 0, 8)


def test_all_or_nothing_leaves_nothing(office: Office) -> None:
    """With one bad row and "all or nothing" no matter is there, and the page says why."""
    client = office.client(office.world.window)
    run = brought_in(client, excel(rows(3, r3={"乡镇": "没有的镇"})), whole="yes")
    assert (run.state, run.opened, run.bad, Event.objects.count()) == ("done", 0, 1, 0)
    text = client.get(f"{IMPORTS}{run.pk}/").content.decode()
    assert "有1行不能收，所以一行也没有收" in text


def test_the_next_sheet_from_there_is_two_clicks(office: Office) -> None:
    """Mapping, words, defaults and source are remembered: upload, start, done."""
    client = office.client(office.world.window)
    first = excel(rows(2, r2={"纠纷类别": "甲类"}))
    page = upload(client, first).content.decode()
    names = {
        word: name
        for name, word in re.findall(r'id="(word-category-\d)-word">(?:<b>)?(甲类|邻里纠纷)', page)
    }
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    changed = {"source": "12345热线", names["甲类"]: "wages", "col-7": "spot"}
    tried = client.post(url, sent(page, "try", **changed)).content.decode()
    client.post(url, sent(tried, "start"))
    steward()
    later = rows(3, r2={"标题": "改了标题", "纠纷类别": "甲类"}, r3={})
    text = upload(client, excel(later, name="热线4月.xlsx")).content.decode()
    assert "照上次的办法读好了" in text
    run = ImportRun.objects.latest("pk")
    assert run.source == "12345热线"
    assert run.plan["columns"]["经办人"] == "spot"
    assert run.plan["values"]["category"]["甲类"] == "wages"
    client.post(f"{IMPORTS}{run.pk}/", sent(text, "start"))
    steward()
    run.refresh_from_db()
    assert (run.opened, run.corrected, run.same) == (1, 1, 1)
    assert Matter.objects.get(foreign_number="G2").title == "改了标题"


def test_the_same_file_again_is_said(office: Office) -> None:
    """Whoever uploads a file that was brought in is told when, and whether it would count twice."""
    client = office.client(office.world.window)
    content = excel(rows(1)).read()
    brought_in(client, SimpleUploadedFile("a.xlsx", content))
    text = upload(client, SimpleUploadedFile("b.xlsx", content)).content.decode()
    assert "导入过，登记了1件。有原编号，再导入不会重复。" in text


def test_csv_of_a_chinese_excel_is_taken(office: Office) -> None:
    """GB 18030 and UTF-16 with tabs, as Excel writes them, are read like any other."""
    lines = [HEADER, *[[str(cell) for cell in row] for row in rows(2)]]
    client = office.client(office.world.window)
    gb = "\r\n".join(",".join(line) for line in lines).encode("gb18030")
    assert brought_in(client, SimpleUploadedFile("热线.csv", gb)).opened == 2
    wide = "\r\n".join("\t".join(line) for line in lines).encode("utf-16")
    assert brought_in(client, SimpleUploadedFile("热线.txt", wide)).same == 2


def test_a_run_that_broke_off_goes_on_where_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steward dies after a chunk; what it had written is there once, the rest follows."""
    monkeypatch.setattr(running, "CHUNK", 3)
    client = office.client(office.world.window)
    lines = [[f"G{n}" if n % 2 else None, *row[1:]] for n, row in enumerate(rows(8))]
    page = upload(client, excel(lines)).content.decode()
    run = ImportRun.objects.get()
    client.post(f"{IMPORTS}{run.pk}/", sent(page, "start"))
    take, calls = running._Run.take, iter(range(9))

    def dying(self: Any, *args: Any, **more: Any) -> None:
        if next(calls) == 2:
            raise SystemExit
        take(self, *args, **more)

    monkeypatch.setattr(running._Run, "take", dying)
    with pytest.raises(SystemExit):
        work.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.at_row, Matter.objects.count()) == ("running", 7, 6)
    monkeypatch.setattr(running._Run, "take", take)
    work.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.opened, run.rows, Matter.objects.count()) == ("done", 8, 8, 8)


def test_how_far_it_is_can_be_asked(office: Office) -> None:
    """The page asks every second and goes to the result by itself; without a script it reloads."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(2))).content.decode()
    run = ImportRun.objects.get()
    client.post(f"{IMPORTS}{run.pk}/", sent(page, "start"))
    waiting = client.get(f"{IMPORTS}{run.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    work.tell(run.pk, 1, 2, 1)
    part = client.get(f"{IMPORTS}{run.pk}/progress/").content.decode()
    assert "看过的行 1 / 2" in part
    assert "1行不能收" in part
    steward()
    done = client.get(f"{IMPORTS}{run.pk}/progress/")
    assert done.headers["HX-Redirect"] == f"{IMPORTS}{run.pk}/"
    assert 'hx-trigger="every 1s"' not in client.get(f"{IMPORTS}{run.pk}/").content.decode()


def test_a_second_click_starts_nothing_twice(office: Office) -> None:
    """Starting a started run leads to its page and queues one task."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(2))).content.decode()
    url = f"{IMPORTS}{ImportRun.objects.get().pk}/"
    client.post(url, sent(page, "start"))
    client.post(url, sent(page, "start"))
    steward()
    assert Matter.objects.count() == 2
    assert ImportRun.objects.get().state == "done"


def test_finished_cases_are_taken_over(office: Office) -> None:
    """The other opening action is offered too; its results are matched and it ends archived."""
    header = ["编号", "登记日期", "案由", "地点", "办结日期", "调解结果"]
    line = ["J1", date(2024, 3, 1), "两家争一条田埂", "灵泉街道", date(2024, 3, 9), "达成协议"]
    client = office.client(office.world.window)
    run = brought_in(client, excel([line], header, "台账.xlsx"), "disputes.take_over")
    assert run.opened == 1
    assert Matter.objects.get().state == "archived"
