from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dingzi.portal"

    def ready(self) -> None:
        from dingzi.ui import frames

        from . import pages, showing

        frames.connect(
            frames.PUBLIC,
            frames.Frame(
                base="portal/base.html",
                around=lambda _request, current: pages.around(current),
                refused=pages.refused,
                figure_url=showing.figure_url,
            ),
        )
