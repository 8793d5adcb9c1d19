from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "dingzi.mechanisms.disputes"
    verbose_name = "矛盾纠纷"
