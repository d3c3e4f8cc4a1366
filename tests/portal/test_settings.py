"""Production starts complete or not at all, and nothing of development starts there."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from setup.test import PRODUCTION
from tests.processes import fresh_settings

FORGOTTEN = ["PORTAL_MODE", "PORTAL_FACES", "DEBUG", "EMAIL_HOST"]


@pytest.fixture
def read(monkeypatch, tmp_path):
    """Reads the settings as a new process would."""

    def read(**environment):
        for name in {*FORGOTTEN, *PRODUCTION}:
            monkeypatch.delenv(name, raising=False)
        for name, value in {"PORTAL_VAR": str(tmp_path), **environment}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return fresh_settings()

    return read


def refused(read, match, **environment):
    with pytest.raises(ImproperlyConfigured, match=match) as caught:
        read(**environment)
    return str(caught.value)


def test_production_with_everything_starts(read):
    assert read(**PRODUCTION)["PRODUCTION"]


@pytest.mark.parametrize(("name", "code"), [("", 0), ("SECRET_KEY", 1)])
def test_process_without_a_secret_ends_at_once(tmp_path, name, code):
    environment = {key: value for key, value in os.environ.items() if key not in FORGOTTEN}
    environment |= PRODUCTION | {"PORTAL_VAR": str(tmp_path)}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment.pop(name, None)
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    assert not any(PRODUCTION[secret] in done.stderr for secret in ("SECRET_KEY", "FIELD_KEY"))


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "FIELD_KEY",
        "SITE_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "DEFAULT_FROM_EMAIL",
        "KEY_BACKEND",
        "TIMESTAMP_URL",
        "KEY_ROOTS_FILE",
        "PINS_ROOT",
    ],
)
def test_production_without_one_setting_names_it_and_stops(read, tmp_path, name):
    refused(read, f"Set {name}", **(PRODUCTION | {name: None}))
    assert not (tmp_path / "keys" / name.lower()).exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"DEBUG": "on"}, "DEBUG is refused"),
        ({"KEY_BACKEND": "embedded"}, "embedded is for development"),
        ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "runs on PostgreSQL"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"FIELD_KEY": "n" * 40 + ",old"}, "FIELD_KEY is too short"),
        ({"PORTAL_MODE": "staging"}, "PORTAL_MODE is"),
        ({"PORTAL_FACES": "site,backdoor"}, "PORTAL_FACES"),
    ],
)
def test_production_refuses_what_is_not_for_it(read, change, says):
    told = refused(read, says, **(PRODUCTION | change))
    assert PRODUCTION["SECRET_KEY"] not in told


def test_production_reads_secrets_from_files(read, tmp_path):
    environment = dict(PRODUCTION)
    for name in ("SECRET_KEY", "FIELD_KEY"):
        path = tmp_path / name
        path.write_text(environment.pop(name) + "\n")
        environment[f"{name}_FILE"] = str(path)
    assert read(**environment)["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]


def test_production_hardens_its_cookies_and_its_transport(read):
    made = read(**PRODUCTION, PORTAL_FACES="office")
    assert made["SESSION_COOKIE_NAME"] == "__Host-portal_office"
    assert made["CSRF_COOKIE_NAME"] == "__Host-portal_office_csrf"
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SECURE_SSL_REDIRECT"]
    assert made["SECURE_HSTS_SECONDS"] > 0
    assert not made["DEBUG"]
    assert not made["DEMONSTRATION"]


def test_development_makes_its_secrets_once_for_its_owner_only(read, tmp_path):
    first = read()["SECRET_KEY"]
    assert read()["SECRET_KEY"] == first
    path = tmp_path / "keys" / "secret_key"
    assert path.read_text() == first
    assert path.stat().st_mode & 0o077 == 0
