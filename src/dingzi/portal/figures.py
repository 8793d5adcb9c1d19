from django.http import HttpRequest, HttpResponse

from .pages import open_to_all


@open_to_all
def figures(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)


@open_to_all
def figure(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)


@open_to_all
def download(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)
