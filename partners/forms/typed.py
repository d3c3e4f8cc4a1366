"""What is in the fields of a form as a browser sends it: to compare, to tell, to put back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

# A box and a list of boxes; a box that is not ticked sends nothing.
Typed = str | list[str]


def as_typed(form: forms.BaseForm) -> dict[str, Typed]:
    """Field → what stands in it; of a form nobody sent yet: what is sent by who touches nothing."""
    return {bound.name: _in(bound) for bound in form.visible_fields()}


def put(data: Any, bound: forms.BoundField, typed: Typed) -> None:
    """Into what was sent, as if it had been typed."""
    widget, name = bound.field.widget, bound.html_name
    if isinstance(widget, forms.MultiWidget):
        for number, part in enumerate(typed):
            data[f"{name}_{number}"] = part
    elif isinstance(typed, list):
        data.setlist(name, typed)
    elif isinstance(widget, forms.CheckboxInput) and not typed:
        data.pop(name, None)
    else:
        data[name] = typed


def in_words(field: forms.Field, typed: Typed) -> str:
    """As a reader knows it: the names of what was chosen, a day as a day."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if typed else _("No")
    if isinstance(field, forms.ChoiceField):
        names = {str(code): str(name) for code, name in _flat(field.choices)}
        wanted = typed if isinstance(typed, list) else [typed]
        return ", ".join(names.get(code, code) for code in wanted if code) or "–"
    try:
        value = field.clean(typed)
    except forms.ValidationError:
        value = typed
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return (" ".join(typed) if isinstance(typed, list) else typed) or "–"


def _in(bound: forms.BoundField) -> Typed:
    widget = bound.field.widget
    value: Any = bound.data if bound.form.is_bound else _initial(bound, widget)
    if isinstance(widget, forms.CheckboxInput):
        return "on" if value else ""
    if isinstance(widget, forms.MultiWidget):
        return [_text(part) for part in value or ()]
    if getattr(widget, "allow_multiple_selected", False):
        return sorted(_text(one) for one in value or ())
    return _text(value)


def _initial(bound: forms.BoundField, widget: forms.Widget) -> Any:
    value = bound.value()
    if isinstance(widget, forms.MultiWidget):
        return widget.decompress(value)
    if isinstance(widget, forms.widgets.Input) and not isinstance(widget, forms.CheckboxInput):
        return widget.format_value(value)
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")


def _flat(choices: Any) -> Any:
    """Codes and names, also of those that stand in groups."""
    for code, name in choices:
        if isinstance(name, list | tuple):
            yield from name
        else:
            yield code, name
