"""`manage.py check --deploy`: silent for production as it should be, loud for anything else."""

import pytest

from portal.checks import faces_are_apart, production_is_production


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
