"""The one settings file: every value comes from the environment through a typed reader that fails loudly.

Names of the variables and what they mean stand in docs/operator.md.
"""

import secrets
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from sapa.core.environment import Environment

env = Environment()

PACKAGE = Path(__file__).resolve().parent
DATA = Path(env.text("SAPA_DATA", str(Path.cwd() / "var")))
DATA.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key of this installation: from the environment, else made once and kept beside the data."""
    given: str = env.text("SAPA_SECRET_KEY", "")
    if given:
        return given
    kept = DATA / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = env.switch("SAPA_DEBUG", default=False)
DEMO = env.switch("SAPA_DEMO", default=False)
DEMO_NOW = env.text("SAPA_DEMO_NOW", "")
HTTPS = env.switch("SAPA_HTTPS", default=False)
ALLOWED_HOSTS = env.words("SAPA_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.words("SAPA_TRUSTED_PROXIES", default=[])
PUBLIC_URL = env.text("SAPA_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
REDIS_URL = env.text("REDIS_URL", "")
# Zoom's documented addresses; another one only where a gateway of one's own stands in between.
ZOOM_API = env.text("SAPA_ZOOM_API", "https://api.zoom.us/v2").rstrip("/")
ZOOM_OAUTH = env.text("SAPA_ZOOM_OAUTH", "https://zoom.us/oauth/token")
# The WebAPI of BPS: its key comes from the developer portal. Between two requests to any source of the catalogue we
# pause for so many seconds.
WEBAPI_KEY = env.text("SAPA_WEBAPI_KEY", "")
WEBAPI = env.text("SAPA_WEBAPI", "https://webapi.bps.go.id/v1/api").rstrip("/")
SOURCES_PACE = env.number("SAPA_SOURCES_PACE_MS", default=500) / 1000
# Data portals and SDMX services of one's own network; else whoever keeps an office's sources could look around there.
SOURCES_PRIVATE = env.switch("SAPA_SOURCES_PRIVATE", default=False)
SOURCES_TIMEOUT: float = env.number("SAPA_SOURCES_TIMEOUT", default=30, least=1)
WEB_THREADS = env.number("SAPA_WEB_THREADS", default=8, least=1)
# A kiosk that nobody touches goes back to its start after this long and forgets.
KIOSK_IDLE_SECONDS = env.number("SAPA_KIOSK_IDLE_SECONDS", default=60)
WORK_IN_WEB = env.switch("SAPA_WORK_IN_WEB", default=True)
# The largest file that people may send, and where files are kept; whoever scans them for malware.
# Where this machine keeps its search index; what is there is made anew from the database whenever it is lost.
SEARCH_FOLDER: Path | None = DATA / "search"
FILE_LIMIT = env.number("SAPA_FILE_LIMIT_MB", default=10, least=1) * 1024 * 1024
FILES = DATA / "files"
# How many messages one client may send; above it the client is asked to go on a little later.
MESSAGES_A_MINUTE = env.number("SAPA_MESSAGES_A_MINUTE", default=20, least=1)
MESSAGES_AN_HOUR = env.number("SAPA_MESSAGES_AN_HOUR", default=200, least=1)
# How many searches one address may make; a school behind one address is no machine.
SEARCHES_IN_TEN_MINUTES = env.number("SAPA_SEARCHES_IN_TEN_MINUTES", default=1_200, least=10)
CLAMD = env.text("SAPA_CLAMD", "")
BODY_LIMIT = env.number("SAPA_BODY_LIMIT", default=FILE_LIMIT + 2_000_000)
STREAMS_PER_CLIENT = env.number("SAPA_STREAMS_PER_CLIENT", default=50)
STREAMS_TOTAL = env.number("SAPA_STREAMS_TOTAL", default=20_000)

INSTALLED_APPS = [
    "sapa.ui",
    # Before allauth, so that our mails and words come first.
    "sapa.people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "sapa.core",
    "sapa.activity",
    "sapa.offices",
    "sapa.files",
    "sapa.roster",
    "sapa.catalogue",
    "sapa.consultations",
    "sapa.frontdesk",
    "sapa.inbox",
    "sapa.meetings",
    "sapa.feedback",
    "sapa.notifications",
    "sapa.reports",
    "sapa.api",
    "sapa.pages",
    "sapa.demo",
]

MIDDLEWARE = [
    "sapa.core.addresses.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sapa.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sapa.core.plain_text.PlainTextMiddleware",
    "sapa.people.access.AccessMiddleware",
]

ROOT_URLCONF = "sapa.urls"
WSGI_APPLICATION = "sapa.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "sapa.ui.forms.Renderer"

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{DATA / 'sapa.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "sapa.core.sqlite"
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # A write transaction takes the lock at its beginning: it waits its turn instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # It counts how often somebody did something: a count that is dropped early is no limit.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
    # Without a shared cache the database is the only place that every process sees a sign-out at once.
    SESSION_ENGINE = "sapa.core.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_NAME = "sapa_session"

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["sapa.people.signing_in.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # BSSN 4/2021: at least twelve characters.
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "sapa.people.accounts.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Sapa: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {
    # A whole office stands behind one address; a key is an account together with an address (people/accounts.py).
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "confirm_email": "1/10s/key",
    "request_login_code": "20/m/ip,3/m/key",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sapa"
MFA_ADAPTER = "sapa.people.accounts.MfaAdapter"
# A code by e-mail instead of a password: mail may take its time, so ten minutes and five tries.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
# The office's own sign-in service, for officers only (people/single_sign_on.py).
OIDC_ISSUER = env.address("SAPA_OIDC_ISSUER")
OIDC_IS_SECOND_STEP = env.switch("SAPA_OIDC_IS_SECOND_STEP", default=False)
SOCIALACCOUNT_PROVIDERS = env.sign_in_service()
SOCIALACCOUNT_ADAPTER = "sapa.people.single_sign_on.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False

MAIL = env.mail("EMAIL_URL")
if MAIL:
    vars().update(MAIL)
else:
    EMAIL_BACKEND = "sapa.core.terminal_mail.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("SAPA_EMAIL_FROM", "Sapa <sapa@localhost>")
# The work loop waits for a mail server no longer than this.
EMAIL_TIMEOUT = env.number("SAPA_EMAIL_TIMEOUT", default=15, least=1)

# Web push: our key (made once and kept beside the data when not given) and whom push services write to about it.
VAPID_KEY = env.text("SAPA_VAPID_KEY", "")
VAPID_SUBJECT = env.text("SAPA_VAPID_SUBJECT", "mailto:" + parseaddr(DEFAULT_FROM_EMAIL)[1])
# Only for simulators: push services in a private network and without https.
PUSH_PRIVATE = env.switch("SAPA_PUSH_PRIVATE", default=False)
# Receivers of webhooks in one's own network, also without https. Whoever administers an office could then
# reach into it.
WEBHOOK_PRIVATE = env.switch("SAPA_WEBHOOK_PRIVATE", default=False)

# Name and contact of a visitor are erased this long after the last visit (the guest book's notice says two years).
RETENTION_DAYS = env.number("SAPA_RETENTION_DAYS", default=730, least=1)

# Language and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "sapa_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
# Ids stand in attributes: numbers for people go through the filter `number`.
USE_THOUSAND_SEPARATOR = False

# Static files: hashed names, compressed beforehand, kept by browsers for ever.
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sapa.ui.packing.PackedStorage"},
}

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "sapa_csrf"
CSRF_FAILURE_VIEW = "sapa.ui.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_SSL_REDIRECT = env.switch("SAPA_HTTPS_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Browsers hold a form to this also where its answer leads elsewhere: to the sign-in service.
        "form-action": [
            SELF,
            *env.words("SAPA_OIDC_FORM_TARGETS", default=[OIDC_ISSUER] if OIDC_ISSUER else []),
        ],
        "worker-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "sapa.core.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("SAPA_LOG", "WARNING")},
    "loggers": {
        "sapa": {"level": env.text("SAPA_LOG", "INFO")},
        # They write down whole addresses, and that of the WebAPI holds its key.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
