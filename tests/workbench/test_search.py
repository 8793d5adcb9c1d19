"""Search under the viewer's rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Office


def test_words_of_the_text_find_it(office: Office, file: Callable[..., str]) -> None:
    """What somebody wrote is found by who may see it, and by nobody else."""
    number = file(text="隔壁装修打穿了承重墙，要求恢复原状。", title="装修")
    found = office.client(office.world.window).get("/work/search/?q=承重墙").content.decode()
    assert number in found
    other = office.client(office.world.stranger).get("/work/search/?q=承重墙").content.decode()
    assert number not in other
    assert "没有找到" in other


def test_a_whole_number_opens_its_case(office: Office, file: Callable[..., str]) -> None:
    """However its brackets were typed; another's number is only not found."""
    number = file()
    typed = number.replace("〔", "(").replace("〕", ")").removesuffix("号")
    client = office.client(office.world.window)
    answer = client.get("/work/search/", {"q": typed})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    stranger = office.client(office.world.stranger).get("/work/search/", {"q": number})
    assert stranger.status_code == 200
    assert "没有找到" in stranger.content.decode()


@pytest.mark.parametrize("query", ["", "墙", "<script>alert(1)</script>", "%00", "a" * 5000])
def test_odd_queries_are_answered(office: Office, query: str) -> None:
    """Nothing that is typed breaks the page or comes back as markup."""
    answer = office.client(office.world.window).get("/work/search/", {"q": query, "before": "x"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
