"""No refusal is speechless: every code that the code refuses with has words in both languages."""

from __future__ import annotations

from pathlib import Path

from django.core.checks import run_checks

import dingzi
from dingzi.core import reasons


def test_word_files_have_no_fault() -> None:
    """Each words.yaml has both languages with the same parameters, and no code twice."""
    assert not run_checks(tags=["core"])


def test_every_code_has_words() -> None:
    """Write them into the words.yaml beside the apps.py of the app that refuses."""
    assert not reasons.missing([Path(dingzi.__file__).parent])
