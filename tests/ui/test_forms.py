import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from dingzi.ui.forms import FilesField, PlainForm


class Filing(PlainForm):
    story = forms.CharField(
        label="发生了什么事", max_length=20, help_text="三五句", widget=forms.Textarea
    )
    way = forms.ChoiceField(label="怎么答复", choices=[("a", "信")], widget=forms.RadioSelect)
    phone = forms.CharField(label="手机号", required=False)
    agree = forms.BooleanField(label="属实")


def render(form: forms.Form, text: str = "{{ form }}") -> str:
    return Template("{% load ui %}" + text).render(Context({"form": form}))


def test_every_field_has_its_name_and_its_help():
    """Labels point at their fields; help and errors are read with them."""
    html = render(Filing())
    for name in ("story", "phone"):
        assert f'<label class="label" for="id_{name}">' in html
    assert 'aria-describedby="id_story_helptext"' in html
    assert 'id="id_story_helptext"' in html
    assert "<legend>怎么答复</legend>" in html


def test_only_what_may_be_left_out_says_so():
    """What is needed is the rule; what is not is marked."""
    assert render(Filing()).count("可不填") == 1


def test_the_summary_names_each_field_and_leads_to_it():
    """Every line of the summary reads by itself and its link goes to something on the page."""
    html = render(Filing({}))
    assert "有3处要改" in html
    assert "“发生了什么事”还没有填" in html
    assert "“怎么答复”还没有选" in html
    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert len(targets) == 3
    assert all(f'id="{target}"' in html for target in targets)


def test_a_wrong_field_is_told_to_screen_readers():
    """The error beside a field is tied to it."""
    html = render(Filing({}), "{% form_fields form %}")
    assert 'aria-invalid="true"' in html
    assert 'id="id_story_error"' in html
    assert 'aria-describedby="id_story_helptext id_story_error"' in html
    assert "有3处要改" not in html


def test_errors_in_english():
    """The summary counts in English too."""
    with translation.override("en"):
        html = render(Filing({"story": "x", "way": "a"}))
    assert "There is 1 thing to put right" in html
    assert "Please tick “属实” first" in html


def test_a_message_of_its_own_is_kept():
    """A form that says better what is missing keeps its words."""

    class Own(PlainForm):
        name = forms.CharField(error_messages={"required": "写上单位的全称"})

    assert Own({}).errors["name"] == ["写上单位的全称"]


def test_what_was_typed_is_escaped():
    """A story with markup comes back as it was typed."""
    html = render(Filing({"story": "</textarea><script>", "way": '"><b>'}))
    assert "<script>" not in html
    assert '"><b>' not in html


def test_a_long_text_says_how_long_it_may_be():
    """The limit is told before anyone writes, with and without scripts."""
    assert "最多20字" in render(Filing())


def test_an_unknown_icon_is_a_mistake():
    """A misspelt icon fails in a test, not as an empty square on a page."""
    with pytest.raises(Exception, match="no icon"):
        render(Filing(), '{% icon "camara" %}')


def test_acts_and_asks_carry_the_token():
    """Every form that our tags make can be posted."""
    text = (
        "{% act 'a' url='/x' submit='b' %}{% endact %}{% ask 'q' 't' form form '/y' %}{% endask %}"
    )
    html = Template("{% load ui %}" + text).render(Context({"csrf_token": "TOKEN", "form": {}}))
    assert html.count('name="csrfmiddlewaretoken" value="TOKEN"') == 2


class Papers(PlainForm):
    papers = FilesField(label="材料", most=2, size=2 * 1024**2, required=False)


def sent(*sizes: int) -> Papers:
    files = [SimpleUploadedFile(f"{at}.jpg", b"x" * size) for at, size in enumerate(sizes)]
    return Papers({}, MultiValueDict({"papers": files}))


def test_several_files_come_as_a_list():
    """Files may be left out; what was sent comes back whole and in order."""
    assert sent().is_valid()
    form = sent(5, 6)
    assert form.is_valid()
    assert [f.size for f in form.cleaned_data["papers"]] == [5, 6]


def test_each_wrong_file_is_named():
    """Too many, too large, empty: each file's own line says which and what to do."""
    assert sent(1, 1, 1).errors["papers"] == ["最多2个文件"]
    errors = sent(0, 3 * 1024**2).errors["papers"]
    assert errors == [
        "第1个文件“0.jpg”是空的，请换一个",
        "第2个文件“1.jpg”超过2 MB，请换小一点的",
    ]


def test_a_limit_is_said_as_a_clerk_would_say_it():
    """Too long and too large are told in plain words of both languages, with the numbers."""
    form = Filing({"story": "漏" * 21, "way": "a", "agree": "on"})
    assert form.errors["story"] == ["最多20个字，现在有21个"]
    with translation.override("en"):
        form = Filing({"story": "漏" * 21, "way": "a", "agree": "on"})
        assert form.errors["story"] == ["At most 20 characters; this has 21"]
