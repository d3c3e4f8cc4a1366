"""What is the same on every page is drawn once, and in each language and brand apart."""

from django.template import Context, Template
from django.utils import translation

TEMPLATE = "{% load i18n kept %}{% kept %}{% translate 'Yes' %} {{ name }}{% endkept %}"


def test_draw_once_and_then_no_more():
    template = Template(TEMPLATE)
    assert template.render(Context({"name": "first"})) == "Yes first"
    assert template.render(Context({"name": "second"})) == "Yes first"


def test_draw_apart_in_another_language():
    template = Template(TEMPLATE)
    template.render(Context({"name": "first"}))
    with translation.override("sv"):
        assert template.render(Context({"name": "second"})).endswith(" second")


def test_draw_anew_under_another_brand(settings):
    template = Template(TEMPLATE)
    template.render(Context({"name": "first"}))
    settings.BRAND = {**settings.BRAND, "name": "Another"}
    assert template.render(Context({"name": "second"})) == "Yes second"
