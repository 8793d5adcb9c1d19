"""A list as a spreadsheet, under the viewer's rights: at once, or made by the steward if large."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks import task

from dingzi.city import viewers
from dingzi.city.models import Account
from dingzi.city.viewer import Viewer
from dingzi.core import keyset, spreadsheet
from dingzi.core.errors import NotFound
from dingzi.core.registry import Mechanism
from dingzi.matters import selectors
from dingzi.matters.process import Process

from . import columns, filters
from .desk import desk, language, page, viewer_of
from .lists import mechanism_of, rows_of
from .rows import title_of

#: More rows than this are made by the steward while a page shows how far it is.
AT_ONCE = 5_000
#: Seconds for which a made file is kept: it holds what only its maker may read.
KEPT = 24 * 60 * 60
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """An export: whose, of what, with which columns, in which language."""

    mechanism: str
    kind: str
    query: str
    language: str

    def parts(self, viewer: Viewer) -> tuple[Mechanism, Process, filters.Filters, QueryDict]:
        one, process = mechanism_of(self.mechanism)
        query = QueryDict(self.query)
        return one, process, filters.read(query, process, one, viewer), query


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, mechanism: str, kind: str) -> HttpResponseBase:
    """Give out the list as it is filtered; a large one is asked for by POST and made by the
    steward, so that no link that is merely followed sets work going."""
    viewer = viewer_of(request)
    wanted = Wanted(mechanism, kind, request.GET.urlencode(), language())
    if kind not in spreadsheet.CONTENT_TYPES:
        raise NotFound.of("not_found")
    one, _process, asked, _query = wanted.parts(viewer)
    found = selectors.listed(viewer, one.process, **asked.asked(one))
    _number, more = keyset.capped_count(found, AT_ONCE)
    if more and viewer.account is not None:
        if request.method != "POST":
            context = {"mechanism": one, "most": AT_ONCE, "back": wanted.query[:1000]}
            return page(request, "export", context, current=f"list:{one.name}")
        made = uuid4()
        _tell(_place(viewer.account, viewer.post, made, kind), 0)
        make.enqueue(
            viewer.account, viewer.post, str(made), mechanism, kind, wanted.query, wanted.language
        )
        url = reverse("workbench:export_made", args=[mechanism, kind, made])
        return redirect(f"{url}?{urlencode({'back': wanted.query})}")
    answer = StreamingHttpResponse(
        content(wanted, viewer), content_type=spreadsheet.CONTENT_TYPES[kind]
    )
    return _as_file(answer, wanted, viewer)


def content(wanted: Wanted, viewer: Viewer, told: Any = None) -> Iterator[bytes]:
    """Yield the file; ``told`` is called with the number of rows done."""
    one, _process, asked, query = wanted.parts(viewer)
    with translation.override(wanted.language):
        shown = columns.chosen(query)
        header = [_("编号"), _("标题"), *(c.label for c in shown)]
        title = one.title.in_language(wanted.language)
    rows = _rows(viewer, one, asked, shown, wanted.language, told)
    return spreadsheet.export(header, rows, wanted.kind, title)


def _rows(
    viewer: Viewer,
    one: Mechanism,
    asked: filters.Filters,
    shown: Sequence[columns.Column],
    tongue: str,
    told: Any,
) -> Iterator[list[Any]]:
    """Read page after page by key, so that no cursor stays open while somebody downloads."""
    after, done = None, 0
    _one, process = mechanism_of(one.name)
    while True:
        cut = keyset.page(
            selectors.listed(viewer, one.process, **asked.asked(one)),
            after=after,
            size=CHUNK,
            rows=rows_of(process),
        )
        with translation.override(tongue):
            lines = [[m.number, title_of(m), *(c.value(m, tongue) for c in shown)] for m in cut]
        yield from lines
        done += len(lines)
        if told:
            told(done)
        if cut.next is None:
            return
        after = cut.next


def _as_file(answer: HttpResponseBase, wanted: Wanted, viewer: Viewer) -> HttpResponseBase:
    one, _process = mechanism_of(wanted.mechanism)
    name = f"{one.name}-{timezone.localdate().isoformat()}.{wanted.kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


# -- the steward's part -----------------------------------------------------------------------


def _folder() -> Path:
    return Path(settings.CONFIG.home) / "exports"


def _place(account: int | None, post: int | None, made: UUID, kind: str) -> Path:
    """Return where the file of an account on a post lies; the name is the right to it, so that who
    left the post has none."""
    return _folder() / f"{account}-{post}-{made}.{kind}"


def _tell(path: Path, done: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    note = path.with_suffix(".json")
    part = note.with_suffix(".json.part")
    part.write_text(json.dumps({"done": done}))
    part.replace(note)


@task()
def make(
    account: int, post: int | None, made: str, mechanism: str, kind: str, query: str, tongue: str
) -> int:
    """Write a large export; the viewer's rights are asked anew when it is made."""
    sweep()
    viewer = viewers.viewer_for(Account.objects.get(pk=account), post)
    wanted = Wanted(mechanism, kind, query, tongue)
    path = _place(account, viewer.post, UUID(made), kind)
    written = 0

    def told(done: int) -> None:
        nonlocal written
        written = done
        _tell(path, done)

    part = path.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as file:
        for piece in content(wanted, viewer, told):
            file.write(piece)
    part.chmod(0o600)
    part.replace(path)
    return written


def sweep() -> int:
    """Delete files that are older than a day; returns how many."""
    old = time.time() - KEPT
    gone = [p for p in _folder().glob("*") if p.stat().st_mtime < old]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def forget(streams: object) -> None:
    """Delete all exports that are kept: any may hold what was just erased."""
    for path in _folder().glob("*"):
        path.unlink(missing_ok=True)


@desk
@require_safe
def export_made(request: HttpRequest, mechanism: str, kind: str, made: UUID) -> HttpResponseBase:
    """Show how far a large export is; give it out when it is done."""
    viewer = viewer_of(request)
    one, _process = mechanism_of(mechanism)
    path = _place(viewer.account, viewer.post, made, kind)
    note = path.with_suffix(".json")
    if kind not in spreadsheet.CONTENT_TYPES or viewer.account is None or not note.exists():
        raise NotFound.of("not_found")
    if path.exists() and "file" in request.GET:
        answer = FileResponse(path.open("rb"), content_type=spreadsheet.CONTENT_TYPES[kind])
        return _as_file(answer, Wanted(mechanism, kind, "", language()), viewer)
    context = {
        "mechanism": one,
        "ready": path.exists(),
        "done": int(json.loads(note.read_text())["done"]),
        "back": request.GET.get("back", "")[:1000],
    }
    return page(request, "export", context, current=f"list:{one.name}")
