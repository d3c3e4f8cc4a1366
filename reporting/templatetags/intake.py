"""Draws the fields of intake: in Python, since sixty boxes take a template ten times as long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reporting.forms.fields import One, Several, Tick, Words

register = template.Library()

# Nothing of what is typed is to be remembered by the browser, or sent off to be spell-checked.
PRIVATE = ' autocomplete="off" spellcheck="false"'


@register.simple_tag
def drawn(bound: BoundField, heading: bool = False) -> SafeString:
    """A whole form group: label or legend, hint, error, input. As the page's heading on request."""
    draw = next(draw for kind, draw in _KINDS if isinstance(bound.field, kind))
    errors = [] if getattr(bound.form, "quiet", False) else [str(error) for error in bound.errors]
    fault = " govuk-form-group--error" if errors else ""
    inner = draw(bound, errors, heading)
    return mark_safe(f'<div class="govuk-form-group{fault}">{inner}</div>')  # noqa: S308 - escaped below


def _words(bound: BoundField, errors: list[str], heading: bool) -> str:
    field: Any = bound.field
    id_ = bound.auto_id
    wrong = " govuk-{kind}--error" if errors else ""
    about = f' id="{id_}" name="{bound.html_name}"{PRIVATE}{_described(bound, errors)}'
    value = escape(bound.value() or "")
    top = _label(bound, heading) + _told(bound, errors)
    if field.rows:
        kind = f"govuk-textarea{wrong.format(kind='textarea')}"
        # A line break right after the tag is dropped by browsers: it is not the writer's.
        return f'{top}<textarea class="{kind}" rows="{field.rows}"{about}>\n{value}</textarea>'
    width = f" govuk-input--width-{field.drawn['width']}" if "width" in field.drawn else ""
    mode = f' inputmode="{field.drawn["inputmode"]}"' if "inputmode" in field.drawn else ""
    kind = f"govuk-input{wrong.format(kind='input')}{width}"
    return f'{top}<input class="{kind}" type="text" value="{value}"{mode}{about}>'


def _one(bound: BoundField, errors: list[str], heading: bool) -> str:
    field: Any = bound.field
    if not field.drop_down:
        return _boxes(bound, errors, heading, "radio", {str(bound.value() or "")})
    chosen = bound.value() or ""
    options = "".join(
        f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>'
        f"{escape(label)}</option>"
        for code, label in [("", "–"), *field.options()]
    )
    about = f' id="{bound.auto_id}" name="{bound.html_name}"{_described(bound, errors)}'
    top = _label(bound, heading) + _told(bound, errors)
    return f'{top}<select class="govuk-select" autocomplete="off"{about}>{options}</select>'


def _several(bound: BoundField, errors: list[str], heading: bool) -> str:
    return _boxes(bound, errors, heading, "checkbox", set(bound.value() or ()))


def _boxes(bound: BoundField, errors: list[str], heading: bool, kind: str, chosen: set[str]) -> str:
    group = "radios" if kind == "radio" else "checkboxes"
    field: Any = bound.field
    options = list(field.options())
    drawn_ones = "".join(
        f'<div class="govuk-{group}__item"><input class="govuk-{group}__input" type="{kind}" '
        f'name="{bound.html_name}" value="{escape(code)}" id="{bound.auto_id}{_suffix(place)}"'
        f'{" checked" if code in chosen else ""} autocomplete="off">'
        f'<label class="govuk-label govuk-{group}__label" for="{bound.auto_id}{_suffix(place)}">'
        f"{escape(label)}</label></div>"
        for place, (code, label) in enumerate(options)
    )
    dense = " intake-dense" if len(options) > 6 else ""
    return (
        f'<fieldset class="govuk-fieldset"{_described(bound, errors)}>'
        f'<legend class="govuk-fieldset__legend portal-legend">{escape(bound.label)}</legend>'
        f'{_told(bound, errors)}<div class="govuk-{group}{dense}">{drawn_ones}</div></fieldset>'
    )


def _suffix(place: int) -> str:
    # The first has the plain id, so that an error leads to it.
    return f"_{place}" if place else ""


def _tick(bound: BoundField, errors: list[str], heading: bool) -> str:
    on = " checked" if bound.value() else ""
    hint = ""
    if bound.help_text:
        hint = (
            f'<div class="govuk-hint govuk-checkboxes__hint" id="{bound.auto_id}_hint">'
            f"{escape(bound.help_text)}</div>"
        )
    return (
        '<div class="govuk-checkboxes"><div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" type="checkbox" name="{bound.html_name}" '
        f'id="{bound.auto_id}" autocomplete="off"{on}{_described(bound, errors)}>'
        f'<label class="govuk-label govuk-checkboxes__label" for="{bound.auto_id}">'
        f"{escape(bound.label)}</label>{hint}</div></div>"
    )


def _label(bound: BoundField, heading: bool) -> str:
    label = (
        f'<label class="govuk-label{" govuk-label--l" if heading else ""}" for="{bound.auto_id}">'
    )
    label += f"{escape(bound.label)}</label>"
    return f'<h1 class="govuk-label-wrapper">{label}</h1>' if heading else label


def _told(bound: BoundField, errors: list[str]) -> str:
    told = ""
    if bound.help_text:
        told += f'<div class="govuk-hint" id="{bound.auto_id}_hint">{escape(bound.help_text)}</div>'
    if errors:
        word = escape(_("Error:"))
        lines = "".join(
            f'<p class="portal-error"><span class="govuk-visually-hidden">{word}</span> '
            f"{escape(error)}</p>"
            for error in errors
        )
        told += f'<div class="govuk-error-message" id="{bound.auto_id}_error">{lines}</div>'
    return told


def _described(bound: BoundField, errors: list[str]) -> str:
    ids = [f"{bound.auto_id}_hint"] if bound.help_text else []
    if errors:
        ids.append(f"{bound.auto_id}_error")
    described = f' aria-describedby="{" ".join(ids)}"' if ids else ""
    wrong = errors and not isinstance(bound.field, One | Several)
    return described + (' aria-invalid="true"' if wrong else "")


_KINDS: list[tuple[type, Callable[[BoundField, list[str], bool], str]]] = [
    (Words, _words),
    (One, _one),
    (Several, _several),
    (Tick, _tick),
]
