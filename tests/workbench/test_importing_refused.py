"""What the import pages refuse, to whom, and what they forget in time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dingzi import matters
from dingzi.core import blobs
from dingzi.core.errors import WrongState
from dingzi.matters.importing import runs
from dingzi.matters.importing.models import ImportFault, ImportRun
from dingzi.matters.models import Matter
from dingzi.project.middleware import BodyLimit

from .conftest import Office
from .sheets import IMPORTS, brought_in, excel, rows, sent, steward, upload

# -- who may, and what is not taken -----------------------------------------------------------


def test_only_who_registers_may_import(office: Office) -> None:
    """A mediator's post registers nothing: no page, no template, no line in the rail."""
    client = office.client(office.world.mediator)
    assert client.get(IMPORTS).status_code == 403
    template = reverse("workbench:import_template", args=["disputes", "file"])
    assert client.get(template).status_code == 404
    assert upload(client, excel(rows(1))).status_code == 403
    assert IMPORTS not in client.get("/work/").content.decode()
    assert not ImportRun.objects.exists()


def test_another_post_s_import_is_not_there(office: Office) -> None:
    """Its page, its progress and its bad rows are 404 to everybody else."""
    run = brought_in(office.client(office.world.window), excel(rows(2, r2={"乡镇": "?"})))
    other = office.client(office.world.other_window)
    for path in ("", "progress/", "mend.xlsx"):
        assert other.get(f"{IMPORTS}{run.pk}/{path}").status_code == 404
    assert other.post(f"{IMPORTS}{run.pk}/", {"step": "drop"}).status_code == 404


def test_a_page_read_before_the_start_cannot_undo_it(office: Office) -> None:
    """Two tabs: mapping or dropping a run that the other has started meanwhile changes nothing."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(1))).content.decode()
    read = ImportRun.objects.get()
    by, source = office.world.window, read.source
    client.post(f"{IMPORTS}{read.pk}/", sent(page, "start"))
    for late in (
        lambda: runs.settle(read, read.plan, by, source="别的来源"),
        lambda: runs.discard(read),
    ):
        with pytest.raises(WrongState, match="import_started"):
            late()
    now = ImportRun.objects.get()
    assert (now.state, now.source, bool(now.blob_id)) == ("waiting", source, True)


def test_rights_are_asked_again_when_it_runs(office: Office) -> None:
    """Whoever lost the post between the click and the steward's turn brings nothing in."""
    client = office.client(office.world.window)
    page = upload(client, excel(rows(1))).content.decode()
    run = ImportRun.objects.get()
    client.post(f"{IMPORTS}{run.pk}/", sent(page, "start"))
    run.account.tenures.update(until=timezone.localdate())
    steward()
    run.refresh_from_db()
    assert (run.state, Matter.objects.count()) == ("failed", 0)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b" " * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .xlsx"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "不收这种文件"),
        ("空.csv", b"", "是空的"),
        ("一列.csv", b"\n\n", "表里没有内容"),
        ("坏.xlsx", b"PK\x03\x04" + b"x" * 60, "打不开"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(
    office: Office, name: str, content: bytes, said: str
) -> None:
    """Old Excel, pictures, empty and broken files: the page says what to do, nothing is kept."""
    client = office.client(office.world.window)
    answer = upload(client, SimpleUploadedFile(name, content))
    text = answer.content.decode()
    assert said in text
    assert not ImportRun.objects.exists()


def test_a_bomb_is_refused(office: Office) -> None:
    """600 MB packed into half a megabyte are not unpacked."""
    client = office.client(office.world.window)
    answer = upload(client, SimpleUploadedFile("b.xlsx", bomb()))
    assert answer.status_code == 422
    assert "解开后过大" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_two_gigabytes_are_refused_before_they_are_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The length alone answers 413."""
    monkeypatch.setattr(BodyLimit, "_drain", lambda *_: None)  # there is nothing behind it
    client = office.client(office.world.window)
    answer = client.generic("POST", IMPORTS, b"x", CONTENT_LENGTH=str(2 * 1024**3))
    assert answer.status_code == 413
    assert not ImportRun.objects.exists()


def test_formulas_are_named_by_cell(office: Office) -> None:
    """A formula is never computed: its row is refused with the cell and the remedy."""
    client = office.client(office.world.window)
    text = upload(client, excel(rows(2, r3={"标题": "=1+1"}))).content.decode()
    assert "单元格C3里是公式，没有取。请把公式粘贴为“数值”再传。" in text


def test_a_script_in_a_file_name_is_only_a_name(office: Office) -> None:
    """The name is made harmless and shown as text."""
    client = office.client(office.world.window)
    answer = upload(client, excel(rows(1), name="<script>alert(1)</script>.xlsx"))
    assert "<script>alert" not in answer.content.decode()
    assert "<" not in ImportRun.objects.get().name


def test_cells_that_look_like_formulas_go_out_as_text(office: Office) -> None:
    """What a citizen wrote cannot run in the clerk's spreadsheet: neither mended rows nor lists."""
    client = office.client(office.world.window)
    evil = "@SUM(1+1)*cmd|' /C calc'!A0"
    run = brought_in(client, excel(rows(2, r2={"标题": evil}, r3={"标题": evil, "乡镇": "?"})))
    content = b"".join(client.get(f"{IMPORTS}{run.pk}/mend.xlsx").streaming_content)  # type: ignore[attr-defined]
    cell = load_workbook(io.BytesIO(content)).active["C2"]
    assert (cell.value, cell.data_type) == (evil, "s")
    listed = client.get("/work/disputes/export.csv")
    assert f"'{evil}" in b"".join(listed.streaming_content).decode()  # type: ignore[attr-defined]


# -- keeping and forgetting -------------------------------------------------------------------


def test_an_import_that_is_not_wanted_is_deleted_with_its_file(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    """ "Do not import" leaves neither row nor file."""
    client = office.client(office.world.window)
    upload(client, excel(rows(1)))
    run = ImportRun.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{IMPORTS}{run.pk}/", {"step": "drop"})
    assert not ImportRun.objects.exists()
    assert not Path(settings.BLOBS, run.digest[:2], run.digest[2:4], run.digest).exists()


@pytest.fixture
def old(office: Office) -> Iterator[ImportRun]:
    run = brought_in(office.client(office.world.window), excel(rows(2, r2={"乡镇": "没有的镇"})))
    ImportRun.objects.update(created_at=timezone.now() - timedelta(days=31))
    yield run


def test_what_an_import_holds_of_persons_is_deleted_after_its_time(
    office: Office, old: ImportRun, django_capture_on_commit_callbacks: Any
) -> None:
    """File, first values and bad rows go; counts, and how the columns were read, stay."""
    with django_capture_on_commit_callbacks(execute=True):
        assert runs.sweep() == 1
    run = ImportRun.objects.get()
    assert (run.blob_id, run.profile, run.look, run.opened, run.bad) == (None, {}, {}, 1, 1)
    assert run.plan["columns"]["乡镇"] == "place"
    assert "place" not in run.plan["values"]
    assert not ImportFault.objects.exists()
    with pytest.raises(Exception, match="not_found"):
        blobs.open_blob(run.digest)
    text = office.client(office.world.window).get(f"{IMPORTS}{run.pk}/").content.decode()
    assert "过了保存期" in text
    assert f"{IMPORTS}{run.pk}/mend.xlsx" not in text


def test_a_file_that_is_also_a_paper_stays(office: Office, old: ImportRun) -> None:
    """The same content handed in as a paper belongs to that matter."""
    number = Matter.objects.get().number
    paper = {"digest": old.digest, "name": "表.xlsx"}
    matters.act(number, "add_paper", {"papers": [paper]}, by=office.world.window)
    runs.sweep()
    blobs.open_blob(old.digest).close()
