import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dingzi.project.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Import every view before the first visitor waits for it."""
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018


_warm_up()
