"""The bare page's settings with the parts that a path of forms needs."""

import os

from bench.bare.settings import *  # noqa: F403
from bench.bare.settings import INSTALLED_APPS, TEMPLATES

ROOT_URLCONF = "bench.bare_path.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "captcha", "bench.bare_path"]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [], "APP_DIRS": True}]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("BARE_PATH_DATABASE", ":memory:"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CAPTCHA_IMAGE_SIZE = (240, 80)
