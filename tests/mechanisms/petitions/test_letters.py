"""Letters that acts leave: the opinion with its fixed content, in Word and as a PDF."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from dingzi import matters
from dingzi.core.errors import NotFound
from dingzi.matters import letters
from dingzi.matters.models import Matter

from .conftest import Petitions


def opinion(city: Petitions, viewer: Any, language: str = "zh-hans") -> letters.Page:
    number = city.opined()
    matter = Matter.objects.get(number=number)
    return letters.letter(matter, matter.seq, viewer, language)


def test_the_opinion_has_its_fixed_content(city: Petitions) -> None:
    """Claim, facts, basis, result, opinion, the right to a review, who issued it and when (32)."""
    page = opinion(city, city.housing)
    assert page.title == "信访事项处理意见书"
    told = dict(page.parts)
    assert told["什么事、什么请求、什么理由"].startswith("安置房五年没有办证")
    assert told["查明的事实"] == "事实"
    assert told["法律法规政策依据"] == "条例第十条"
    assert told["处理结果（第三十二条）"] == "予以支持"
    assert "三十日内" in page.remedy
    assert page.by == "区住房和城乡建设局"


def test_word_and_pdf_say_the_same(city: Petitions, pango: None) -> None:
    """Both files hold every part of the page."""
    page = opinion(city, city.housing)
    word = docx.Document(io.BytesIO(letters.docx(page, "zh-hans")))
    text = "\n".join(p.text for p in word.paragraphs)
    read = PdfReader(io.BytesIO(letters.pdf(page, "zh-hans")))
    printed = "".join(one.extract_text() for one in read.pages).replace("\n", "")
    for _, part in page.parts:
        assert part in text
        assert part in printed
    assert page.remedy in text


def test_inner_answers_stay_out_of_letters(city: Petitions) -> None:
    """Who approved an extension is no part of the notice that tells of it."""
    number = city.routed()
    matters.act(number, "accept_claim", {}, by=city.housing)
    more = {"days": 10, "approved_by": "分管副局长岗", "text": "要等鉴定"}
    done = matters.act(number, "prolong", more, by=city.housing)
    matter = Matter.objects.get(number=number)
    page = letters.letter(matter, done.seq, city.housing, "en")
    assert "分管副局长岗" not in str(page)
    assert ("Days (at most 30)", "10") in page.parts


@pytest.mark.parametrize("seq", [1, 99, 0, 1 << 30])
def test_an_act_without_a_letter_has_none(city: Petitions, seq: int) -> None:
    """Other acts, and acts that never were, are not there."""
    number = city.routed()
    with pytest.raises(NotFound):
        letters.letter(Matter.objects.get(number=number), seq, city.housing, "zh-hans")
