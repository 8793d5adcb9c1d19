"""The catalogue of components, rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Begin and leave every test in Chinese: a request leaves its language active."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def catalogue() -> Callable[[str, str], str]:
    """``catalogue("inbox", "en")``: the HTML of a page of the catalogue."""

    def get(page: str = "", language: str = "zh-hans") -> str:
        with override_settings(ROOT_URLCONF="tests.ui.urls"):
            answer = Client(headers={"accept-language": language}).get(f"/{page}/" if page else "/")
        assert answer.status_code == 200
        return answer.content.decode()

    return get
