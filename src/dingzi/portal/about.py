from django.http import HttpRequest, HttpResponse

from .pages import open_to_all


@open_to_all
def data(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)


@open_to_all
def accessibility(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)


@open_to_all
def privacy(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)


@open_to_all
def robots(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)
