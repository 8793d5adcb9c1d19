"""Lists: filters, columns, kept views, exports."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dingzi import matters
from dingzi.city.models import Tenure
from dingzi.matters.models import Matter, SavedView
from dingzi.workbench import exports

from .conftest import Office

LIST = "/work/disputes/"


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", True),
        ("state=registered", True),
        ("state=accepted", False),
        ("state=nonsense", True),
        ("stage=open", True),
        ("stage=closed", False),
        ("stage=overdue", False),
        ("category=wages", True),
        ("category=family", False),
        ("door=web", True),
        ("door=import", False),
        ("outcome=failed", False),
        ("town=360902001", True),
        ("town=360902002", False),
        ("since=2200-01-01", False),
        ("until=2200-01-01", True),
        ("since=1900-99-99", True),
        ("since=0001-01-01&until=9999-12-31", True),
        ("after=forged", None),
    ],
)
def test_each_filter_holds(
    office: Office, file: Callable[..., str], query: str, there: bool | None
) -> None:
    """What is asked for is shown, what is not is not; nonsense is as if nothing was asked."""
    number = file(category="wages")
    answer = office.client(office.world.supervisor).get(f"{LIST}?{query}")
    if there is None:
        assert answer.status_code == 422
        return
    assert answer.status_code == 200
    assert (number in answer.content.decode()) is there


def test_an_unknown_mechanism_is_not_there(office: Office) -> None:
    """A list of nothing is 404, in plain words."""
    answer = office.client(office.world.window).get("/work/nothing-like-it/")
    assert answer.status_code == 404


def test_columns_are_chosen(office: Office, file: Callable[..., str]) -> None:
    """Only the columns that the address names are shown; none named shows the usual ones."""
    file()
    client = office.client(office.world.window)
    text = client.get(f"{LIST}?col=outcome&col=nonsense").content.decode()
    assert '<th scope="col">结果</th>' in text
    assert '<th scope="col">地方</th>' not in text


def test_a_list_is_kept_under_a_name_and_forgotten(
    office: Office, file: Callable[..., str]
) -> None:
    """A kept list is its account's alone, and goes when its owner says so."""
    client = office.client(office.world.window)
    kept = {"query": "stage=overdue&col=due&state=nonsense", "name": "催一催"}
    answer = client.post(f"{LIST}views/", kept)
    assert answer["Location"] == f"{LIST}?stage=overdue&col=due"
    view = SavedView.objects.get()
    assert "催一催" in client.get(LIST).content.decode()
    other = office.client(office.world.mediator)
    assert "催一催" not in other.get(LIST).content.decode()
    other.post(f"{LIST}views/", {"forget": view.id})
    assert SavedView.objects.exists()
    client.post(f"{LIST}views/", {"forget": view.id})
    assert not SavedView.objects.exists()


def test_an_export_holds_what_the_viewer_sees(office: Office, file: Callable[..., str]) -> None:
    """One row a matter, the chosen columns, dates as dates; nothing of another town."""
    number = file(title="楼上漏水")
    answer = office.client(office.world.window).get(f"{LIST}export.xlsx?col=opened&col=state")
    assert answer["Content-Disposition"].startswith("attachment;")
    sheet = openpyxl.load_workbook(io.BytesIO(content(answer))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("编号", "标题", "进度", "登记")
    assert rows[1][:3] == (number, "楼上漏水", "已登记")
    assert isinstance(rows[1][3], date)
    other = office.client(office.world.other_window).get(f"{LIST}export.csv")
    assert number not in content(other).decode("utf-8-sig")


def test_a_formula_in_a_title_stays_a_text(office: Office, file: Callable[..., str]) -> None:
    """A title that a spreadsheet would run is written so that it does not."""
    file(title='=HYPERLINK("http://evil","x")')
    answer = office.client(office.world.window).get(f"{LIST}export.csv")
    line = content(answer).decode("utf-8-sig").splitlines()[1]
    assert "'=HYPERLINK" in line


def test_a_large_export_is_made_by_the_steward(
    office: Office, file: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit a page tells how far it is; the file is its maker's alone, on his post."""
    numbers = [file(title=f"第{i}件") for i in range(3)]
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    client = office.client(office.world.window)
    asked = client.get(f"{LIST}export.csv?state=registered")  # a link sets no work going
    assert asked.status_code == 200
    assert "要做一会儿" in asked.content.decode()
    assert not DBTaskResult.objects.exists()
    answer = client.post(f"{LIST}export.csv?state=registered")
    assert answer.status_code == 302
    assert DBTaskResult.objects.count() == 1
    page = client.get(answer["Location"])
    assert "正在做" in page.content.decode()
    made = answer["Location"].split("/")[-2]
    viewer = office.world.window
    account = office.accounts[viewer.post or 0].pk
    exports.make.func(account, viewer.post, made, "disputes", "csv", "", "zh-hans")
    assert "做好了，共3行" in client.get(answer["Location"]).content.decode()
    got = client.get(answer["Location"].split("?")[0] + "?file=1")
    told = content(got).decode("utf-8-sig")
    assert all(n in told for n in numbers)
    stranger = office.client(office.world.mediator)
    assert stranger.get(answer["Location"]).status_code == 404
    Tenure.objects.filter(account=account).update(until=timezone.localdate())
    assert client.get(answer["Location"].split("?")[0] + "?file=1").status_code == 404


def test_another_kind_of_file_is_not_there(office: Office) -> None:
    """Only Excel and CSV are made."""
    assert office.client(office.world.window).get(f"{LIST}export.exe").status_code == 404


def test_a_list_costs_few_queries(
    office: Office, file: Callable[..., str], django_assert_max_num_queries: Any
) -> None:
    """Fifty rows with all columns, at most twelve: page and count ask two branches each, and the
    page then its rows."""
    for place in range(55):
        file(title=f"第{place:02}件")
    columns = "&".join(f"col={c}" for c in ("place", "state", "holder", "lead", "due", "door"))
    client = office.client(office.world.supervisor)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(f"{LIST}?{columns}")


def test_what_a_post_handled_is_listed(office: Office, file: Callable[..., str]) -> None:
    """A matter to which the post did something stays in its list after it went on."""
    world = office.world
    number, other = file(), file()
    matters.act(
        number, "accept_dispatch", {"category": "family", "lead": world.mediation}, by=world.window
    )
    text = office.client(world.window).get("/work/handled/").content.decode()
    assert number in text
    assert other not in text
    assert number not in office.client(world.mediator).get("/work/handled/").content.decode()
    assert Matter.objects.get(number=number).holder_id == world.mediator.post
