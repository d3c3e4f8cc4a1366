"""All settings: safe defaults for development, loud failure for a missing production secret."""

import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# --- Mode and faces -------------------------------------------------------------------------

MODE = env("PORTAL_MODE", default="development")
if MODE not in {"development", "demonstration", "production"}:
    raise ImproperlyConfigured(
        f"PORTAL_MODE is {MODE!r}; set it to development, demonstration or production."
    )
PRODUCTION = MODE == "production"
DEMONSTRATION = MODE == "demonstration"
FACES = frozenset(env.list("PORTAL_FACES", default=["intake", "site", "office"]))
if not FACES <= {"intake", "site", "office"} or not FACES:
    raise ImproperlyConfigured(
        "PORTAL_FACES is a comma-separated choice of intake, site and office."
    )
FACE = next(iter(FACES)) if len(FACES) == 1 else "all"

VAR = Path(env("PORTAL_VAR", default=str(BASE_DIR / "var")))
for folder in ("files", "keys", "mail", "broker", "log", "static"):
    (VAR / folder).mkdir(parents=True, exist_ok=True, mode=0o700)


def secret(name: str) -> str:
    """A secret from NAME or NAME_FILE; outside production one is made once and kept in var/keys."""
    value = str(env(name, default="")).strip()
    if PRODUCTION and value and min(len(key.strip()) for key in value.split(",")) < 32:
        raise ImproperlyConfigured(f"{name} is too short: give 32 random characters or more.")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(
            f"Set {name} or {name}_FILE: production starts without no secret."
        )
    path = VAR / "keys" / name.lower()
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


def required_in_production(name: str, default: str) -> str:
    """A setting that production must be told; elsewhere the default serves."""
    if PRODUCTION and not env(name, default=""):
        raise ImproperlyConfigured(f"Set {name}: production has no default for it.")
    return str(env(name, default=default))


DEBUG = env.bool("DEBUG", default=False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG is refused in production.")
SECRET_KEY = secret("SECRET_KEY")
FIELD_KEY = secret("FIELD_KEY")

SITE_URL = required_in_production("SITE_URL", "http://localhost:8000").rstrip("/")
OFFICE_URL = env("OFFICE_URL", default=SITE_URL).rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL, OFFICE_URL])

# --- Brand ----------------------------------------------------------------------------------

BRAND = {
    "name": env("BRAND_NAME", default="Customs Cooperation"),
    "administration": env("BRAND_ADMINISTRATION", default="National Customs Administration"),
    "country": env("BRAND_COUNTRY", default="SE"),
    "logo": env("BRAND_LOGO", default=""),
    "colour": env("BRAND_COLOUR", default="#1f4e79"),
    "hotline": env("BRAND_HOTLINE", default="+00 000 00 00"),
    "contact": env("BRAND_CONTACT", default="cooperation@customs.example"),
}

# --- Parts ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "mou.apps.MouConfig",
    "partners.apps.PartnersConfig",
    "reporting.apps.ReportingConfig",
    "portal.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "captcha",
    "django_countries",
    "csp",
]

MIDDLEWARE = [
    "portal.middleware.IntakeMiddleware",
    "portal.public_pages.PublicPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database, cache, broker ----------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}")}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    if PRODUCTION:
        raise ImproperlyConfigured("Set DATABASE_URL: production runs on PostgreSQL.")
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
    # Tests use a file as well: workers in other processes must see what the test wrote.
    DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# SQLite's too: whoever closes the last one writes everything back into the main file.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("Set REDIS_URL: production runs on Redis.")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "portal_cache",
        }
    )
}

CELERY_BROKER_URL = REDIS_URL or "wholefiles://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 300,
        "socket_connect_timeout": 1,
        "max_retries": 0,
        "socket_timeout": 2,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker" / "control"),
        "polling_interval": 0.05,
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    # A tick that no worker took in time is dropped: the next one does the same work.
    **{
        f"deliver what is open: {queue}": {
            "task": "portal.tasks.deliver_open",
            "schedule": 5.0,
            "args": [queue],
            "options": {"queue": queue, "expires": 5},
        }
        for queue in ("default", "pdf")
    },
    "clear what is old": {"task": "portal.tasks.clear_old", "schedule": 24 * 3600.0},
    "clear challenges": {"task": "portal.tasks.clear_challenges", "schedule": 300.0},
    "seal the audit log": {"task": "portal.tasks.seal_audit", "schedule": 60.0},
    "stamp the audit head": {"task": "portal.tasks.stamp_audit", "schedule": 3600.0},
    "sweep agreements": {"task": "mou.tasks.sweep", "schedule": 30.0},
    "send offers that are due": {"task": "mou.tasks.send_due_offers", "schedule": 900.0},
    "drop lists that nobody confirmed": {
        "task": "mou.tasks.drop_abandoned_imports",
        "schedule": 86_400.0,
    },
    "erase old expressions of interest": {
        "task": "mou.tasks.erase_interests",
        "schedule": 86_400.0,
    },
    "keep archived agreements": {"task": "mou.tasks.preserve", "schedule": 3600.0},
    "lead agreements on": {"task": "mou.tasks.lead_on", "schedule": 900.0},
    "lead posts abroad on": {"task": "partners.tasks.lead_posts_on", "schedule": 3600.0},
    "find reports that are late": {"task": "reporting.tasks.find_late", "schedule": 60.0},
    "send the digest at its time": {
        "task": "reporting.tasks.send_digest",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear drafts and what else lasts minutes": {
        "task": "reporting.tasks.clear_short_lived",
        "schedule": 300.0,
    },
    "send the digest of notices": {"task": "partners.tasks.send_notices", "schedule": 900.0},
    "erase old enquiries": {"task": "partners.tasks.erase_old", "schedule": 3600.0},
    "remind of answers to partners": {"task": "partners.tasks.remind_due", "schedule": 60.0},
    "keep and erase exchanges": {"task": "partners.tasks.retain_exchanges", "schedule": 900.0},
    "keep and erase reports": {"task": "reporting.tasks.retain", "schedule": 900.0},
    "keep the directory true": {"task": "partners.tasks.keep_directory", "schedule": 3600.0},
}
# A claim on an outbox row outlives the task's own time limit, so no work runs twice at once.
OUTBOX_CLAIM_SECONDS = env.int("OUTBOX_CLAIM_SECONDS", default=130)
# How long what is kept for a while is kept.
RETENTION_DAYS = {
    "outbox": env.int("RETENTION_OUTBOX_DAYS", default=90),
    "audit": env.int("RETENTION_AUDIT_DAYS", default=3 * 366),
    # Words of a firm's enquiry, after it was closed.
    "enquiry": env.int("RETENTION_ENQUIRY_DAYS", default=2 * 365),
}

# --- People ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["portal.faces.FaceBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"

ACCOUNT_ADAPTER = "portal.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "add_email": "portal.account_forms.NewAddressForm",
    "login": "portal.account_forms.SignInForm",
    "reset_password": "portal.account_forms.ForgottenPasswordForm",
    "signup": "portal.account_forms.SignUpForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    # The key is address and account together: nobody can lock somebody else out from afar.
    "login_failed": "30/m/ip,8/5m/key",
    "codes_here": "6/5m/key",
    # Guessing codes from many addresses takes the password first; passkeys go on working.
    "codes_anywhere": "30/h/key",
}
# How many proxies of our own stand in front and may be believed about the client's address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_ADAPTER = "portal.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "portal.account_forms.ActivateCodesForm",
    "add_webauthn": "portal.account_forms.AddPasskeyForm",
    "authenticate": "portal.account_forms.CodeForm",
    "reauthenticate": "portal.account_forms.CodeAgainForm",
    "authenticate_webauthn": "portal.account_forms.PasskeyForm",
    "login_webauthn": "portal.account_forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "portal.account_forms.PasskeyAgainForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
# A second factor reset waits this long after its second approval, then can be used for a day.
RECOVERY_WAIT_MINUTES = env.int("RECOVERY_WAIT_MINUTES", default=1 if DEMONSTRATION else 24 * 60)
RECOVERY_LASTS_HOURS = 24

SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_NAME = f"portal_{FACE}" if not PRODUCTION else f"__Host-portal_{FACE}"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = f"portal_{FACE}_csrf" if not PRODUCTION else f"__Host-portal_{FACE}_csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.rescue.stale"

# --- Language, time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("sv", _("Swedish")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env("TIME_ZONE", default="Europe/Stockholm")
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["portal.formats"]

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    folder for folder in (BASE_DIR / "static", BASE_DIR / "static-build") if folder.exists()
]
STORAGES = {
    "default": {
        "BACKEND": "portal.files.AtomicFileStorage",
        "OPTIONS": {"location": str(VAR / "files"), "shared": PRODUCTION},
    },
    "staticfiles": {
        "BACKEND": env(
            "STATICFILES_BACKEND",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage"
            if MODE != "development"
            else "django.contrib.staticfiles.storage.StaticFilesStorage",
        )
    },
}
WHITENOISE_USE_FINDERS = MODE == "development"
# How long a page that is the same for everyone is kept; whoever changes one wants to see it.
PUBLIC_PAGES_SECONDS = env.int("PUBLIC_PAGES_SECONDS", default=0 if MODE == "development" else 60)

# --- Mail -----------------------------------------------------------------------------------

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION or env("EMAIL_HOST", default="")
    else "portal.mail.FolderBackend"
)
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=PRODUCTION)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = required_in_production(
    "DEFAULT_FROM_EMAIL", "Customs Cooperation <cooperation@customs.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Security -------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # The browsers' preload list takes a whole domain for good: its owner decides, not we.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# --- Forms ----------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"

# --- Keys and time stamps -------------------------------------------------------------------

KEY_BACKEND = required_in_production("KEY_BACKEND", "embedded")
if PRODUCTION and KEY_BACKEND == "embedded":
    raise ImproperlyConfigured(
        "KEY_BACKEND embedded is for development: set pkcs12 or pkcs11 in production."
    )
AUTHORITY_PORT = env.int("AUTHORITY_PORT", default=3180)
TIMESTAMP_URL = required_in_production("TIMESTAMP_URL", f"http://127.0.0.1:{AUTHORITY_PORT}/tsa")
# What signatures and time stamps must lead back to; public, so that every face can verify.
KEY_ROOTS_FILE = required_in_production(
    "KEY_ROOTS_FILE", str(VAR / "keys" / "authority" / "root.pem")
)
TIMESTAMP_ROOTS_FILE = env("TIMESTAMP_ROOTS_FILE", default=KEY_ROOTS_FILE)
# Read by mou/keys.py in the document worker alone: the other faces need and get none of these.
KEY_SEAL = env("KEY_SEAL", default="")  # PKCS#12 file, or label in the module
KEY_ISSUING = env("KEY_ISSUING", default="")  # the same
KEY_PASSPHRASE = env("KEY_PASSPHRASE", default="")  # of the files, or PIN of the module
KEY_CRL_URL = env("KEY_CRL_URL", default="")  # revocation list of the issuing authority
PKCS11_MODULE = env("PKCS11_MODULE", default="")
PKCS11_TOKEN = env("PKCS11_TOKEN", default="")

# --- Sealed reports -------------------------------------------------------------------------

# Which public keys are believed: signed offline by the key whose public half is PINS_ROOT.
PINS_FILE = env("PINS_FILE", default=str(VAR / "keys" / "pins.json"))
PINS_ROOT = required_in_production("PINS_ROOT", "")
# clamd, by the path of its socket or as host:port; empty: files are taken unscanned, and say so.
SCANNER_SOCKET = env("SCANNER_SOCKET", default="")

# Officers get one letter a day at this time by the clock on the wall, whatever happened.
DIGEST_AT = env("DIGEST_AT", default="07:00")

# --- Anonymous forms ------------------------------------------------------------------------

# Only for pages of intake, never sent to another; a draft's key, and a firm's own reports.
REPORT_COOKIE_NAME = "__Secure-report" if PRODUCTION else "report"
OURS_COOKIE_NAME = "__Secure-ours" if PRODUCTION else "ours"
INBOX_COOKIE_NAME = "__Secure-inbox" if PRODUCTION else "inbox"
# What a request to /report/ keeps of its cookies.
INTAKE_COOKIES = {REPORT_COOKIE_NAME, OURS_COOKIE_NAME, INBOX_COOKIE_NAME, "django_language"}

# Where the quick exit leads: a page that nobody wonders about.
INTAKE_EXIT_URL = env("INTAKE_EXIT_URL", default="https://www.wikipedia.org/")
# What the files of all drafts may take up together; when it is full, text still comes in.
INTAKE_QUOTA_BYTES = env.int("INTAKE_QUOTA_BYTES", default=2 * 1024**3)

CAPTCHA_CHALLENGE_FUNCT = "portal.challenges.code"
CAPTCHA_TIMEOUT = 10  # minutes
# Quicker than this nobody reads a picture and types it: seconds with proof of work, and without.
CHALLENGE_SECONDS = (2, 4)
# From how many (challenges shown, wrong, solved: each in minutes past, fading) they get harder.
CHALLENGE_FLOOD = env.list("CHALLENGE_FLOOD", cast=int, default=[300, 1500, 6000])
CHALLENGE_BUCKET_FLOOD = env.list("CHALLENGE_BUCKET_FLOOD", cast=int, default=[60, 200, 600])
# The program that speaks; without it people are offered a question in words.
VOICE_PROGRAM = env("VOICE_PROGRAM", default="espeak-ng")

# --- Agreements ------------------------------------------------------------------------------

# How long a firm may ask for a review of a refusal.
INTEREST_REVIEW_DAYS = env.int("INTEREST_REVIEW_DAYS", default=60)
# A review is opened so many days before it is due.
AGREEMENT_REVIEW_DAYS = env.int("AGREEMENT_REVIEW_DAYS", default=90)
# A firm that has not acknowledged an alert is reminded once after so many days.
ALERT_REMINDER_DAYS = env.int("ALERT_REMINDER_DAYS", default=7)
# The offer to take a firm over ends after so many days.
HANDOVER_DAYS = env.int("HANDOVER_DAYS", default=14)
# Contacts of an agreement are confirmed again after so many days (domain: six months).
AGREEMENT_CONTACT_CONFIRM_DAYS = env.int("AGREEMENT_CONTACT_CONFIRM_DAYS", default=183)
# An entry of the directory of partners is to be found true again after so many months.
DIRECTORY_REVIEW_MONTHS = env.int("DIRECTORY_REVIEW_MONTHS", default=6)
# What names a person there is erased so many months after the end of the role (domain: policy).
DIRECTORY_HOLDER_MONTHS = env.int("DIRECTORY_HOLDER_MONTHS", default=12)
# House policy: notes of meetings, notices and ended subscriptions go so many months afterwards.
ENGAGEMENT_MONTHS = env.int("ENGAGEMENT_MONTHS", default=36)
NOTICE_MONTHS = env.int("NOTICE_MONTHS", default=24)
SUBSCRIPTION_MONTHS = env.int("SUBSCRIPTION_MONTHS", default=12)
# Figures that the templates' clauses name as {notice_days} and the like (domain: policy).
AGREEMENT_PLACES = {
    "notice_days": env("AGREEMENT_NOTICE_DAYS", default="90"),
    "contact_days": env("AGREEMENT_CONTACT_DAYS", default="10"),
    "feedback_days": env("AGREEMENT_FEEDBACK_DAYS", default="30"),
    "review_months": env("AGREEMENT_REVIEW_MONTHS", default="12"),
}

# Lists of certificates: larger ones are refused before they are read.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=10_000_000)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=20_000)
# The Commission's service for EORI numbers; empty: they are checked by hand only.
EORI_SERVICE_URL = env("EORI_SERVICE_URL", default="")
EORI_SERVICE_SECONDS = env.float("EORI_SERVICE_SECONDS", default=10.0)
# A list that nobody confirmed is dropped after so many days.
IMPORT_KEPT_DAYS = env.int("IMPORT_KEPT_DAYS", default=30)

# --- Logs -----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "filters": {"intake": {"()": "portal.quiet.QuietFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["intake"],
        }
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # No request is mailed to anyone: error mail would carry what people typed.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": ["console"], "propagate": False},
        # Says every step of a rendering, and every signature that is not good.
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
        # A path may hold a link that opens something: nobody reads what was not found or refused.
        "django.request": {"level": "ERROR" if PRODUCTION else "WARNING"},
        "django.security.csrf": {"level": "ERROR" if PRODUCTION else "WARNING"},
    },
}
