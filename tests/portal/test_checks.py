"""`manage.py check --deploy`: silent for production as it should be, loud for anything else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal import pinned_file, sealing
from portal.checks import (
    challenges_can_be_heard,
    faces_are_apart,
    pinned_keys_are_good,
    production_is_production,
)


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True
    settings.MODE = "production"
    settings.SITE_URL = "https://portal.customs.example"
    settings.OFFICE_URL = "https://office.customs.example"
    settings.TIMESTAMP_URL = "http://tsa.internal/"
    settings.ALLOWED_HOSTS = ["portal.customs.example"]
    settings.FACES = frozenset({"site"})
    return settings


def found():
    return [
        message.id
        for check in (production_is_production, faces_are_apart)
        for message in check(None)
    ]


def test_check_of_production_as_it_should_be_is_silent(production):
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PRODUCTION", False, "portal.E001"),
        ("SITE_URL", "http://portal.customs.example", "portal.E002"),
        ("OFFICE_URL", "http://office.customs.example", "portal.E002"),
        ("TIMESTAMP_URL", "http://127.0.0.1:3180/tsa", "portal.E003"),
        ("ALLOWED_HOSTS", ["*"], "portal.E004"),
        ("CAPTCHA_TEST_MODE", True, "portal.E005"),
        ("FACES", frozenset({"site", "office"}), "portal.I001"),
    ],
)
def test_check_of_anything_else_says_what_is_wrong(production, name, value, says):
    setattr(production, name, value)
    assert found() == [says]


@pytest.fixture
def pinned(settings, tmp_path):
    """A pinned file that ends after this many days, signed by the key that is believed."""
    offline = sealing.new_signer()
    settings.PINS_FILE = str(tmp_path / "pins.json")
    settings.PINS_ROOT = sealing.verifier_of(offline).hex()

    def write(days, signer=offline):
        ends = timezone.localdate() + timedelta(days=days)
        data = pinned_file.write([], serial=1, expires=ends, signer=signer)
        (tmp_path / "pins.json").write_bytes(data)
        return [message.id for message in pinned_keys_are_good(None)]

    return write


def test_check_of_pinned_keys_that_last_is_silent(pinned):
    assert pinned(30) == []


@pytest.mark.parametrize(
    ("days", "says"), [(29, "portal.W001"), (0, "portal.W001"), (-1, "portal.E006")]
)
def test_check_of_pinned_keys_that_end_says_so(pinned, days, says):
    assert pinned(days) == [says]


def test_check_of_pinned_keys_signed_by_another_says_so(pinned):
    assert pinned(365, sealing.new_signer()) == ["portal.E006"]


def test_check_of_missing_pinned_keys_says_so_where_they_are_needed(settings, tmp_path):
    settings.PINS_FILE = str(tmp_path / "none.json")
    assert [message.id for message in pinned_keys_are_good(None)] == ["portal.E006"]
    settings.FACES = frozenset({"site"})
    assert pinned_keys_are_good(None) == []


def test_check_names_the_languages_that_nothing_speaks(settings):
    assert challenges_can_be_heard(None) == []
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "Arabic")]
    [found] = challenges_can_be_heard(None)
    assert found.id == "portal.W001"
    assert found.hint.endswith(": ar.")
