"""What the portal speaks to: database, cache, mail."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import PRODUCTION, VAR, env, required_in_production

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
