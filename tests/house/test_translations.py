"""Every text of every app has its English, and what runs is what was written."""

from __future__ import annotations

from tests.house import catalogues


def test_every_text_has_its_english() -> None:
    """No message is untranslated, unsure, or Chinese in the English catalogue."""
    assert not catalogues.unfinished(), "make messages, then fill in the English"


def test_compiled_catalogues_are_in_date() -> None:
    """Each .mo holds just what its .po says."""
    stale = [
        str(app.relative_to(catalogues.SOURCE))
        for app in catalogues.apps()
        if catalogues.written(app) != catalogues.compiled(app)
    ]
    assert not stale, "make messages"


def test_placeholders_are_the_same_in_both_languages() -> None:
    """An English text fills in what its Chinese one does."""
    wrong = []
    for app in catalogues.apps():
        for message in catalogues.catalogue(app) or ():
            texts = (
                message.string if isinstance(message.string, (tuple, list)) else [message.string]
            )
            ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
            allowed = set().union(*(catalogues.placeholders(text) for text in ids))
            for text in texts:
                if text and catalogues.placeholders(text) - allowed:
                    wrong.append(f"{app.name}: {text!r}")
            if texts[-1] and catalogues.placeholders(texts[-1]) != allowed and len(ids) == 1:
                wrong.append(f"{app.name}: {texts[-1]!r}")
    assert not wrong


def test_one_text_has_one_english() -> None:
    """Two apps translate the same text alike: Django keeps one of them for all."""
    said: dict[object, dict[str, str]] = {}
    for app in catalogues.apps():
        for key, english in catalogues.written(app).items():
            said.setdefault(key, {})[app.name] = english
    torn = {key: words for key, words in said.items() if len(set(words.values())) > 1}
    assert not torn
