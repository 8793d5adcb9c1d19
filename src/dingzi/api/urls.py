from django.urls import URLPattern, include, path, re_path

from . import matters, open_data, papers, processes
from .app import api
from .document import document
from .edges import edge, nowhere

for router in (processes.router, matters.router, papers.router, open_data.router):
    api.add_router("", router)

found, _, namespace = api.urls
routes = [r for r in found if isinstance(r, URLPattern) and r.name != "api-root"]
for route in routes:
    route.callback = edge(route.callback)

urlpatterns = [
    path("v1/openapi.json", edge(document), name="openapi"),
    path("v1/", include((routes, "ninja"), namespace=namespace)),
    re_path("^(?P<rest>.*)$", nowhere),
]
