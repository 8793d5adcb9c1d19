"""Pages for what went wrong, in plain words and both languages.

They must come out whatever else is broken: if the page in the site's own dress cannot be made
(forged host, dead database), the bare one is.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext_lazy as _

from dingzi.portal.pages import around


class Words(NamedTuple):
    title: Any
    text: Any
    remedy: Any


WORDS = {
    "bad_request": Words(
        _("这个请求不能处理"),
        _("网址或提交的内容不完整，或者不是从本站发出的。什么都没有改动。"),
        _("请从首页重新开始；如果您是照着纸上的网址输入的，请再核对一遍。"),
    ),
    "forbidden": Words(
        _("您不能打开这一页"),
        _("您登录的岗位没有这项权限。什么都没有改动。"),
        _("如果这件事应当由您办，请联系本单位的管理员。"),
    ),
    "form_expired": Words(
        _("页面放得太久了"),
        _("为了安全，这张表单要从本站打开后提交。刚才填的内容没有送出，什么都没有改动。"),
        _("请返回上一页，刷新后再提交；浏览器要允许本站的 Cookie。"),
    ),
    "not_found": Words(
        _("没有这一页"),
        _("网址可能写错了，或者这一页对您不开放。"),
        _("查办理进度请用回执上的编号和查询码。"),
    ),
    "too_large": Words(
        _("文件太大"),
        _("一次最多提交 %(limit)s MB。文件没有保存，什么都没有改动。"),
        _("请压缩照片，或者分几次补交材料。"),
    ),
    "too_many": Words(
        _("请稍等一会儿"),
        _("短时间内的请求太多。"),
        _("请过几分钟再试。"),
    ),
    "server_error": Words(
        _("系统出错了"),
        _(
            "这不是您的问题，错误已经记下。没有办完的事不会只办一半：要么全部记下，要么什么都没有改动。"
        ),
        _("请过几分钟再试；再次提交同一张表单不会重复登记。"),
    ),
}


def answer(request: HttpRequest, status: int, kind: str, **params: object) -> HttpResponse:
    """Say what went wrong in the form the client asked for: a page, or problem+json."""
    title, text, remedy = WORDS[kind]
    words = {"title": title, "text": text % params if params else text, "remedy": remedy}
    if _wants_json(request):
        problem = {
            "type": f"about:blank#{kind}",
            "title": str(title),
            "status": status,
            "detail": f"{words['text']} {remedy}",
        }
        body = json.dumps(problem, ensure_ascii=False)
        return HttpResponse(body, status=status, content_type="application/problem+json")
    return HttpResponse(_page(request, status, kind, words), status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or "json" in request.headers.get("Accept", "")


def _page(request: HttpRequest, status: int, kind: str, words: dict[str, object]) -> str:
    context = words | {"status": status, "kind": kind}
    if kind not in ("server_error", "bad_request"):
        try:
            return loader.render_to_string("error.html", around() | context, request)
        except Exception:  # noqa: S110 - the bare page says the same
            pass
    return loader.render_to_string("error_bare.html", context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, "forbidden")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, 403, "form_expired")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404, "not_found")


def too_large(request: HttpRequest) -> HttpResponse:
    return answer(request, 413, "too_large", limit=settings.REQUEST_LIMIT >> 20)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500, "server_error")
