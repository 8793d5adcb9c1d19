"""Routes for the catalogue of components."""

from django.urls import include, path

from dingzi.ui.catalogue import catalogue

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", catalogue),
    path("<str:page>/", catalogue),
]
