"""Checking a receipt: in the browser from the proof, the head and the tiles; without scripts here."""

from __future__ import annotations

import hmac
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import NotFound
from dingzi.figures import counted
from dingzi.ledger import checking, keys, receipts
from dingzi.ledger.leaves import pseudonym
from dingzi.matters import receipts as slips
from dingzi.matters.models import Matter

from .holder import held, holder
from .pages import keep_from_others, language, open_to_all, page

#: What the browser's check may say.
_CODES = (
    "proof_unreadable", "proof_sealed", "proof_promised", "proof_late", "proof_head", "proof_path",
    "proof_promise", "proof_opening", "proof_now", "proof_gone", "proof_offline",
    "reference_signed", "reference_differs",
)  # fmt: skip
_SCRIPTS = ("vendor/noble.js", "ui/proof.js", "ui/check.js")
_STYLE = "ui/dingzi.css"


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponseBase:
    """Ask for a proof and say what it proves; who holds a receipt here sees where it counts."""
    context = _about()
    found = held(request)
    matter = found[0] if found else None
    if request.method == "POST":
        text = _given(request)
        checked = _checked(text)
        context["said"] = _said(checked)
        matter = _of(checked, text) or matter
    context["counting"] = _counting(matter) if matter else None
    answer = page(request, "check/receipt", context)
    if found or request.method == "POST":
        keep_from_others(answer)
    return answer


@open_to_all
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Say in which figures the matter of a full proof is counted, as anybody can recount it.

    Number and pseudonym stand together in nobody's hands but who has the proof.
    """
    matter = _named(request.GET.get("number", ""), request.GET.get("matter", ""))
    if matter is None:
        raise NotFound.of("not_found")
    answer = JsonResponse(_counting(matter, settings.SITE_URL))
    answer["Access-Control-Allow-Origin"] = "*"  # a saved copy asks too
    keep_from_others(answer)
    return answer


@open_to_all
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """Give the page as one file that works from a disk, without this site."""
    context = _about(settings.SITE_URL) | {
        "style": _static(_STYLE),
        "scripts": [_static(name) for name in _SCRIPTS],
        "alone": True,
        "at": timezone.now(),
    }
    answer = render(request, "portal/check/saved.html", context)
    answer["Content-Disposition"] = 'attachment; filename="dingzi-check.html"'
    return answer


@holder
@require_safe
def proof(request: HttpRequest, matter: Matter, viewer: Viewer) -> HttpResponse:
    """Give the full proof of all acts that the holder sees."""
    answer = HttpResponse(receipts.seen(matter, viewer), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="receipt.json"'
    return answer


def _about(site: str = "") -> dict[str, Any]:
    """Return what the check needs: the city's keys, where its log is, and the words.

    The site's own page reads the log from where it was itself read, whatever that address is; a
    saved copy needs the whole address.
    """
    known = keys.accepted()
    return {
        "named": known[0] if known else None,
        "check": {
            "log": [one.log for one in known],
            "promise": [one.promise for one in known],
            "at": site + reverse("portal:checkpoint").removesuffix("checkpoint"),
            "where": site + reverse("portal:check_where"),
            "open": site + reverse("portal:reference"),
            "opens": _("打开这件事，看办到哪儿了、算进了哪些数字"),
            "language": language(),
            "words": {code: reasons.template(code) for code in _CODES},
            "verdicts": {code: str(text) for code, text in verdicts().items()},
        },
    }


def verdicts() -> dict[str, str]:
    """Return the one sentence of each verdict."""
    return {
        "sealed": _("是真的：每一步都在公开日志里，没有改动。"),
        "promised": _("收下了，有签名的保证，还没有封存。"),
        "late": _("保证过的时间到了，还没有看到封存。"),
        "differs": _("对不上：这份证明和公开日志不一致。"),
        "signed": _("是本市签发的回执。"),
        "unreadable": _("这不是一份完整的回执证明。"),
    }


def _given(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is not None:
        return bytes(file.read(checking.LONGEST + 1))
    return request.POST.get("text", "").encode("utf-8", "replace")


def _checked(text: bytes) -> checking.Checked:
    known = keys.accepted()
    if not known:
        return checking.Checked("unreadable", (("proof_unreadable", {}),))
    logs, promises = [one.log for one in known], [one.promise for one in known]
    return checking.check(text, logs, promises, timezone.now())


def _of(found: checking.Checked, text: bytes) -> Matter | None:
    """Return the matter that what was given opens: a proof that holds, a signed reference."""
    if found.verdict == "signed":
        with suppress(NotFound):
            return slips.open_by_reference(text.decode().strip().rpartition("#")[2])[0]
    if found.verdict in ("sealed", "promised"):
        return _named(found.number, str(found.entries[0]["leaf"].get("matter", "")))
    return None


def _named(number: str, name: str) -> Matter | None:
    """Return the matter of a number, where the log calls it by that name."""
    matter = Matter.objects.filter(number=number.replace("\0", ""), parent=None).first()
    same = matter is not None and hmac.compare_digest(pseudonym(matter.id).encode(), name.encode())
    return matter if same else None


def _counting(matter: Matter, site: str = "") -> dict[str, Any]:
    """Return in which published figures a matter is counted, as words and addresses."""
    found = [
        {
            "title": str(one.title),
            "period": str(one.period.words()),
            "url": f"{site}{reverse('portal:figure', args=[one.figure])}?period={one.period.code}",
        }
        for one in counted.counted(matter)
    ]
    said = _("%(number)s现在算在这些公布的数字里：") % {"number": matter.number}
    none = _("还没有。保密的事只算在全市的合计里，这里不列。")
    return {"words": said, "figures": found, "none": "" if found else none}


def _said(found: checking.Checked) -> dict[str, Any]:
    told = [reasons.say(_listed(reason)) for reason in found.findings]
    return {"verdict": found.verdict, "title": verdicts()[found.verdict], "findings": told}


def _listed(reason: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    code, params = reason
    fields = params.get("fields")
    return (code, params | {"fields": ", ".join(fields)}) if fields else reason


def _static(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str), name
    return Path(path).read_text("utf-8")
