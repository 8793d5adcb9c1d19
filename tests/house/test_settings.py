"""Every setting is documented, and what is documented is a setting."""

from __future__ import annotations

import re

import pytest

from dingzi.project.config import SETTINGS, ConfigError, database, load
from tests.house.tree import ROOT, files

NAME = re.compile(r"\bDINGZI_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
#: Between our own processes and in tests only.
INNER = {
    "DINGZI_BIND",
    "DINGZI_TEST_DATABASE",
    "DINGZI_TEST_SHARE",
    "DINGZI_CAMPAIGN",
}


def test_every_setting_that_the_code_reads_is_declared() -> None:
    """A DINGZI_ name in the code stands in config.SETTINGS with its meaning."""
    read = {n for path in files("src/*.py") for n in NAME.findall(path.read_text("utf-8"))}
    assert read - INNER == {setting.name for setting in SETTINGS}


def test_every_setting_stands_in_the_operations_page() -> None:
    """docs/operations.md has each setting with its default and meaning."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = {s.name: f"`{s.default}`" if s.default else "–" for s in SETTINGS}
    assert not [name for name, default in rows.items() if f"| `{name}` | {default} |" not in page]
    assert set(NAME.findall(page)) <= {setting.name for setting in SETTINGS} | INNER


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"DINGZI_SITE_URL": "dingzi.example"}, "http"),
        ({"DINGZI_SITE_URL": "https://dingzi.example/path"}, "http"),
        ({"DINGZI_ALLOWED_HOSTS": "a.example,*"}, "name the hosts"),
        ({"DINGZI_WORKERS": "0"}, "1 or more"),
        ({"DINGZI_PROXIES": "yes"}, "whole number"),
    ],
)
def test_a_setting_that_cannot_work_is_named_with_a_remedy(env: dict[str, str], words: str) -> None:
    """A wrong value ends the start with its name and what to write instead."""
    with pytest.raises(ConfigError, match=words) as refused:
        load(env)
    assert next(iter(env)) in str(refused.value)


def test_a_database_address_is_read_whole() -> None:
    """User, password, host, port and socket folder arrive; other schemes are refused."""
    tcp = database("postgresql://web:p%40ss@db.example:5433/dingzi")
    assert (tcp["USER"], tcp["PASSWORD"]) == ("web", "p@ss")
    assert (tcp["HOST"], tcp["PORT"], tcp["NAME"]) == ("db.example", "5433", "dingzi")
    assert database("postgresql://web@/dingzi?host=/run/PostgreSQL")["HOST"] == "/run/PostgreSQL"
    with pytest.raises(ConfigError, match="sqlite:///PATH"):
        database("mysql://root@localhost/dingzi")
