"""Mode, faces, places, secrets and the brand; all other settings begin from these."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.FileAwareEnv()

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

BRAND = {
    "name": env("BRAND_NAME", default="Customs Cooperation"),
    "administration": env("BRAND_ADMINISTRATION", default="National Customs Administration"),
    "country": env("BRAND_COUNTRY", default="SE"),
    "logo": env("BRAND_LOGO", default=""),
    "colour": env("BRAND_COLOUR", default="#1f4e79"),
    "hotline": env("BRAND_HOTLINE", default="+00 000 00 00"),
    "contact": env("BRAND_CONTACT", default="cooperation@customs.example"),
}
