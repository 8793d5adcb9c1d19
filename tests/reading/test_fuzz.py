"""Whatever text comes: the reader never fails, and its offsets always cut the text."""

from __future__ import annotations

import random
import re
import string
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dingzi.reading import as_data, bind, catalogue, read, setting_aside
from dingzi.reading.claims import KINDS
from dingzi.reading.vectors import numbers, percents
from tests.reading.test_binding import CATALOGUE

SENTENCES = [
    one["text"] for one in yaml.safe_load(Path(__file__).with_name("gold.yaml").read_text("utf-8"))
]
#: what numbers are made of, and what stands around them
PIECES = [
    *"零一二两三四五六七八九十百千万亿兆半几余多点负又第%‰.,-+^/~—()（）《》“”、，。；\n 　",
    *string.digits, "分之", "个百分点", "其中", "已", "年", "月", "日", "至", "以上", "件", "万元", "亿", "同比", "增长", "下降", "化解率", "受理",
    "全市", "袁州区", "不超过", "应当", "力争", "2025年", "截至", "由", "成", "倍", "番", "個", "壹", "拾", "２", "．", "\u2028", "\x00", "😀",
    "\t", "县区\t受理数（件）\t排名\n", "单位：万元\n", "现将1至10月情况通报如下。", "2/3", "﹪", "一季度到三季度", "中，有", "分", "增速",
]  # fmt: skip


def holds(text: str) -> None:
    """What is promised for every text."""
    found = read(text, year=2025)
    for one in found.claims:
        assert text[one.start : one.end] == one.text
        assert one.kind in KINDS
        assert one.part_of is None or one.part_of < len(found.claims)
        low, high = one.low, one.high
        assert low is None or high is None or low <= high, one
        assert one.value is None or low is None or low <= one.value, one
        assert one.value is None or high is None or one.value <= high, one
        as_data(one)
    for aside in found.set_aside:
        assert text[aside.start : aside.end] == aside.text
    spans = sorted((one.start, one.end) for one in (*found.claims, *found.set_aside))
    assert all(one[1] <= two[0] for one, two in pairwise(spans)), spans
    assert len(bind(found.claims, CATALOGUE)) == len(found.claims)
    assert found == read(text, year=2025)
    numbers(text)
    percents(text)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_texts_made_of_numerals(text):
    """Numerals, units and marks in any order."""
    holds(text)


@given(st.lists(st.sampled_from([*PIECES, *SENTENCES]), max_size=20).map("".join))
def test_no_rule_begins_where_none_is_tried(text):
    """What sets numbers aside is looked for at some characters only, and found at the same places."""
    apart = [match.span() for match in re.finditer(setting_aside.ANY, text)]
    tried = re.finditer(f"{setting_aside.BEGINS}(?:{setting_aside.ANY})", text)
    assert [match.span() for match in tried] == apart


@given(st.text(max_size=200))
def test_any_text(text):
    """Any characters at all."""
    holds(text)


@given(st.sampled_from(SENTENCES), st.randoms(use_true_random=False))
def test_sentences_with_mistakes(sentence, chance):
    """Characters lost, doubled, swapped for others, sentences cut and joined."""
    holds(mutated(sentence, chance))


@pytest.mark.campaign
def test_many_mistakes(campaign):
    """The same, many times over."""
    chance = random.Random(1)
    for _ in range(campaign(300, 20_000)):
        holds(mutated(chance.choice(SENTENCES), chance))


def mutated(sentence: str, chance: random.Random) -> str:
    text = list(sentence)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                del text[at : at + chance.randint(1, 4)]
            case 1:
                text.insert(at, chance.choice(PIECES))
            case 2:
                text[at:at] = text[at : at + chance.randint(1, 6)]
            case 3:
                text[at:at] = chance.choice(SENTENCES)[: chance.randint(1, 30)]
        text = text or ["一"]
    return "".join(text)


@given(st.text(alphabet="0123456789-.HQ", max_size=24))
def test_any_code_of_a_period(code):
    """What is no period's code is None, never an error."""
    found = catalogue.days(code)
    assert found is None or found[0] <= found[1]
