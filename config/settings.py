"""Settings: everything that differs between machines comes from `config.environment`."""

from __future__ import annotations

import os
from typing import Any

from config.environment import BASE_DIR, env, home, read_services_file, required

EMBEDDED = read_services_file() or env.bool("TANDEM_EMBEDDED", default=False)
DEMO = env.bool("DEMO", default=False)
DEBUG = False

SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions and links")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
TLS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "organisations.apps.OrganisationsConfig",
    "contacts.apps.ContactsConfig",
    "calendars.apps.CalendarsConfig",
    "partnerships.record.apps.RecordConfig",
    "partnerships.conversations.apps.ConversationsConfig",
    "partnerships.touchpoints.apps.TouchpointsConfig",
    "overview.apps.OverviewConfig",
    "overview.demo.apps.DemoConfig",
    "frontend.apps.FrontendConfig",
    "allauth",
    "allauth.account",
    "django_htmx",
    "guardian",
    "csp",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organisations.middleware.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisations.middleware.SignedInMiddleware",
    "organisations.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "frontend.environment.environment",
            "context_processors": ["frontend.context.page_context"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [BASE_DIR / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "frontend.forms.NHSFormRenderer"


def _database(url_name: str, fallback: str | None = None) -> dict[str, Any]:
    """One connection, always through the backend that carries the acting organisation.

    Server-side cursors are off so that a pooler in transaction mode may sit between.
    """
    if fallback and url_name not in os.environ:
        url_name = fallback
    required(url_name, "the address of the PostgreSQL database, as the role that serves pages")
    return {
        **env.db_url(url_name),
        "ENGINE": "organisations.tenancy.backend",
        "ATOMIC_REQUESTS": url_name == "DATABASE_URL",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


# `default` serves requests as the role `web`; `worker` reads and writes the outbox only;
# `owner` owns the tables, and only migrations and imports use it.
DATABASES = {"default": _database("DATABASE_URL")}
for _alias, _name in {"owner": "OWNER_DATABASE_URL", "worker": "WORKER_DATABASE_URL"}.items():
    if _name in os.environ:
        DATABASES[_alias] = _database(_name)
DATABASE_ROUTERS = ["organisations.tenancy.routers.MigrationsAsOwner"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", "the address of the Redis or Valkey server")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "tandem",
        # A page does not wait for a cache that is away: sessions are in the database too.
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "overview.errors.csrf_failure"
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'none'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["organisations.sign_in.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "organisations.passwords.KeepsDemoPasswordApart"},
]
ACCOUNT_ADAPTER = "organisations.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "organisations.sign_up.SignUpForm"
ACCOUNT_FORMS = {
    "signup": "organisations.account_forms.SignUp",
    "change_password": "organisations.account_forms.ChangePassword",
    "set_password": "organisations.account_forms.SetPassword",
    "reset_password_from_key": "organisations.account_forms.ResetPassword",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the address is unique, through a constraint on its lower case
    "guardian.W001",  # grants are asked for through our `can`, not through an auth backend
]

LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = home() / "staticfiles" if EMBEDDED else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "frontend.finders.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Every e-mail goes through the outbox; its worker hands messages to this backend.
EMAIL_FROM_NAME = env.str("EMAIL_FROM_NAME", default="Tandem")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tandem <no-reply@tandem.example>")
MAIL_FOLDER = home() / "mail"
if "EMAIL_URL" in os.environ:
    vars().update(env.email_url("EMAIL_URL"))
elif EMBEDDED:
    EMAIL_BACKEND = "organisations.outbox.mail_folder.MailFolderBackend"
else:
    required("EMAIL_URL", "the address of the SMTP server, like smtp://user:password@host:587")
EMAIL_TIMEOUT = 20

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
}
CELERY_TIMEZONE = "Europe/London"
OUTBOX_BEAT_SECONDS = env.int("OUTBOX_BEAT_SECONDS", default=10)
# A dead worker's messages wait this long; far more than one message takes, see docs/outbox.md.
OUTBOX_LEASE_SECONDS = env.float("OUTBOX_LEASE_SECONDS", default=120)
OUTBOX_BATCH = env.int("OUTBOX_BATCH", default=20)
# What becomes of a message that may have arrived before its worker died: "resend" or "park".
OUTBOX_UNCERTAIN = env.str("OUTBOX_UNCERTAIN", default="resend")
CELERY_BEAT_SCHEDULE = {
    "send-due-mail": {"task": "organisations.tasks.send_due_mail", "schedule": OUTBOX_BEAT_SECONDS},
    "heartbeat": {"task": "organisations.tasks.heartbeat", "schedule": 5.0},
}

LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"format": env.str("LOG_FORMAT", default="console" if EMBEDDED else "json")}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
