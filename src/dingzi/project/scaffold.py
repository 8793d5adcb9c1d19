"""``dingzi mechanism NAME``: a mechanism that works from its YAML alone, with its test and page.

What it writes is meant to be changed; nothing that exists is touched.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

APPS = """from pathlib import Path

from django.apps import AppConfig


class {Class}Config(AppConfig):
    name = "dingzi.mechanisms.{name}"
    verbose_name = "{zh}"

    def ready(self) -> None:
        from dingzi import law

        law.register(Path(__file__).parent / "parameters")
        from . import mechanism

        assert mechanism
"""

MECHANISM = '''"""{en}, as the doors see it."""

from __future__ import annotations

from dingzi.city import roles
from dingzi.core.registry import Mechanism, register
from dingzi.core.text import Text

from .process import {name}

register(
    Mechanism(
        name="{name}",
        title=Text("{zh}", "{en}"),
        process={name}.name,
        icon="list",
        opening="open",
        about=Text("{zh}：登记、办理、办结。", "{en}: opened, handled, done."),
    )
)
roles.register(
    roles.Role(
        name="{name}_clerk",
        zh="{zh}经办",
        en="{en} clerk",
        sees="division",
    )
)
'''

PROCESS_PY = '''"""The process, all released versions."""

from pathlib import Path

from dingzi.matters import registry

{name} = registry.register("{name}", Path(__file__).parent / "processes")
'''

PROCESS = """# {en}. Write the law it follows here: name and articles.
process: {name}
version: 1
title: {{zh: {zh}, en: {en}}}
prefix: {prefix}
start: opened
clocks:
  handling: {{zh: 办理期限, en: Handling, rule: {name}.handling_days}}
states:
  opened:
    zh: 已登记
    en: Opened
    line: true
    asks: {{zh: 办理，写下结果, en: 'Handle it, write down the result'}}
  done:
    zh: 已办结
    en: Done
    line: true
    end: true
actions:
  open:
    zh: 登记
    en: Open
    from: []
    to: opened
    by: [{name}_clerk]
    guards: [known_place]
    clock: {{start: handling}}
    shows: public
    fields:
      title: {{kind: line, zh: 标题, en: Title, personal: true}}
      text: {{kind: text, zh: 内容, en: Text, personal: true, shown: true}}
      place: {{kind: place, zh: 在哪里, en: Where}}
  finish:
    zh: 办结
    en: Finish
    from: opened
    to: done
    by: [{name}_clerk]
    clock: {{stop: handling}}
    shows: public
    outcome: done
    fields:
      result: {{kind: text, zh: 结果, en: Result, personal: true, shown: true}}
"""

PARAMETERS = """# Deadlines. What no law sets says local: true and is shown as a setting of the city.

{name}.handling_days:
  zh: {zh}办理期限
  en: {en}, handling period
  unit: day
  kind: working
  moves_last_day: true
  values:
    - {{since: 2020-01-01, value: 15, local: true}}
"""

PAGE = """# {en} ({zh})

What the city promises here, to whom, and how the promise is driven home. Write for a clerk who has never seen the system and for a citizen who wants to know what may be expected.

## The law

Which law, which articles, what it demands; what it leaves to the city (local settings) and why the value here was chosen.

## How a matter runs

| state | who acts | what is done | by when |
|---|---|---|---|
| opened (已登记) | clerk | handle it, write down the result | `{name}.handling_days` |
| done (已办结) | – | – | – |

The process is [{name}.1.yaml](../../src/dingzi/mechanisms/{name}/processes/{name}.1.yaml). A released version never changes; a change is the next version, and matters stay on the one they began with.

## Who sees what

What the public sees, what the unit in charge sees, what nobody sees but who wrote it.

## Figures

None yet. A figure is declared in `figures.py` with its definition in words, population, dimensions and guards.

## What is not here

What one might expect and will not find, and where it is instead.
"""

TEST = '''"""{en}: from opening to done, through the one way to write."""

from __future__ import annotations

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Post
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core.errors import Refusal
from dingzi.matters.models import Event, Matter
from dingzi.workbench.filing import opening
from tests.world import SINCE, TOWN, build


@pytest.fixture
def clerk(db: None) -> Viewer:
    world = build()
    post = Post.objects.create(
        code="clerk", unit_id=world.centre, name="经办岗", roles=["{name}_clerk"], since=SINCE
    )
    directory.forget()
    return Viewer(
        kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles), scope=TOWN
    )


def test_a_matter_runs_from_opening_to_done(clerk: Viewer) -> None:
    """The clerk opens it, somebody holds it, a deadline runs; finished, it is closed."""
    data = {{"title": "标题", "text": "内容", "place": TOWN}}
    number = matters.open_matter("{name}", "open", data, by=clerk, door="desk").number
    matter = Matter.objects.get(number=number)
    assert (matter.state, matter.holder_id) == ("opened", clerk.post)
    assert matter.due_at is not None
    matters.act(number, "finish", {{"result": "办好了"}}, seen=matter.seq, by=clerk)
    matter.refresh_from_db()
    assert (matter.state, matter.active, matter.due_at) == ("done", False, None)


def test_the_desk_offers_it_to_the_clerk(clerk: Viewer) -> None:
    """The page for a new one takes the clerk to the opening act."""
    _mechanism, action = opening("{name}", clerk)
    assert action.opens


def test_nobody_opens_one_without_the_role(clerk: Viewer) -> None:
    """Who is not the clerk is refused and nothing is written."""
    data = {{"title": "标题", "text": "内容", "place": TOWN}}
    with pytest.raises(Refusal):
        matters.open_matter("{name}", "open", data, by=PUBLIC, door="web")
    assert not Event.objects.exists()
    assert not Matter.objects.exists()
'''


def files(name: str, zh: str, en: str, prefix: str) -> dict[str, str]:
    """Return path -> content of everything that a new mechanism consists of."""
    words = {"name": name, "zh": zh, "en": en, "prefix": prefix, "Class": _class(name)}
    app = f"src/dingzi/mechanisms/{name}"
    return {
        f"{app}/__init__.py": "",
        f"{app}/apps.py": APPS.format(**words),
        f"{app}/mechanism.py": MECHANISM.format(**words),
        f"{app}/process.py": PROCESS_PY.format(**words),
        f"{app}/processes/{name}.1.yaml": PROCESS.format(**words),
        f"{app}/parameters/{name}.yaml": PARAMETERS.format(**words),
        f"docs/mechanisms/{name}.md": PAGE.format(**words),
        f"tests/mechanisms/{name}/__init__.py": "",
        f"tests/mechanisms/{name}/test_{name}.py": TEST.format(**words),
    }


def _class(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def prefixes(root: Path) -> set[str]:
    """Return the number prefixes that processes of this tree use."""
    found = set()
    for path in root.glob("src/**/processes/*.yaml"):
        found |= set(re.findall(r"^prefix: (\S+)$", path.read_text("utf-8"), re.M))
    return found


def main(argv: list[str], root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(
        prog="dingzi mechanism", description="新机制的骨架 | scaffold a mechanism"
    )
    parser.add_argument("name", help="英文小写 | lower-case name, e.g. petitions")
    parser.add_argument("--zh", help="中文名 | Chinese title")
    parser.add_argument("--en", help="英文名 | English title")
    parser.add_argument("--prefix", help="编号首字 | first character of its numbers")
    args = parser.parse_args(argv)
    if not re.fullmatch(r"[a-z][a-z_]{2,30}", args.name):
        return _refuse("名字只用小写字母和下划线", "a name is lower-case letters and underscores")
    en = args.en or args.name.replace("_", " ").capitalize()
    zh = args.zh or en
    taken = prefixes(root)
    prefix = args.prefix or next(
        (c for c in (zh + "甲乙丙丁戊己庚辛壬癸") if c not in taken and "一" <= c <= "鿿"), ""
    )
    if not prefix or prefix in taken:
        return _refuse(f"编号首字 {prefix} 已有人用", f"prefix {prefix} is taken: choose --prefix")
    made = files(args.name, zh, en, prefix)
    there = [path for path in made if (root / path).exists()]
    if there:
        return _refuse(f"已经有了：{there[0]}", f"it is there already: {there[0]}")
    for path, content in made.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")
        print(path)
    return 0


def _refuse(zh: str, en: str) -> int:
    print(f"{zh} | {en}", file=sys.stderr)
    return 1
