"""A spreadsheet from its upload to its start: kept, looked at, mapped, tried on its first rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from dingzi import law
from dingzi.city import directory
from dingzi.city.parameters import overrides
from dingzi.city.viewer import Viewer
from dingzi.core import blobs, spreadsheet
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Forbidden, Invalid, NotFound, Reason, WrongState
from dingzi.core.registry import Mechanism
from dingzi.core.spreadsheet import Table
from dingzi.core.text import Text

from .. import registry
from ..clocks import local_day
from ..models import Matter, Paper
from ..process import Action
from . import columns, running, words
from .models import ImportRun
from .profile import profile
from .reading import Plan

#: Earlier runs of a unit among which one with the same columns is looked for.
REMEMBERED = 50
SOURCE_LIMIT = Matter._meta.get_field("source").max_length or 0

#: {"columns": {column: target}, "values": {target: {word: code}}, "defaults": {target: value}}
Mapped = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Importable:
    """What a viewer may bring in: matters of a mechanism, by one of its opening actions."""

    mechanism: Mechanism
    action: Action


def importable(viewer: Viewer) -> list[Importable]:
    """Return what posts with the viewer's roles may bring in."""
    return [
        Importable(mechanism, action)
        for mechanism in mechanisms.mechanisms()
        for action in registry.handle(mechanism.process).latest.actions.values()
        if action.opens and may_import(viewer, action)
    ]


def may_import(viewer: Viewer, action: Action) -> bool:
    """Tell whether the action is a duty of the viewer's post; that anybody may do it is not enough."""
    return viewer.post is not None and ("staff" in action.by or bool(viewer.roles & action.by))


def action_of(process: str, action: str) -> Action:
    """Return an opening action; NotFound for any other name."""
    if process in {m.process for m in mechanisms.mechanisms()}:
        found = registry.handle(process).latest.actions.get(action)
        if found is not None and found.opens:
            return found
    raise NotFound.of("not_found")


# -- what there is ----------------------------------------------------------------------------


def get(run: int, viewer: Viewer) -> ImportRun:
    """Return an import of the viewer's post; NotFound for anybody else's."""
    found = ImportRun.objects.filter(pk=run, post__in=viewer.posts).first()
    if found is None:
        raise NotFound.of("not_found")
    return found


def of(viewer: Viewer, limit: int = 20) -> list[ImportRun]:
    """Return the newest imports of the viewer's posts."""
    return list(ImportRun.objects.filter(post__in=viewer.posts).order_by("-pk")[:limit])


def twins(run: ImportRun) -> list[ImportRun]:
    """Return earlier imports of the very same file by the same action."""
    same = ImportRun.objects.filter(
        digest=run.digest, action=run.action, post=run.post, state=ImportRun.State.DONE
    )
    return list(same.exclude(pk=run.pk).order_by("-pk")[:3])


# -- upload -----------------------------------------------------------------------------------


def upload(file: Any, *, process: str, action: str, by: Viewer) -> ImportRun:
    """Keep a spreadsheet, look at its columns, guess what they mean, try its first rows.

    ``file`` is a Django ``UploadedFile`` or an open binary file with a name.

    Raises
    ------
    Forbidden
        Where the opening action is no duty of the viewer's post.
    Invalid
        What ``spreadsheet.read`` and ``blobs.store`` refuse: ``old_excel``, ``too_large`` ...
    """
    opening = action_of(process, action)
    if by.account is None or by.post is None or not may_import(by, opening):
        raise Forbidden.of("not_your_role", action=opening.label)
    table = spreadsheet.read(_binary(file), max_bytes=settings.REQUEST_LIMIT)
    kept = blobs.store(file, limit=settings.REQUEST_LIMIT)
    run = ImportRun(
        account_id=by.account, post_id=by.post, process=process, action=action, name=kept.name,
        digest=kept.digest, blob_id=kept.digest, created_at=timezone.now(),
    )  # fmt: skip
    _look_at(run, table)
    remembered = _remembered(run, by)
    if remembered is not None:
        run.source, run.whole = remembered.source, remembered.whole
        run.profile |= {"remembered": remembered.created_at.isoformat()}
        mapped = renewed(run, remembered.plan, by)
    else:
        run.source = _source(run)
        mapped = _guessed(run, opening, by)
    settle(run, mapped, by, source=run.source)
    return run


def _binary(file: Any) -> IO[bytes]:
    inner: IO[bytes] = getattr(file, "file", file)
    return inner


def _look_at(run: ImportRun, table: Table) -> None:
    run.header, run.header_row = list(table.header), table.header_row
    run.profile = profile(table.header, table) | {"sheets": list(table.sheets)}
    run.rows = run.profile["rows"]


def reopen(run: ImportRun, by: Viewer, *, sheet: str = "", header_row: int | None = None) -> None:
    """Read another sheet of the workbook, or another row as the one with the titles."""
    _demand_open(run)
    with open_table(run, sheet=sheet or run.sheet, header_row=header_row) as table:
        _look_at(run, table)
    run.sheet = sheet or run.sheet
    settle(run, _guessed(run, action_of(run.process, run.action), by), by, source=run.source)


@contextmanager
def open_table(
    run: ImportRun, *, sheet: str | None = None, header_row: int | None = None
) -> Iterator[Table]:
    """Open the run's spreadsheet where it is kept; NotFound where it was deleted after its time."""
    if run.blob_id is None:
        raise NotFound.of("import_file_gone")
    with blobs.open_blob(run.blob_id) as file:
        yield spreadsheet.read(
            file,
            sheet=(run.sheet if sheet is None else sheet) or None,
            header_row=header_row,
            max_bytes=settings.REQUEST_LIMIT,
        )


# -- mapping ----------------------------------------------------------------------------------


def _source(run: ImportRun) -> str:
    """Call the source by the file's name, without what differs from sheet to sheet."""
    return PurePath(run.name).stem.rstrip("0123456789-_.年月日（）() ")[:SOURCE_LIMIT]


def _remembered(run: ImportRun, by: Viewer) -> ImportRun | None:
    """Return the unit's last import whose columns were these; its mapping is used again."""
    unit = directory.post(run.post_id)
    earlier = ImportRun.objects.filter(
        post__unit=unit.unit if unit else None, process=run.process, action=run.action,
        state=ImportRun.State.DONE,
    ).order_by("-pk")[:REMEMBERED]  # fmt: skip
    return next((r for r in earlier if set(r.header) == set(run.header)), None)


def _guessed(run: ImportRun, action: Action, by: Viewer) -> Mapped:
    mapping = columns.guess(run.header, action)
    found = {column: mapping[column] for column in run.header if column in mapping}
    return renewed(run, {"columns": found, "values": {}, "defaults": _usual(action, by)}, by)


def _usual(action: Action, by: Viewer) -> dict[str, str]:
    """Return defaults for what a sheet may lack: the unit's own place."""
    unit = directory.unit(by.unit)
    if unit is None or not any(f.kind == "place" for f in action.fields):
        return {}
    return {f.name: unit.division for f in action.fields if f.kind == "place"}


def renewed(run: ImportRun, mapped: Mapped, by: Viewer, *, asked: Collection[str] = ()) -> Mapped:
    """Return a mapping with guesses for the words of this sheet that it does not know yet.

    For targets in ``asked`` somebody has been asked already: nothing is guessed.
    """
    values: dict[str, dict[str, str]] = {}
    within = within_of(by)
    for target, one, found in worded(run, mapped["columns"]):
        known = mapped["values"].get(target, {})
        fresh = [word for word, _ in found if word not in known and target not in asked]
        guessed = {w: code for w, code in words.guesses(one, fresh, within).items() if code}
        values[target] = {w: known[w] for w, _ in found if w in known} | guessed
    return {
        "columns": dict(mapped["columns"]),
        "values": values,
        "defaults": dict(mapped["defaults"]),
    }


def within_of(by: Viewer) -> str:
    """Return the county (or less) around the viewer, in which bare names are looked for first."""
    unit = directory.unit(by.unit)
    code = by.scope or (unit.division if unit else "")
    return code[:6] if len(code) >= 6 else ""


def worded(
    run: ImportRun, mapping: Mapping[str, str]
) -> Iterable[tuple[str, Any, list[tuple[str, int]]]]:
    """Yield target, field and words of each mapped column whose words must be matched to ours."""
    fields = {f.name: f for f in action_of(run.process, run.action).fields}
    for column, target in mapping.items():
        one = fields.get(target)
        found = run.profile.get("columns", {}).get(column, {}).get("words")
        if one is not None and one.kind in ("choice", "place") and found:
            yield target, one, [(word, n) for word, n in found]


def plan_of(run: ImportRun, by: Viewer) -> Plan:
    """Return how the run's spreadsheet is read."""
    mapped = run.plan
    return Plan(
        process=run.process,
        action=action_of(run.process, run.action),
        columns=mapped["columns"],
        values=mapped["values"],
        defaults=mapped["defaults"],
        source=run.source,
        within=within_of(by),
    )


def lacking(run: ImportRun) -> list[Reason]:
    """Return what must be said before the run can start: required targets, the source's name."""
    action = action_of(run.process, run.action)
    mapped = run.plan
    given = set(mapped["columns"].values()) | set(mapped["defaults"])
    if "title" in given:
        given.add("text")  # what has no account of its own is told by its title
    missing: list[Reason] = [
        ("no_column_for", {"field": target.name, "target": target.label})
        for target in columns.targets(action)
        if target.required and target.name not in given
    ]
    if columns.NUMBER in given and not run.source.strip():
        missing.append(("source_needs_name", {"field": "source"}))
    return missing


def settle(run: ImportRun, mapped: Mapped, by: Viewer, *, source: str) -> None:
    """Keep a mapping and try it on the first rows; nothing is written but the run itself.

    Raises Invalid ``column_twice`` where two columns mean one target.
    """
    _demand_open(run)
    chosen = list(mapped["columns"].values())
    twice = {t for t in chosen if chosen.count(t) > 1}
    if twice:
        raise Invalid(*(("column_twice", {"field": target}) for target in sorted(twice)))
    run.plan = mapped
    run.source = source.strip()[:SOURCE_LIMIT]
    run.look = {}
    if not lacking(run):
        with open_table(run, header_row=run.header_row) as table:
            outcome = running.look(table, plan_of(run, by), by)
        run.look = {
            "rows": outcome.rows, "opened": outcome.opened, "corrected": outcome.corrected,
            "same": outcome.same, "bad_count": outcome.bad_count,
            "bad": [[row, stored(reasons)] for row, reasons in outcome.bad],
        }  # fmt: skip
    with transaction.atomic():
        _demand_still_open(run)
        run.save()


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, Text):
            return {"zh": o.zh, "en": o.en}
        return super().default(o)


def stored(reasons: Iterable[Reason]) -> list[Any]:
    """Return reasons as JSON keeps them."""
    kept: list[Any] = json.loads(json.dumps(list(reasons), cls=_Encoder))
    return kept


# -- start and end ----------------------------------------------------------------------------


def start(run: ImportRun, by: Viewer, *, whole: bool) -> None:
    """Hand the run to the steward; a second click does nothing.

    Raises Invalid with what is lacking, WrongState for a run that was started before.
    """
    from .tasks import bring_in

    if missing := lacking(run):
        raise Invalid(*missing)
    with transaction.atomic():
        taken = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.MAPPING).update(
            state=ImportRun.State.WAITING, whole=whole, account_id=by.account,
            started_at=timezone.now(), look={},
        )  # fmt: skip
        if not taken:
            raise WrongState.of("import_started")
        bring_in.enqueue(run.pk)
    run.refresh_from_db()


def _demand_open(run: ImportRun) -> None:
    if run.state != ImportRun.State.MAPPING:
        raise WrongState.of("import_started")


def _demand_still_open(run: ImportRun) -> None:
    """Lock the run; WrongState where it was started or dropped since it was read: what is written
    now would make a started one startable again."""
    rows = ImportRun.objects.select_for_update().filter(pk=run.pk, state=ImportRun.State.MAPPING)
    if run.pk is not None and rows.first() is None:
        raise WrongState.of("import_started")


def discard(run: ImportRun) -> None:
    """Delete a run that was never started, with its file."""
    with transaction.atomic():
        _demand_still_open(run)
        _forget_file(run)
        run.delete()


def sweep() -> int:
    """Delete what imports hold of persons once they have ended long enough; return how many."""
    days = law.parameter("matters.import_keep_days", local_day(timezone.now()), overrides()).value
    old = ImportRun.objects.filter(
        created_at__lt=timezone.now() - timedelta(days=int(days)), blob__isnull=False
    ).exclude(state__in=[ImportRun.State.WAITING, ImportRun.State.RUNNING])
    count = 0
    for run in old:
        forget(run)
        count += 1
    return count


def forget(run: ImportRun) -> None:
    """Delete what an import holds of persons; how its columns were read stays."""
    with transaction.atomic():
        _forget_file(run)
        run.bad_rows.all().delete()
        run.profile, run.look = {}, {}
        values = run.plan.get("values", {})
        run.plan = run.plan | {"values": {t: v for t, v in values.items() if t != "place"}}
        run.save()


def _forget_file(run: ImportRun) -> None:
    digest, run.blob_id = run.blob_id, None
    run.save(update_fields=["blob"])
    if digest and not (
        ImportRun.objects.filter(blob=digest).exists() or Paper.objects.filter(blob=digest).exists()
    ):
        blobs.delete(digest)
