from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("api/", include("dingzi.api.urls")),
    path("work/", include("dingzi.workbench.urls")),
    path("", include("dingzi.portal.urls")),
]
