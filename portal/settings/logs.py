"""What is logged, and what never is."""

from portal.settings.base import PRODUCTION, env

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
