"""Structured logs: one JSON object a line, without personal data.

A message's arguments and an exception's text are dropped: a path may hold a number, a text what
somebody typed. What is safe to tell stands in ``extra={"fields": {...}}``.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        if record.name.startswith("django.security"):
            message = "refused"  # Django puts what was sent into the text
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message,
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(record: logging.LogRecord) -> list[str]:
    """Name the frames, innermost last, without their values."""
    frames = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-8:]


def config(level: str) -> dict[str, Any]:
    """Return the logging of every process of ours, from ``level`` up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "dingzi.project.logs.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": LOGGERS,
    }


LOGGERS: dict[str, Any] = {
    "django.server": {"propagate": False, "handlers": [], "level": "ERROR"},
    # the access log has each refused request; these would repeat it, with what was sent
    "django.request": {"level": "ERROR"},
    "django.security.DisallowedHost": {"propagate": False, "handlers": []},
    "django.security.csrf": {"propagate": False, "handlers": []},
    "django_tasks": {"level": "WARNING"},
    "django_tasks_db": {"level": "WARNING"},
    "fontTools": {"level": "WARNING"},
    "weasyprint": {"level": "ERROR"},
    "gunicorn.error": {"propagate": True, "handlers": [], "level": "WARNING"},
    "gunicorn.access": {"propagate": False, "handlers": [], "level": "CRITICAL"},
}
