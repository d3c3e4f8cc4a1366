"""A piece of feedback in the words that the firm reads."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from mou.feedback_words import words
from mou.models import Feedback

register = template.Library()


@register.filter
def said_to_firm(one: Feedback) -> str:
    known = words().get(one.code)
    return _(known.firm) if known else one.code
