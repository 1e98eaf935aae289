"""One file, read from top to bottom; places differ only by environment variables (.env.example)."""

import os
import sys
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import django.conf.locale
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import caching, logs
from config.env import Environment
from config.sockets import socket_path

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Environment(VAR_DIR / "env")

DEBUG = env.debug
TESTING = (
    "pytest" in sys.modules or "UNDERSIGNED_TESTING" in os.environ
)  # the latter in processes that tests start
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.texts("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]", needed=True)
SITE_URL = env.text("SITE_URL", default="http://localhost:8000", needed=True).rstrip("/")
SITE_NAME = "Undersigned"

if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).netloc:
    raise ImproperlyConfigured("SITE_URL must be a full address such as https://letters.example.")

# Keys: what is sealed, looked up, linked and signed with (vault/, signatories/tokens.py, enrolled/roll.py)
FIELD_KEYS = env.keys("FIELD_KEYS")
INDEX_KEY = env.keys("INDEX_KEY")[0]
TOKEN_KEYS = env.keys("TOKEN_KEYS")
ROLL_KEY = env.keys("ROLL_KEY")[0]

INSTALLED_APPS = [
    "config",
    "vault",
    "accounts",
    "outbox",
    "letters",
    "scrutiny",
    "organisations",
    "logos",
    "signatories",
    "search",
    "spaces",
    "merges",
    "invalidations",
    "invitations",
    "updates",
    "deliveries",
    "answers",
    "exports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "config.middleware.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.LanguageFromPath",
    "config.middleware.Switches",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.StaffSessions",
    "accounts.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Data. A connection is kept: opening one per request costs eight times the page.
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'undersigned.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith(".sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        # seconds, 0 is for ever; config/wsgi.py has the web server's
        "options": f"-c lock_timeout={env.number('LOCK_TIMEOUT', default=0)}s "
        f"-c statement_timeout={env.number('STATEMENT_TIMEOUT', default=0)}s",
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Broker (database 0) and cache (database 1) of one Redis, as one user or as two
REDIS_URL = env.text("REDIS_URL", default=f"unix://{socket_path(VAR_DIR)}" if DEBUG else None)
CELERY_BROKER_URL = REDIS_URL.replace("unix:", "redis+socket:", 1)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("CACHE_URL", default=caching.location(REDIS_URL)),
        "KEY_PREFIX": "undersigned",
        "OPTIONS": {
            "serializer": "config.caching.JSONSerializer",
            # a cache that hangs is as good as none: the page is made instead
            "socket_connect_timeout": 0.5,
            "socket_timeout": 0.5,
        },
    }
}

# Mail: what is posted waits in the outbox, whoever posts it, and leaves by EMAIL_URL
EMAIL_URL = env.text("EMAIL_URL", default=f"box://{VAR_DIR / 'mail'}", needed=True)
EMAIL_BACKEND = "outbox.backends.OutboxBackend"
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", default="Undersigned <letters@undersigned.example>", needed=True
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where deliveries come back to: each has a return path of its own, bounces+d…@
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS", default="")
# The mailbox that they come back to, if the site is to read it
IMAP_URL = env.text("IMAP_URL", default="")
# What a mail provider reports by HTTP (deliveries/returns/hooks.py)
PROVIDER_WEBHOOK = env.text("PROVIDER_WEBHOOK", default="")
CONTACT_ADDRESS = env.text("CONTACT_ADDRESS", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
MAIL_PER_HOUR = env.number("MAIL_PER_HOUR", default=20_000)
# The worker asks the DNS whether an address can get mail, of these servers or of the machine's
MAIL_DOMAINS_LOOKED_UP = not DEBUG and not TESTING
DNS_SERVERS = env.texts("DNS_SERVERS", default="")
# Lists of networks that a score looks at (scrutiny/hosting.py)
HOSTING_NETWORKS = env.text("HOSTING_NETWORKS", default="")
TOR_NETWORKS = env.text("TOR_NETWORKS", default="")
OUTBOX_LEASE = timedelta(seconds=env.number("OUTBOX_LEASE", default=120))

# Languages. English has no prefix; Dari is spoken of as fa-AF to browsers.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ur", _("Urdu")), ("prs", _("Dari")), ("ps", _("Pashto"))]
HTML_LANGUAGES = {"prs": "fa-AF"}
LANGUAGES_BIDI = ["ur", "prs", "ps", "ar", "he", "fa"]
django.conf.locale.LANG_INFO |= {
    "prs": {"bidi": True, "code": "prs", "name": "Dari", "name_local": "دری"},
    "ps": {"bidi": True, "code": "ps", "name": "Pashto", "name_local": "پښتو"},
}
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Staff sign in with e-mail, password and a second factor, or with a passkey; nobody signs up. Until a second
# factor is set up a mailed code follows the password, and leads no further than to setting it up.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:letters"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code that follows every password is mailed there
ACCOUNT_LOGIN_BY_CODE_ENABLED = False  # never by the code alone
ACCOUNT_LOGIN_BY_CODE_REQUIRED = {"password"}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=10).total_seconds())
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False  # a new password is no way around the code
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=5).total_seconds())
MFA_ADAPTER = "accounts.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who was invited has set the password by a mailed link
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://localhost
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=24).total_seconds())
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())  # of rest, see accounts/middleware.py
MESSAGE_STORAGE = "accounts.messages.SealedStorage"

# Headers (SafeHeaders adds the rest)
SECURE_HTTPS = urlsplit(SITE_URL).scheme == "https"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = SECURE_HTTPS and not DEBUG
TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "__Host-sid" if SECURE_HTTPS else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50

# Celery is a nudge: rows in the database are the truth (outbox/, deliveries/)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 30,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
}
CELERY_TIMEZONE = "UTC"

# Logs: one line per thing that happened, ids and counts only
LOGGING = logs.configuration(readable=DEBUG)
LOGGING_CONFIG = "config.logs.configure"
SENTRY_DSN = env.text("SENTRY_DSN", default="")

OPERATOR_MAY_RELEASE = env.yes_or_no("OPERATOR_MAY_RELEASE", default=False) or DEBUG
PDF_CERTIFICATE = env.text("PDF_CERTIFICATE", default=str(VAR_DIR / "certificate.p12"))
# Fonts besides those we ship: a folder, looked into with those below it
PAPER_FONTS = env.text("PAPER_FONTS", default="")
# Who stamps signed papers with the time (RFC 3161)
TSA_URL = env.text("TSA_URL", default="")
