import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dingzi.project.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Import every view before the first visitor waits for it."""
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018


def _look_over() -> None:
    """Serve nothing with a process that names what is not there; other commands check it too."""
    from django.core import checks
    from django.core.exceptions import ImproperlyConfigured

    if faults := checks.run_checks(tags=["dingzi"], databases=["default"]):
        raise ImproperlyConfigured("\n".join(str(fault) for fault in faults))


def _settle() -> None:
    """Keep what the site is made of out of every later search for garbage; it lives as long."""
    gc.collect()
    gc.freeze()


_warm_up()
_look_over()
_settle()
