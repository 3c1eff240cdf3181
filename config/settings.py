"""Settings: everything that differs between machines comes from `config.environment`."""

from __future__ import annotations

import ipaddress
import os
from typing import Any

from config.environment import BASE_DIR, env, home, read_services_file, required
from organisations.signing_in.provider_settings import read_providers

EMBEDDED = read_services_file() or env.bool("TANDEM_EMBEDDED", default=False)
DEMO = env.bool("DEMO", default=False)
DEBUG = False

SECRET_KEY = required("SECRET_KEY", "a long random text that signs sessions and links")
# Former ones, which still read what they have signed or encrypted.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
TLS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "organisations.apps.OrganisationsConfig",
    "contacts.apps.ContactsConfig",
    "calendars.apps.CalendarsConfig",
    "partnerships.record.apps.RecordConfig",
    "partnerships.diary.apps.DiaryConfig",
    "partnerships.actions.apps.ActionsConfig",
    "partnerships.conversations.apps.ConversationsConfig",
    "partnerships.touchpoints.apps.TouchpointsConfig",
    "partnerships.agenda.apps.AgendaConfig",
    "partnerships.agreements.apps.AgreementsConfig",
    "partnerships.reviews.apps.ReviewsConfig",
    "partnerships.aims.apps.AimsConfig",
    "partnerships.wins.apps.WinsConfig",
    "initiatives.small_numbers.apps.SmallNumbersConfig",
    "initiatives.plans.apps.PlansConfig",
    "initiatives.measures.apps.MeasuresConfig",
    "initiatives.reflections.apps.ReflectionsConfig",
    "initiatives.sessions.apps.SessionsConfig",
    "initiatives.review.apps.ReviewConfig",
    "overview.apps.OverviewConfig",
    "overview.history_import.apps.HistoryImportConfig",
    "overview.search.apps.SearchConfig",
    "overview.demo.apps.DemoConfig",
    "frontend.apps.FrontendConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
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
    # Headers come first: static files and early redirects carry them too.
    "csp.middleware.CSPMiddleware",
    "organisations.signing_in.headers.SecurityHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organisations.middleware.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisations.signing_in.session_limits.SessionLimitsMiddleware",
    "organisations.middleware.SignedInMiddleware",
    "organisations.middleware.ActingMiddleware",
    "organisations.signing_in.second_step.SecondStepMiddleware",
    "organisations.signing_in.freshness.ConfirmFirstMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
    database = env.db_url(url_name)
    return {
        **database,
        # A database that does not answer is a fault to tell of, not one to wait for.
        "OPTIONS": {"connect_timeout": 5, **database.get("OPTIONS", {})},
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
# Signed out after this long without a request, and this long after signing in whatever happens.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=30) * 60
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "overview.errors.csrf_failure"
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_HSTS_PRELOAD = TLS
# The proxy before us says who asks, and over TLS; without one nobody is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 0
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
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
    {"NAME": "organisations.signing_in.common_passwords.NotACommonPassword"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "organisations.passwords.KeepsDemoPasswordApart"},
]
ACCOUNT_ADAPTER = "organisations.sign_in.AccountAdapter"
MFA_ADAPTER = "organisations.signing_in.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Tandem"
# One code before and one after: telephones' clocks differ.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "organisations.signing_in.second_factor_forms.SetUpApp",
    "add_webauthn": "organisations.signing_in.second_factor_forms.AddPasskey",
    "authenticate": "organisations.signing_in.second_factor_forms.Code",
    "authenticate_webauthn": "organisations.signing_in.second_factor_forms.PasskeyAfterPassword",
    "edit_webauthn": "organisations.signing_in.second_factor_forms.NamePasskey",
    "login_webauthn": "organisations.signing_in.second_factor_forms.PasskeyAlone",
    "reauthenticate": "organisations.signing_in.second_factor_forms.CodeAgain",
    "reauthenticate_webauthn": "organisations.signing_in.second_factor_forms.PasskeyAgain",
}
# Of whom a second step is required: roles, "regional_admin", "operator", or "all". Demo accounts
# are exempt.
REQUIRE_SECOND_STEP = env.list(
    "REQUIRE_SECOND_STEP", default=["manager", "regional_admin", "operator"]
)
OIDC_PROVIDERS = read_providers(env.str("OIDC_PROVIDERS", default=""))
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "organisations.sign_up.SignUpForm"
ACCOUNT_FORMS = {
    "signup": "organisations.account_forms.SignUp",
    "change_password": "organisations.account_forms.ChangePassword",
    "set_password": "organisations.account_forms.SetPassword",
    "reset_password_from_key": "organisations.account_forms.ResetPassword",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# How long a sign-in, or an answer, counts before one decides who can get at what.
CONFIRM_AGAIN_SECONDS = 15 * 60
# Counted in the cache, which all web processes share. An organisation's people often share
# one address, so limits by address are wide and those by account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip,600/h/ip",
    # By account: wrong passwords, and wrong codes of the second step.
    "login_failed": "5/5m/key,30/h/key",
    "signup": "20/m/ip,100/h/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "oidc": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user,20/h/user",
    "your_details": "10/m/ip,40/h/ip",
    # Calendar programs: one service's machines ask for many people, each feed a few times an hour.
    "calendar_feed_by_address": "600/m/ip",
    "calendar_feed": "60/5m/key",
    "calendar_feed_unknown": "30/m/ip,120/h/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
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
# Where files that people bring in are kept: a folder of this machine, unless another storage that
# Django knows is named (docs/running.md). They are never served from there: views ask who may.
LOCAL_FILES = "django.core.files.storage.FileSystemStorage"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {
        "BACKEND": env.str("FILES_STORAGE", default=LOCAL_FILES),
        "OPTIONS": env.json("FILES_STORAGE_OPTIONS", default={"location": str(home() / "files")}),
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Every e-mail goes through the outbox; its worker hands messages to this backend.
EMAIL_FROM_NAME = env.str("EMAIL_FROM_NAME", default="Tandem")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tandem <no-reply@tandem.example>")
MAIL_FOLDER = home() / "mail"
# GOV.UK Notify instead of a mail server, by EMAIL_URL=notify:// (docs/notify.md).
NOTIFY_API_URL = env.str("NOTIFY_API_URL", default="https://api.notifications.service.gov.uk")
NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", default="")
NOTIFY_TEMPLATE_ID = env.str("NOTIFY_TEMPLATE_ID", default="")
NOTIFY_REPLY_TO_ID = env.str("NOTIFY_REPLY_TO_ID", default="")
NOTIFY_CALLBACK_TOKEN = env.str("NOTIFY_CALLBACK_TOKEN", default="")
if os.environ.get("EMAIL_URL", "").startswith("notify:"):
    EMAIL_BACKEND = "organisations.outbox.notify.backend.NotifyBackend"
elif "EMAIL_URL" in os.environ:
    vars().update(env.email_url("EMAIL_URL"))
elif EMBEDDED:
    EMAIL_BACKEND = "organisations.outbox.mail_folder.MailFolderBackend"
else:
    required("EMAIL_URL", "smtp://user:password@host:587, or notify:// for GOV.UK Notify")
EMAIL_TIMEOUT = 20
# The mailbox of DEFAULT_FROM_EMAIL, in which answers and returned e-mail arrive (docs/inbox.md):
# imaps://user:password@host/INBOX or maildir:///folder. Empty: nothing is read.
INBOX_URL = env.str(
    "INBOX_URL",
    default=f"maildir://{home() / 'inbox'}" if EMBEDDED and "EMAIL_URL" not in os.environ else "",
)
INBOX_BEAT_SECONDS = 60.0
# From then on, a mailbox that was not read means that answers are late: /readyz says so.
INBOX_BEHIND_MINUTES = env.float("INBOX_BEHIND_MINUTES", default=15)

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# However long the broker is away, the worker waits for it.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
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
# From then on, something due and not sent means that reminders are behind: /readyz says so.
OUTBOX_BEHIND_MINUTES = env.float("OUTBOX_BEHIND_MINUTES", default=15)
# Who may read /metrics: whoever sends the token, from one of these addresses or networks. What
# is set has to hold; with neither, there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_ADDRESSES = [
    ipaddress.ip_network(each.strip()) for each in env.list("METRICS_ADDRESSES", default=[])
]
# Whether the worker reads calendars at addresses that organisations give: connections going out.
CALENDARS_FROM_ADDRESSES = env.bool("CALENDARS_FROM_ADDRESSES", default=True)
# For the tests alone, whose web server is on this machine: no environment variable sets it.
CALENDARS_AT_LOOPBACK: bool = False
# Where the worker fetches official files from, once a day; from nowhere unless it is said.
# `{day}` in an address stands for the day, as 20261123.
OFFICIAL_URLS = {
    "gias": env.list("OFFICIAL_GIAS_URLS", default=[]),
    "ods": env.list("OFFICIAL_ODS_URLS", default=[]),
}
# For the tests alone, whose web server has no certificate: no environment variable sets it.
OFFICIAL_AT_LOOPBACK: bool = False
CELERY_BEAT_SCHEDULE = {
    "send-due-mail": {"task": "organisations.tasks.send_due_mail", "schedule": OUTBOX_BEAT_SECONDS},
    "read-inbox": {"task": "organisations.tasks.read_inbox", "schedule": INBOX_BEAT_SECONDS},
    "make-exports": {"task": "organisations.tasks.make_exports", "schedule": 30.0},
    "remove-old-exports": {"task": "organisations.tasks.remove_old_exports", "schedule": 3600.0},
    "work-on-sheets": {"task": "contacts.sheets.tasks.work_on_sheets", "schedule": 30.0},
    "remove-old-sheet-rows": {"task": "contacts.sheets.tasks.remove_old_rows", "schedule": 3600.0},
    "work-on-official-files": {
        "task": "contacts.official.tasks.work_on_official_files",
        "schedule": 30.0,
    },
    # Each address once a day; the database says which are due.
    "fetch-official-files": {
        "task": "contacts.official.tasks.fetch_official_files",
        "schedule": 3600.0,
    },
    "remove-old-official-files": {
        "task": "contacts.official.tasks.remove_old_official_files",
        "schedule": 3600.0,
    },
    "remove-old-history-rows": {
        "task": "overview.history_import.tasks.remove_old_rows",
        "schedule": 3600.0,
    },
    "check-directory": {"task": "contacts.tasks.check_directory", "schedule": 600.0},
    "anonymise-directory": {"task": "contacts.tasks.anonymise_directory", "schedule": 21600.0},
    "follow-meetings": {"task": "partnerships.agenda.tasks.follow_meetings", "schedule": 300.0},
    "ask-digests": {"task": "overview.tasks.ask_digests", "schedule": 300.0},
    # Each address once an hour; the database says which are due.
    "read-calendars": {"task": "calendars.tasks.read_calendars", "schedule": 300.0},
    "apply-reorganisations": {
        "task": "organisations.tasks.apply_reorganisations",
        "schedule": 300.0,
    },
    "heartbeat": {"task": "organisations.tasks.heartbeat", "schedule": 5.0},
}

LOGGING_CONFIG = "config.logs.configure"
LOGGING = {"format": env.str("LOG_FORMAT", default="console" if EMBEDDED else "json")}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
