from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "dingzi.sample"
