from django.urls import path

from . import matters, open_data
from .app import api

api.add_router("", matters.router)
api.add_router("", open_data.router)

urlpatterns = [path("v1/", api.urls)]
