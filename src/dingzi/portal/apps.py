from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dingzi.portal"
