"""``dingzi doctor``: looks an installation over and says how to mend what is wrong."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dingzi.project import doctor
from dingzi.project.config import SETTINGS
from dingzi.project.findings import Finding

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}
WORDS = {
    "zh": {"mend": "办法", "bad": "有 {n} 处要修", "fine": "没有要修的", "default": "默认"},
    "en": {"mend": "mend", "bad": "{n} to mend", "fine": "nothing to mend", "default": "default"},
}


class Command(BaseCommand):
    help = "看安装哪里不对、怎么改。What is wrong with an installation and how to mend it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="语言 | language")
        parser.add_argument("--json", action="store_true", help="JSON")
        parser.add_argument(
            "--settings-list", action="store_true", help="列出全部设置 | list every setting"
        )

    def handle(self, *, lang: str, **options: Any) -> None:
        words = WORDS[lang]
        if options["settings_list"]:
            for setting in SETTINGS:
                meaning = setting.zh if lang == "zh" else setting.en
                self.stdout.write(f"{setting.name}\n    {meaning}")
                if setting.default:
                    self.stdout.write(f"    {words['default']}: {setting.default}")
            return
        findings = list(doctor.everything())
        bad = sum(finding.state == "bad" for finding in findings)
        if options["json"]:
            self.stdout.write(json.dumps([_plain(f, lang) for f in findings], ensure_ascii=False))
        else:
            for f in findings:
                self.stdout.write(f"{MARKS[f.state]} {f.what.in_language(lang)}: {f.found}")
                if f.state != "ok" and f.mend:
                    self.stdout.write(f"    {words['mend']}: {f.mend.in_language(lang)}")
            self.stdout.write(words["bad"].format(n=bad) if bad else words["fine"])
        if bad:
            raise SystemExit(1)


def _plain(finding: Finding, lang: str) -> dict[str, str]:
    mend = finding.mend.in_language(lang) if finding.mend and finding.state != "ok" else ""
    return {
        "what": finding.what.in_language(lang),
        "state": finding.state,
        "found": finding.found,
        "mend": mend,
    }
