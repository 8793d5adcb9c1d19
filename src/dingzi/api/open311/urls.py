"""Addresses of the standard."""

from django.urls import re_path

from . import views

_KIND = r"\.(?P<kind>json|xml)$"
app_name = "open311"
urlpatterns = [
    re_path(rf"^discovery{_KIND}", views.discovery, name="discovery"),
    re_path(rf"^v2/discovery{_KIND}", views.discovery),
    re_path(rf"^v2/services{_KIND}", views.service_list, name="services"),
    re_path(
        rf"^v2/services/(?P<code>[^/]{{1,80}}){_KIND}", views.service_definition, name="definition"
    ),
    re_path(rf"^v2/requests{_KIND}", views.requests, name="requests"),
    re_path(rf"^v2/requests/(?P<alias>[^/]{{1,80}}){_KIND}", views.one_request, name="request"),
    re_path(rf"^v2/tokens/(?P<alias>[^/]{{1,80}}){_KIND}", views.token, name="token"),
]
