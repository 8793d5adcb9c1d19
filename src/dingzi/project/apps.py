from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "dingzi.project"
