from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "dingzi.sample"
    verbose_name = "模拟城市"

    def ready(self) -> None:
        from dingzi.matters import book

        from . import marks

        book.declare(marks.BEGUN, marks.check, marks.apply)
        book.declare(marks.MADE, marks.check, marks.apply)
