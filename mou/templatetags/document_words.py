"""The fixed words of an agreement, in its own language."""

from __future__ import annotations

from typing import Any

from django import template

from mou import labels

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, text: str, **values: object) -> str:
    """`{% say "version {version}" version=content.version %}`"""
    return labels.say(text, context["content"]["language"]).format(**values)
