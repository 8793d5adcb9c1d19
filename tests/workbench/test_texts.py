"""Checking a draft at the desk: paste or file, what each number is, words bound for the next text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dingzi.city import directory
from dingzi.city.models import Account, Post, Tenure
from dingzi.city.viewer import Viewer
from dingzi.figures.models import Naming
from dingzi.matters.models import Event
from tests.figures.rows import closed
from tests.workbench.conftest import Office
from tests.world import SINCE

TEXT = "今年1至8月，全市办结矛盾纠纷6件，平息口角6件。"


@pytest.fixture
def editor(office: Office, at: Callable[..., Any]) -> Viewer:
    """An editor's post at the window's unit, and six disputes closed."""
    at("2025-09-23T10:00+08:00")
    post = Post.objects.create(
        code="bj", unit_id=office.world.centre, name="编辑岗", roles=["editor"], since=SINCE
    )
    account = Account.objects.create_user("editor", "dingzi-demo-2025")
    Tenure.objects.create(post=post, account=account, since=SINCE)
    office.accounts[post.pk] = account
    directory.forget()
    for month in range(1, 7):
        closed(date(2025, month, 5), registered_on=date(2025, 1, 2))
    return Viewer(kind="staff", post=post.pk, unit=post.unit_id, roles=frozenset(["editor"]))


def test_a_draft_is_annotated(office: Office, editor: Viewer) -> None:
    """Each number has its verdict in words beside the line, and the figure it was bound to."""
    answer = office.client(office.world.window).post("/work/check/", {"text": TEXT})
    body = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "这段话有2处数字：1处与记录一致，0处不符，1处没有数据。" in body
    assert 'class="claim ok" id="m1"' in body and "/figures/disputes.closed/" in body
    assert "记住" not in body, "a window's post binds nothing"


def test_words_are_bound_and_the_next_text_knows(office: Office, editor: Viewer) -> None:
    """An editor chooses the figure; the same page and the next text read it so; then none."""
    browser = office.client(editor)
    asked = {"text": TEXT, "bind": "2", "figure-2": "disputes.closed"}
    body = browser.post("/work/check/", asked).content.decode()
    assert "2处与记录一致" in body
    assert Event.objects.filter(action="figure_words_named", post=editor.post).count() == 1
    again = browser.post("/work/check/", {"text": "今年1至8月，全市平息口角7件。"}).content.decode()
    assert "1处不符" in again
    gone = browser.post("/work/check/", {"text": TEXT, "unbind": "2"}).content.decode()
    assert "1处没有数据" in gone and Naming.objects.get().figure == ""


def test_binding_needs_the_post_and_a_choice(office: Office, editor: Viewer) -> None:
    """A window's post is refused, as is a binding without a figure or of no claim."""
    asked = {"text": TEXT, "bind": "2", "figure-2": "disputes.closed"}
    assert office.client(office.world.window).post("/work/check/", asked).status_code == 403
    browser = office.client(editor)
    assert browser.post("/work/check/", {"text": TEXT, "bind": "2"}).status_code == 422
    assert browser.post("/work/check/", {"text": TEXT, "bind": "99"}).status_code == 422
    bad = {"text": TEXT, "bind": "2", "figure-2": "no.such"}
    assert browser.post("/work/check/", bad).status_code == 404
    assert not Naming.objects.exists()


def test_a_checked_text_becomes_a_draft_with_live_figures(office: Office, editor: Viewer) -> None:
    """Verified numbers become figures that follow the record; all else stays as it was written."""
    browser = office.client(editor)
    body = browser.post("/work/articles/from-text/", {"text": "办得怎么样\n" + TEXT, "live": "1"}).content.decode()  # fmt: skip
    assert "全市办结矛盾纠纷[[disputes.closed|2025-01..2025-08]]，平息口角6件。" in body
    assert 'value="办得怎么样"' in body
    plain = browser.post("/work/articles/from-text/", {"text": TEXT}).content.decode()
    assert TEXT in plain
    marked = "办结*情况\n## 一\n- 二 [x](y) [[disputes.closed|2025-01..2025-08]]"
    body = browser.post("/work/articles/from-text/", {"text": marked}).content.decode()
    assert (
        'value="办结*情况"' in body
        and "\\## 一\n\n\\- 二 \\[x\\](y) [[disputes.closed|2025-01..2025-08]]" in body
    )
    window = office.client(office.world.window)
    assert window.post("/work/articles/from-text/", {"text": TEXT}).status_code == 403


def docx(text: str) -> bytes:
    import docx as word

    document = word.Document()
    document.add_paragraph(text)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def bomb() -> bytes:
    """A package whose document unpacks to 400 MB of spaces."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("word/document.xml", "w") as inside:
            for _ in range(100):
                inside.write(b" " * 4_000_000)
    return kept.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "status", "told"),
    [
        ("稿.txt", TEXT.encode("gb18030"), 200, "2处数字"),
        ("稿.docx", docx(TEXT), 200, "2处数字"),
        ("稿.html", f"<p>{TEXT}</p><script>alert(1)</script>".encode(), 200, "2处数字"),
        ("坏.pdf", b"%PDF-1.7\n1 0 obj<</Length 99999999>>stream\n" + b"\xff" * 4000, 422, "坏.pdf"),
        ("炸.docx", bomb(), 422, "炸.docx"),
        ("空.txt", b"   ", 422, "没有文字"),
        ("图.txt", b"\x00\x01\x02" * 400, 422, "不是文字"),
    ],
    ids=["txt", "docx", "html", "broken pdf", "zip bomb", "empty", "binary"],
)  # fmt: skip
def test_files_are_read_apart_from_the_site(office: Office, editor: Viewer, name: str, content: bytes, status: int, told: str) -> None:  # fmt: skip
    """Good files are read; bombs, broken and foreign ones are refused in words, scripts are dropped."""
    upload = SimpleUploadedFile(name, content)
    answer = office.client(editor).post("/work/check/", {"file": upload})
    body = answer.content.decode()
    assert answer.status_code == status and told in body
    assert "alert(1)" not in body


def test_what_is_too_long_is_refused_with_what_was_typed(office: Office, editor: Viewer) -> None:
    """Over forty thousand characters, no day, no text: each is said."""
    browser = office.client(editor)
    long = browser.post("/work/check/", {"text": "长" * 40_001})
    assert long.status_code == 422 and "40,000" in long.content.decode()
    assert browser.post("/work/check/", {"text": TEXT, "day": "去年"}).status_code == 422
    assert browser.post("/work/check/", {"text": " "}).status_code == 422


def test_a_file_over_the_limit_is_not_opened(office: Office, editor: Viewer, settings: Any) -> None:
    """The size is looked at before a byte of it is read."""
    settings.UPLOAD_LIMIT = 1_000
    upload = SimpleUploadedFile("大.txt", b"x" * 1_001)
    answer = office.client(editor).post("/work/check/", {"file": upload})
    assert answer.status_code == 422 and not Naming.objects.exists()


@pytest.mark.parametrize(
    ("text", "day", "year"),
    [
        (f"2024年全市工作通报\n{TEXT}", "", "2024"),
        (f"全市工作通报\n{TEXT}\n2024年9月10日", "", "2024"),
        (f"2024年全市工作通报\n{TEXT}", "2025-09-01", "2025"),
        (TEXT, "", "2025"),
    ],
)
def test_a_text_that_dates_itself_is_of_that_year(office: Office, editor: Viewer, text: str, day: str, year: str) -> None:  # fmt: skip
    """今年 is that of the title or of the last line, unless somebody gives another day."""
    answer = office.client(editor).post("/work/check/", {"text": text, "day": day})
    assert answer.context["day"].startswith(year)
    verified = answer.context["checked"].marks[0].binding.verdict == "verified"
    assert verified == (year == "2025")
