from django.urls import include, path

from dingzi.core import registry

from . import health

handler400 = "dingzi.project.errors.bad_request"
handler403 = "dingzi.project.errors.forbidden"
handler404 = "dingzi.project.errors.not_found"
handler500 = "dingzi.project.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("dingzi.city.urls")),
    path("api/", include("dingzi.api.urls")),
    path("open311/", include("dingzi.api.open311.urls")),
    *[path(f"work/{m.name}/", include(p.desk)) for m, p in registry.with_pages() if p.desk],
    path("work/", include("dingzi.workbench.urls")),
    *[path(f"{m.name}/", include(p.public)) for m, p in registry.with_pages() if p.public],
    path("", include("dingzi.portal.urls")),
]
