"""A text in both languages of the house."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """A short text in Chinese and English; ``str()`` gives the one of the active language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.in_language(get_language() or "zh-hans")

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh
