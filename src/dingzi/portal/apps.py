from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dingzi.portal"

    def ready(self) -> None:
        from django.urls import reverse

        from dingzi.ui import frames

        from . import pages, showing

        frames.connect(
            frames.PUBLIC,
            frames.Frame(
                base="portal/base.html",
                around=lambda _request, current: pages.around(current),
                refused=pages.refused,
                figure_url=showing.figure_url,
                check_url=lambda: reverse("portal:check_text"),
            ),
        )
