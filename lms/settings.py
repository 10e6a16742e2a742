"""Every setting of the product, read from the environment; the README has the table."""

import logging
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lms import environment
from lms.running import broker, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "var"))).expanduser().absolute()
DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)

DEBUG = environment.flag("DEBUG")
DEMO = environment.flag("DEMO")
UNDO_TIME = timedelta(minutes=1 if DEMO else 15)

PUBLIC_URL = environment.text("PUBLIC_URL", "http://localhost:8000").rstrip("/")
HAS_HTTPS = PUBLIC_URL.startswith("https://")


# What is secret

SECRET_KEY_FILE = DATA_DIR / "secret_key"
SECRET_KEY = environment.text("SECRET_KEY")
if not SECRET_KEY and SECRET_KEY_FILE.exists():
    SECRET_KEY = SECRET_KEY_FILE.read_text().strip()
if not SECRET_KEY and DEBUG:
    SECRET_KEY = "only-while-debugging"
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. Set it to a long random text that you keep for ever, "
        f"or let `make run` write one to {SECRET_KEY_FILE}."
    )
SECRET_KEY_FALLBACKS = environment.listed("SECRET_KEY_FALLBACKS")


# Parts

INSTALLED_APPS = [
    "lms",
    "attendance",
    "exams",
    "certifications",
    "learners",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "storages",
    "lms.frame.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "dbbackup",
    "django_structlog",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "lms.safety.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.running.logs.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.safety.sign_in.LoginRequired",
    "lms.frame.middleware.PersonalLanguageMiddleware",
    "lms.frame.middleware.NotAllowedMiddleware",
    "lms.safety.headers.PersonalPagesMiddleware",
    "lms.safety.headers.FormLimitMiddleware",
    "lms.safety.bodies.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lms.frame.home.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False


# People

AUTH_USER_MODEL = "learners.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "lms.passwords.PasswordBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "lms:home"
LOGOUT_REDIRECT_URL = "login"

# Ten wrong passwords for one address from one place close that door for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False  # a closed door opens by itself
AXES_CLIENT_IP_CALLABLE = "learners.limits.client_address"
# Not what a person's field is called, which axes assumes: then the door would never be looked at.
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "lms.passwords.typed_address"
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"

# How long somebody stays signed in: without coming back, and at the most.
SESSION_ENGINE = "lms.safety.sessions"
SESSION_COOKIE_AGE = 3600 * environment.number("SESSION_IDLE_HOURS", 12)
SESSION_LONGEST = timedelta(days=environment.number("SESSION_DAYS", 14))

# Forms that one person, or one place where nobody is signed in, may send in a minute; 0 is no end.
FORMS_PER_MINUTE = environment.number("FORMS_PER_MINUTE", 240)
HAND_INS_PER_HOUR = environment.number("HAND_INS_PER_HOUR", 60)
MESSAGES_PER_HOUR = environment.number("MESSAGES_PER_HOUR", 60)


# Database: the truth

DATABASE_URL = environment.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
DATABASES: dict[str, dict[str, Any]] = {
    "default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=600))
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Without IMMEDIATE half of the concurrent saves fail: see docs/decisions/0003.
    DATABASES["default"] |= {
        "ENGINE": "lms.sqlite",
        "OPTIONS": {
            # Longer than an import of 30,000 lines; who waits in vain is answered by errors.py.
            "timeout": 60,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a question that then reads a thousand rows took ten times as long as the answer.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")


# Broker, worker and cache: may vanish and come back

REDIS_PREFIX = environment.text("REDIS_PREFIX", "mijlpaal")
TASK_TIME_LIMIT = environment.number("TASK_TIME_LIMIT", 900)
SWEEP_EVERY = environment.number("SWEEP_EVERY", 10)
IS_EMBEDDED = not environment.text("REDIS_URL")
REDIS_URL = environment.text("REDIS_URL", broker.url(DATA_DIR))
CACHES = {
    "default": {
        "BACKEND": "lms.running.caching.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        "KEY_PREFIX": f"{REDIS_PREFIX}:cache",
    }
    if not IS_EMBEDDED or broker.is_running(DATA_DIR)
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

CELERY_BROKER_URL = broker.for_celery(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task may wait behind one that takes as long as it may; sooner than this, a second worker
    # would take it up as well.
    "visibility_timeout": 2 * TASK_TIME_LIMIT,
    # Look for what a killed worker held every 2 seconds instead of every 100.
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # A page never waits for a broker that is away: the sweep finds the work again.
    "max_retries": 1,
    "interval_start": 0,
    "socket_connect_timeout": 2,
    "global_keyprefix": f"{REDIS_PREFIX}:",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "Europe/Amsterdam"


# Languages and time

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
FORMAT_MODULE_PATH = ["lms.formats"]


# Files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lms.running.finders.NodeModulesFinder",
]
# Pages name files by their hash, so that only those are kept; the maps are for debuggers.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "webp", "woff", "woff2", "gz", "br")
STORAGES = {
    "default": environment.bucket()
    or {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "lms.running.static_storage.StaticStorage"},
    "dbbackup": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": environment.text("BACKUP_DIR", str(DATA_DIR / "backups"))},
    },
}
DBBACKUP_CONNECTOR_MAPPING = {"lms.sqlite": "lms.sqlite.backups.BackupConnector"}
DBBACKUP_CLEANUP_KEEP = environment.number("BACKUPS_KEPT", 14)
MEDIA_URL = ""  # no file has an address of its own: each is served by a view that checks
FILE_UPLOAD_PERMISSIONS = 0o640
CLAMAV_URL = environment.scanner("CLAMAV_URL")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# The longest text of an answer is 200,000 characters, each of at most twelve bytes in a form; four
# times that, so that a page can still say that it is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024


# Mail

DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", "Mijlpaal <noreply@example.org>")
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
if environment.text("EMAIL_URL"):
    globals().update(environment.mail(environment.text("EMAIL_URL")))


# Safety

ALLOWED_HOSTS = environment.listed(
    "ALLOWED_HOSTS", (urlsplit(PUBLIC_URL).hostname or "localhost", "localhost", "127.0.0.1")
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
BEHIND_PROXY = environment.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HAS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|livez|metrics)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HAS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HAS_HTTPS
SECURE_HSTS_PRELOAD = HAS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
# Browsers let nobody but this very host set a cookie with this name.
COOKIE_PREFIX = "__Host-" if HAS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_SECURE = HAS_HTTPS
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = HAS_HTTPS
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_SECURE = HAS_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report/"],
        "report-to": ["csp"],
    }
}


# Logs and figures, for whoever looks after the machine

LOG_FORMAT = environment.one_of("LOG_FORMAT", tuple(logs.RENDERERS))
LOGGING = logs.configure(level=environment.text("LOG_LEVEL", "WARNING"), form=LOG_FORMAT)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG  # sweeps run every few seconds
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # the proxy knows; fewer people need to
DJANGO_STRUCTLOG_USER_ID_FIELD = (
    ""  # lms.frame.middleware says who, and does not ask when all is down
)
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN:
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")
