"""Reasons put into words.

A reason is a plain ``(code, params)`` tuple. Each app ships ``words.yaml`` beside its ``apps.py``:
``code: {zh: ..., en: ...}`` with the same parameters in both languages. A parameter stands in
braces, with a form after a colon where the plain value does not read well: the forms of
``law.phrases`` (``{due:long}``, ``{day:short}``, ``{span:range}`` ...) and these:

====================== ===========================================================
``{at:date}``          9月26日（星期五） / Friday 26 September; the year where it is another
``{at:moment}``        the same with the time of day in Asia/Shanghai
``{fen:money}``        integer fen as yuan
``{n:number}``         an integer with thousands
``{n:size}``           bytes as KB, MB, GB
``{all:list}``         a、b和c / a, b and c
``{n:count day days}`` the number, in English with its noun
====================== ===========================================================
"""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.utils import timezone
from django.utils.translation import get_language

from dingzi.law import phrases, words

from .errors import LoadError, Reason, Refusal
from .text import Text

log = logging.getLogger(__name__)
CITY = ZoneInfo("Asia/Shanghai")
_words: dict[str, Text] = {}


def say(reason: Reason, language: str | None = None) -> str:
    """Put one reason into words of ``language`` (default: the active one). Never fails.

    A reason with the law's ``cite`` among its parameters is followed by the source. An unknown code
    or a missing parameter gives a general sentence and a line in the log.
    """
    code, params = reason
    language = language or get_language() or "zh-hans"
    text = _words.get(code)
    if text is None:
        log.error("reason without words", extra={"code": code})
    else:
        try:
            said = fill(text, params, language)
            return words.joined(said, words.cite(reason, language), language)
        except (LookupError, ValueError, TypeError, AttributeError):
            # no traceback: it could show the values, which may be personal
            log.error("reason with wrong parameters", extra={"code": code})
    general = _words.get("unknown_reason")
    return general.in_language(language) if general else code


def fill(text: Text, params: Mapping[str, Any], language: str) -> str:
    """Put parameters into a text with forms; LookupError, ValueError or TypeError if they do not fit."""
    return phrases.fill(
        text.in_language(language),
        params,
        language,
        year=_this_year(),
        forms=FORMS,
    )


def template(code: str, language: str | None = None) -> str:
    """Return the words of a code with their parameters still in braces, for a script to fill in."""
    return _words[code].in_language(language or get_language() or "zh-hans")


def say_all(refusal: Refusal, language: str | None = None) -> list[str]:
    """Put every reason of a refusal into words."""
    return [say(reason, language) for reason in refusal.reasons]


def both(refusal: Refusal) -> str:
    """Say a refusal in both languages, a line for each reason: commands know no reader's language."""
    told = zip(say_all(refusal, "zh-hans"), say_all(refusal, "en"), strict=True)
    return "\n".join(" | ".join(one) for one in told)


def by_field(reasons: Iterable[Reason], language: str | None = None) -> dict[str, list[str]]:
    """Group the words of reasons by ``params["field"]``; what blames no field is under ``""``."""
    grouped: dict[str, list[str]] = {}
    for code, params in reasons:
        grouped.setdefault(str(params.get("field", "")), []).append(say((code, params), language))
    return grouped


def register(texts: Mapping[str, Text], source: str = "") -> None:
    """Add words for codes.

    Raises LoadError for a code with other words already, a language without words, parameters
    that differ between the languages or an unknown form.
    """
    for code, text in texts.items():
        if not text.zh.strip() or not text.en.strip():
            raise LoadError(f"{source}: {code}: words in both zh and en are needed")
        if _parameters(text.zh, code, source) != _parameters(text.en, code, source):
            raise LoadError(f"{source}: {code}: zh and en name different parameters")
        if _words.get(code, text) != text:
            raise LoadError(f"{source}: {code}: another file gives this code other words")
    _words.update(texts)


def load(path: Path) -> None:
    """Register the words of a YAML file (``code: {zh, en}``); LoadError names code and fault."""
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LoadError(f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise LoadError(f"{path}: a mapping of code: {{zh, en}} is needed")
    texts = {}
    for code, pair in content.items():
        if not isinstance(pair, dict) or {"zh", "en"} != set(pair):
            raise LoadError(f"{path}: {code}: exactly zh and en are needed")
        if not all(isinstance(text, str) for text in pair.values()):
            raise LoadError(f"{path}: {code}: zh and en must be text")
        texts[str(code)] = Text(pair["zh"], pair["en"])
    register(texts, str(path))


def known() -> frozenset[str]:
    """Codes that have words."""
    return frozenset(_words)


def missing(roots: Iterable[Path]) -> set[str]:
    """Codes that the Python files under ``roots`` refuse with and that have no words.

    Seen are literals: ``Invalid.of("code", ...)``, ``Forbidden(("code", {...}))`` and every
    ``("code", {...})`` tuple.
    """
    found: set[str] = set()
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            found.update(_codes(ast.parse(path.read_text("utf-8"))))
    return found - _words.keys()


def _codes(tree: ast.AST) -> Iterator[str]:
    unpacked = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
    }
    for node in ast.walk(tree):
        if id(node) in unpacked:  # a, b = "x", {}
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "of"
            and isinstance(node.func.value, ast.Name)
            and node.args
        ):
            first = node.args[0]
        elif (
            isinstance(node, ast.Tuple)
            and len(node.elts) == 2
            and isinstance(node.elts[1], ast.Dict)
        ):
            first = node.elts[0]
        else:
            continue
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def _parameters(template: str, code: str, source: str) -> set[str]:
    names = set()
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise LoadError(f"{source}: {code}: {error}") from error
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or conversion:
            raise LoadError(f"{source}: {code}: {{{name}}}: write a plain parameter name")
        if (form or "").partition(" ")[0] not in FORMS.keys() | phrases.FORMS:
            raise LoadError(f"{source}: {code}: {{{name}:{form}}}: no such form")
        names.add(name)
    return names


# ---- forms -------------------------------------------------------------------------------------


def day(value: date | str, language: str, _: str = "") -> str:
    """A date as people say it, with the year where it is not this year's."""
    local = _local(value)
    year = _this_year()
    if language.startswith("en") and local.year == year:
        short = phrases.fill("{day:short}", {"day": local}, language, year=year)
        return f"{local:%A} {short}"
    return phrases.fill("{day:long}", {"day": local}, language, year=year)


def moment(value: datetime | str, language: str, _: str = "") -> str:
    """Day and time of day in Asia/Shanghai."""
    local = _local(value)
    return f"{day(value, language)}{', ' if language.startswith('en') else ''}{local:%H:%M}"


def money(fen: int, language: str, _: str = "") -> str:
    """Integer fen as yuan; whole yuan without a fraction."""
    yuan, rest = divmod(abs(fen), 100)
    amount = f"{'-' if fen < 0 else ''}{yuan:,}" + (f".{rest:02}" if rest else "")
    return f"{amount} yuan" if language.startswith("en") else f"{amount}元"


def listed(items: Iterable[Any], language: str, _: str = "") -> str:
    """Items joined as in a sentence."""
    texts = [plain(item, language) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    if language.startswith("en"):
        return f"{', '.join(texts[:-1])} and {texts[-1]}"
    return f"{'、'.join(texts[:-1])}和{texts[-1]}"


def size(value: int, language: str, _: str = "") -> str:
    """Bytes as KB, MB or GB (of 1024), with one decimal below ten."""
    amount = float(value)

    def short() -> str:
        return f"{amount:.0f}" if amount >= 10 else f"{amount:.1f}".removesuffix(".0")

    for unit in (" bytes" if language.startswith("en") else "字节", " KB", " MB"):
        if amount < 1024:
            return f"{short()}{unit}"
        amount /= 1024
    return f"{short()} GB"


def number(value: int, language: str = "", _: str = "") -> str:
    return f"{value:,}"


def count(value: int, language: str, nouns: str = "") -> str:
    """The number alone in Chinese, with its noun ("day days") in English."""
    if not language.startswith("en"):
        return number(value)
    one, _, many = nouns.partition(" ")
    return f"{number(value)} {one if value == 1 else many}".rstrip()


def plain(value: Any, language: str, _: str = "") -> str:
    """A value without a form."""
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Mapping):
        return str(value["en" if language.startswith("en") else "zh"])
    if isinstance(value, list | tuple | set | frozenset):
        return listed(value, language)
    return str(value)


FORMS: phrases.Forms = {
    "": plain,
    "date": day,
    "moment": moment,
    "money": money,
    "list": listed,
    "size": size,
    "number": number,
    "count": count,
}


def _local(value: date | str) -> date:
    """A date as it is, a moment as that of the city; both also as ISO text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    return value.astimezone(CITY) if isinstance(value, datetime) else value


def _this_year() -> int:
    return timezone.now().astimezone(CITY).year
