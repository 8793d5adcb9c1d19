from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

AT = datetime(2025, 8, 29, 2, 31, tzinfo=UTC)
VALUES = {
    "number": "袁纠〔2025〕4172号",
    "at": AT,
    "code": "7KQ4-M2XD-9PTA",
    "qr": '<svg viewBox="0 0 2 2"><path d="M0 0h1v1h-1z"/></svg>',
    "text": "请收好",
    "steps": [{"text": "9月3日前，告诉您收不收", "note": "本市设置"}],
    "city": "宜春市",
    "sample": True,
}


def test_a_slip_says_when_in_the_reader_s_language():
    """A slip outlives its year, so the year stands on it."""
    assert "2025年8月29日（星期五）10:31登记" in render_to_string("ui/print/slip.html", VALUES)
    with translation.override("en"):
        html = render_to_string("ui/print/slip.html", VALUES)
    assert "Registered Friday 29 August 2025, 10:31" in html


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_slip_becomes_one_page_of_a5(pango):
    """The receipt prints on one small page."""
    from weasyprint import HTML

    document = HTML(string=render_to_string("ui/print/slip.html", VALUES)).render()
    assert len(document.pages) == 1
    assert round(document.pages[0].width) == 559  # 148 mm in CSS pixels
