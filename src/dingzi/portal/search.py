from django.http import HttpRequest, HttpResponse

from .pages import open_to_all


@open_to_all
def search(request: HttpRequest, **_: str) -> HttpResponse:
    return HttpResponse(status=501)
