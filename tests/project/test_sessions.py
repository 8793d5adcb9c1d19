"""Sessions where several processes answer."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.core.cache import caches


def test_what_one_process_ends_no_other_remembers(db: None) -> None:
    """Who signed out is out everywhere: another process's memory keeps no session of its own."""
    sessions = import_module(settings.SESSION_ENGINE)
    session = sessions.SessionStore()
    session["post"] = 7
    session.save()
    key = session.session_key
    memory = caches["default"]
    of_another = dict(memory._cache), dict(memory._expire_info)
    session.flush()
    memory._cache.update(of_another[0])
    memory._expire_info.update(of_another[1])
    assert sessions.SessionStore(key).load() == {}
