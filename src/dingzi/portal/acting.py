"""An act sent from a case page: done once, or refused with all that was written kept."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dingzi import matters
from dingzi.city.viewer import Viewer
from dingzi.core import throttle
from dingzi.core.errors import NotFound, Reason, Refusal, Stale
from dingzi.ledger import waiting
from dingzi.matters import registry, selectors
from dingzi.matters.acts import State
from dingzi.matters.forms import ActForm
from dingzi.matters.models import Matter, event_id
from dingzi.matters.process import Action

from . import asking, case, photos
from .asking import Bound
from .holder import holder


@holder
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, matter: Matter, viewer: Viewer, action: str) -> HttpResponseBase:
    """Do one of the further acts; a reload of the address shows the case."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("portal:case"))
    state = _state(request, matter)
    declared = registry.action(state.process, action)
    if declared is None or declared.opens:
        raise NotFound.of("no_such_action", action=action)
    form = asking.form_of(declared, viewer, state, request.POST)
    return _do(request, state, viewer, declared, form, declared.name)


@holder
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, matter: Matter, viewer: Viewer) -> HttpResponseBase:
    """Answer the question that the case asks, by one of its two acts."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("portal:case"))
    state = _state(request, matter)
    chosen = request.POST.get(asking.ANSWER, "")
    question = asking.question_of(state)
    declared = registry.action(state.process, chosen)
    # a stale page asks what the case no longer does: the act itself says what changed
    known = question is None or chosen in question.leads or _seen(request) != state.matter.seq
    if declared is None or declared.opens or not known:
        raise Refusal.of("no_such_answer")
    form = asking.form_of(declared, viewer, state, request.POST, prefix=asking.ANSWER)
    return _do(request, state, viewer, declared, form, asking.ANSWER)


def _state(request: HttpRequest, matter: Matter) -> State:
    """Return the matter; NotFound where the page that was sent showed another one."""
    if request.POST.get("number") != matter.number:
        raise NotFound.of("other_matter_open")
    return selectors.state_of(matter)


def _do(
    request: HttpRequest,
    state: State,
    viewer: Viewer,
    action: Action,
    form: ActForm,
    shown_as: str,
) -> HttpResponseBase:
    key = _key(request)
    again = Bound(shown_as, form, key)
    if not form.is_valid():
        return case.show(request, state, viewer, bound=again, status=422)
    data = form.data_of()
    wrong = _papers(request, action, data, form.prefix or "")
    if wrong:
        return case.show(request, state, viewer, bound=again, wrong=wrong, status=422)
    try:
        with waiting.sealing() as ear:
            done = matters.act(
                state.matter.number, action.name, data,
                by=viewer, seen=_seen(request), key=key, door="web",
            )  # fmt: skip
            waiting.until_sealed(event_id(done.stream, done.seq), ear, waiting.AWHILE)
    except Stale as stale:
        fresh = selectors.state_of(selectors.by_id(state.matter.id, viewer))
        return case.show(
            request, fresh, viewer, bound=again, since=_seen(request), status=stale.status
        )
    except Refusal as refusal:
        form.refuse(refusal)
        above = [r for r in refusal.reasons if not _blames(r, form)]
        form.errors.pop("__all__", None)
        return case.show(
            request, state, viewer, bound=again, wrong=above, status=refusal.status
        )  # fmt: skip
    told = str(action.told or action.label)
    if done.again:
        messages.success(request, _("先前已经记下，没有重复记：%(act)s。") % {"act": told})
    else:
        messages.success(request, _("记下了：%(act)s。") % {"act": told})
    return HttpResponseRedirect(reverse("portal:case"))


def _papers(
    request: HttpRequest, action: Action, data: dict[str, object], prefix: str
) -> list[Reason]:
    """Add the papers that came along to ``data``; return why some cannot be taken."""
    wrong: list[Reason] = []
    for one in action.fields:
        if one.kind != "papers":
            continue
        files = request.FILES.getlist(f"{prefix}-{one.name}")
        if files:
            where = throttle.address(request)
            throttle.SENT.check(where)
            throttle.SENT.count(where)
        taken, refused = photos.take(files, [])
        wrong += refused
        if not files and (one.required or not any(data.values())):
            wrong.append(("no_paper_chosen", {"field": "papers"}))
        if taken:
            data[one.name] = taken
    return wrong


def _blames(reason: Reason, form: ActForm) -> bool:
    return str(reason[1].get("field", "")).split(".")[0] in form.fields


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
