"""Django settings; what an installation may change comes from ``config``."""

from pathlib import Path

from csp.constants import NONE, SELF

from . import logs, secrets
from .config import database, load
from .settings_signon import *  # noqa: F403
from .settings_signon import OIDC_ORIGIN

CONFIG = load()
CONFIG.home.mkdir(parents=True, exist_ok=True, mode=0o700)
SOURCE = Path(__file__).resolve().parents[1]

DEBUG = CONFIG.debug
SECRET_KEY = secrets.text(CONFIG.keys / "django.key")
EVENT_KEY = secrets.raw(CONFIG.keys / "event.key")
PSEUDONYM_KEY = secrets.raw(CONFIG.keys / "pseudonym.key")
KEYS = CONFIG.keys
LOG = CONFIG.home / "log"
SM3 = CONFIG.sm3
SITE_URL = CONFIG.site_url
DEMO = CONFIG.demo
MAIL_FROM = CONFIG.mail.sender
EMAIL_BACKEND = CONFIG.mail.backend
EMAIL_HOST, EMAIL_PORT = CONFIG.mail.host, CONFIG.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail.user, CONFIG.mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = CONFIG.mail.ssl, CONFIG.mail.starttls
EMAIL_TIMEOUT = 20
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
DATABASES = {"default": database(CONFIG.database_url)}
BLOBS = CONFIG.blobs
MEDIA_ROOT = CONFIG.home / "media"
#: Every folder of mechanisms/ with an apps.py, by name.
MECHANISMS = sorted(
    f"dingzi.mechanisms.{path.parent.name}" for path in SOURCE.glob("mechanisms/*/apps.py")
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "dingzi.core",
    "dingzi.ui",
    "dingzi.city",
    "dingzi.matters",
    "dingzi.ledger",
    "dingzi.notices",
    "dingzi.figures",
    *MECHANISMS,
    "dingzi.workbench",
    "dingzi.portal",
    "dingzi.api",
    "dingzi.sample",
    "dingzi.project",
]

MIDDLEWARE = [
    "dingzi.project.middleware.AccessLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "dingzi.project.middleware.Headers",
    "dingzi.project.middleware.BodyLimit",
    "dingzi.project.middleware.PlainAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dingzi.city.middleware.ViewerMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "dingzi.project.urls"
WSGI_APPLICATION = "dingzi.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "ui" / "templates", SOURCE / "city" / "templates"],  # before allauth's
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "dingzi.ui.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "dingzi.ui.forms.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "ui" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_NAME = "__Host-dingzi" if CONFIG.secure else "dingzi"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIG.secure
# read from the database each time: a cache in memory is each process's own and forgets no sign-out
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIG.secure else "dingzi-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dingzi.project.errors.form_expired"
LANGUAGE_COOKIE_NAME = "dingzi-language"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.proxies else None
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *filter(None, [OIDC_ORIGIN])],
    },
}

UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of one paper
REQUEST_LIMIT = 64 * 1024 * 1024  # bytes of one request; above it 413 before anything is kept
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 12
# a hand-over is signed for in one go, a box for each of what may be thousands of matters
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "dingzi",
    },
    # what the web's processes and the steward tell each other: how far a long work is
    "shared": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CONFIG.home / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = logs.config(CONFIG.log)
