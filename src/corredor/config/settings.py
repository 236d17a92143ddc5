"""Corredor's settings. What differs between installations comes from the environment; ``corredor doctor`` explains it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF

from corredor.config import environment as env
from corredor.config import languages

MODE = env.mode()
HOME = env.home()
IS_DEMO = MODE == "demo"
IS_PRODUCTION = MODE == "production"
DEBUG = False
SECRET_KEY = env.secret_key(HOME)

# Where it is reached. Behind a proxy, CORREDOR_ORIGIN is the address people see.
ORIGIN = env.text("ORIGIN")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []
IS_SECURE = ORIGIN.startswith("https://")
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

KERNEL = [
    "countries",
    "organisations",
    "people",
    "tokens",
    "installation",
    "audit",
    "events",
    "jobs",
    "messages",
    "documents",
]
AREAS = ["flows", "foresight"]
PAGES = [
    "layout",
    "components",
    "home",
    "account",
    "account.tokens",
    "flows",
    "flows.working",
    "foresight",
    "documents",
    "people",
    "operations",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    *(f"corredor.kernel.{name}" for name in KERNEL),
    *(f"corredor.areas.{name}" for name in AREAS),
    *(f"corredor.interfaces.web.{name}" for name in PAGES),
    "corredor.interfaces.api",
    # After ours, whose templates and Spanish words take the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "corredor.interfaces.web.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "corredor.interfaces.web.operations.session_trail.SessionTrail",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "corredor.interfaces.web.access.ActorAndLanguage",
    "corredor.interfaces.web.access.DenyByDefault",
]

ROOT_URLCONF = "corredor.config.urls"
ASGI_APPLICATION = "corredor.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "corredor.interfaces.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

# Data. SQLite in the installation's folder unless a database is named.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.database(env.text("DATABASE_URL") or f"sqlite://{HOME / 'corredor.sqlite'}"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Wrong passwords are counted here: with Django's room for 300 entries, other visitors' would push the counts out.
_ROOM = {"MAX_ENTRIES": 100_000}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": _ROOM,
    },
    # Counts of requests: shared by all processes where the database takes many writers at once.
    "counters": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": _ROOM,
    }
    if DATABASES["default"]["ENGINE"].endswith("postgresql")
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "counters",
        "OPTIONS": _ROOM,
    },
    # Rendered pictures and other things that may be made again: each process keeps its own.
    "pictures": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pictures",
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}
MEDIA_ROOT = HOME / "documents"
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["corredor.interfaces.web.bounded_uploads.BoundedUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
IMPORT_MAX_BYTES = 200_000_000
API_REQUESTS_PER_MINUTE = {"public": 120, "known": 600}

# Durable jobs keep their own database, on the same engine.
JOBS_DATABASE_URL = env.text("JOBS_DATABASE_URL")

# Languages: two, equal. Moments are stored in UTC and shown in the reader's zone.
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "corredor_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
LOCALE_PATHS = [languages.PACKAGE / "locale"]
languages.compile_outdated()
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: in production gathered by ``corredor migrate``, named by their content and compressed; otherwise
# served from where they lie.
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [languages.PACKAGE / "interfaces" / "web" / "static"]
_STATIC_STORAGE = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if IS_PRODUCTION
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = False

# Who signs in, and how. Accounts are opened by the secretariat; nobody signs up.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["corredor.interfaces.web.account.backend.SignIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "corredor.interfaces.web.account.adapters.AccountAdapter"
_FORMS = "corredor.interfaces.web.account.forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.SignInForm",
    "reauthenticate": f"{_FORMS}.ConfirmForm",
    "reset_password": f"{_FORMS}.ForgottenForm",
    "reset_password_from_key": f"{_FORMS}.PasswordByLinkForm",
    "change_password": f"{_FORMS}.NewPasswordForm",
    "set_password": f"{_FORMS}.FirstPasswordForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.SecondStepForm",
    "reauthenticate": f"{_FORMS}.ConfirmByCodeForm",
    "activate_totp": f"{_FORMS}.AppForm",
    "add_webauthn": f"{_FORMS}.AddKeyForm",
    "edit_webauthn": f"{_FORMS}.NameKeyForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Corredor · "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays; the others end with the old password
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
# Counted in the shared cache, so that every process counts the same attempts; per connection and per account.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY") else 0
MFA_ADAPTER = "corredor.interfaces.web.account.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the secretariat knows the addresses it opens accounts for
MFA_TOTP_ISSUER = "Corredor"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_SECURE
USERSESSIONS_TRACK_ACTIVITY = True
SECOND_STEP_ROLES = (
    env.words("SECOND_STEP_ROLES", "secretariat presidency data_protection_officer delegate")
    if env.flag("SECOND_STEP", default=not IS_DEMO)
    else []
)

# A ministry's or an organisation's own sign-in, by OpenID Connect. Only addresses that have an account enter.
OIDC_ISSUER = env.text("OIDC_ISSUER")
SOCIALACCOUNT_ADAPTER = "corredor.interfaces.web.account.adapters.InstitutionAdapter"
SOCIALACCOUNT_PROVIDERS = env.openid_connect()
SOCIALACCOUNT_STORE_TOKENS = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        # Browsers also hold the redirection after a form to this list: the way to the institution's own sign-in.
        "form-action": [SELF, *env.openid_connect_origins()],
        "frame-ancestors": [NONE],
    },
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Words to people. Without a mail server they land in the outbox page.
SMTP_URL = env.text("SMTP_URL")
MAIL_FROM = env.text("MAIL_FROM", "Corredor <corredor@localhost>")
DEFAULT_FROM_EMAIL = MAIL_FROM
EMAIL_BACKEND = "corredor.kernel.messages.adapters.AccountMailBackend"

LOGGING_CONFIG = "corredor.config.logs.configure"
LOGGING = {"level": env.text("LOG_LEVEL", "INFO"), "json": env.flag("LOG_JSON", default=IS_PRODUCTION)}

# Borders are political: a deployment may put its own geometry and disclaimer in place of the shipped ones.
MAP_GEOMETRY = env.text("MAP_GEOMETRY")
VERSION = "0.1.0"
