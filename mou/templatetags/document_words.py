"""The fixed words of an agreement, in its own language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime

from mou import labels

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, text: str, **values: object) -> str:
    """`{% say "version {version}" version=content.version %}`"""
    return labels.say(text, context["content"]["language"]).format(**values)


@register.filter
def day(text: str) -> str:
    """A day of a report's data, for a reader."""
    return date_format(date.fromisoformat(text), "j F Y")


@register.filter
def moment(text: str) -> str:
    """A moment of a report's data, for a reader; to the second and with its zone."""
    if not text:
        return "–"
    return date_format(localtime(datetime.fromisoformat(text)), "j F Y, H:i:s T")
