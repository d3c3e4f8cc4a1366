"""Template tags of the look: widgets with their classes, errors that name the field, the brand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import forms, template
from django.apps import apps
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal import brand

register = template.Library()

DEFAULT_REQUIRED = forms.Field.default_error_messages["required"]

# CheckboxSelectMultiple is a RadioSelect to isinstance, and Select is the base of neither:
# the order decides.
KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.MultiWidget, "group"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
]
LENGTHS = {"max_length", "min_length", "max_value", "min_value"}
CLASSES = {
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "password": "govuk-input govuk-password-input__input",
    "text": "govuk-input",
    "checkbox": "govuk-checkboxes__input",
}


@register.filter
def kind(field: BoundField) -> str:
    """Which partial under portal/forms/ draws this field."""
    for widget, name in KINDS:
        if isinstance(field.field.widget, widget):
            return name
    return "text"


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The input with our classes; what the form's author set on the widget is kept."""
    # A placeholder is gone as soon as it is needed; labels and hints say it all.
    field.field.widget.attrs.pop("placeholder", None)
    base = CLASSES.get(kind(field), "")
    classes = [base, field.field.widget.attrs.get("class", "")]
    if base and field.errors and kind(field) != "checkbox":
        classes.insert(1, f"{base.split()[0]}--error")
    joined = " ".join(name for name in classes if name)
    return field.as_widget(attrs={"class": joined} if joined else {})


@register.filter
def first_id(field: BoundField) -> str:
    """The element an error link leads to: a group has no id of its own, its first input has."""
    if kind(field) in {"checkboxes", "radios", "group"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def marks_optional(field: BoundField) -> bool:
    """Optional fields say so, unless the form says that it goes without saying (filters)."""
    return not field.field.required and getattr(field.form, "mark_optional", True)


@register.filter
def named_errors(field: BoundField) -> list[str]:
    """The errors of a field, each understandable without seeing the field beside it."""
    named = []
    for error in field.errors.as_data():
        for message in error.messages:
            if (
                error.code == "required"
                and message == forms.Field.default_error_messages["required"]
            ):
                message = _missing(field)
            elif error.code in LENGTHS or _says_no_field(field, error.code, message):
                message = f"{field.label}: {message[:1].lower()}{message[1:]}"
            named.append(message)
    return named


def _says_no_field(field: BoundField, code: str | None, message: str) -> bool:
    """“Enter a valid date.” leaves open which of two dates is meant."""
    typed = (forms.fields.BaseTemporalField, forms.IntegerField)
    of_django = field.field.error_messages.get("invalid")
    return code == "invalid" and isinstance(field.field, typed) and message == of_django


def _missing(field: BoundField) -> str:
    label = str(field.label).rstrip(":")
    # "EORI number" keeps its capitals, "Name" loses its one.
    plain = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    if label.endswith("?"):
        return _("Answer the question “%(label)s”") % {"label": label}
    if kind(field) == "checkbox":
        return _("Tick “%(label)s” to continue") % {"label": label}
    if kind(field) in {"select", "radios", "checkboxes"}:
        return _("Choose %(label)s") % {"label": plain}
    if kind(field) == "file":
        return _("Choose a file for %(label)s") % {"label": plain}
    return _("Enter %(label)s") % {"label": plain}


@register.simple_tag
def brand_addresses() -> dict[str, str]:
    return brand.addresses()


@register.simple_tag
def brand_colours() -> dict[str, str]:
    """For e-mail, which has no style sheet."""
    return brand.colours(settings.BRAND["colour"])


# Answered by another face under the site's own name.
ELSEWHERE = {"report": "/report/", "inbox": "/report/inbox/"}


@register.simple_tag(name="address")
@lru_cache
def _address(name: str) -> str:
    """Asked on every page, and to find out that there is none takes longest."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return settings.SITE_URL + ELSEWHERE[name] if name in ELSEWHERE else ""


@register.inclusion_tag("portal/includes/nav_item.html", takes_context=True)
def nav_item(context: Context, name: str, text: str) -> dict[str, Any]:
    """An entry of the main menu; nothing where this process does not answer that address."""
    url = _address(name)
    if not url:
        return {"url": ""}
    path = getattr(context.get("request"), "path", "")
    return {
        "url": url,
        "text": text,
        "here": path == url,
        "within": url != "/" and path.startswith(url),
    }


@register.simple_tag(takes_context=True)
def app_queues(context: Context) -> list[SafeString]:
    """What each app wants on the desk's front page: its `<app>/admin/queue.html`, if it has one."""
    drawn = []
    values: dict[str, Any] = context.flatten()  # type: ignore[assignment]
    # The portal's own concerns come after the work that officers are there for.
    configs = sorted(apps.get_app_configs(), key=lambda config: getattr(config, "desk_place", 9))
    for config in configs:
        try:
            queue = get_template(f"{config.label}/admin/queue.html")
        except TemplateDoesNotExist:
            continue
        if text := queue.render(values, context.get("request")).strip():
            drawn.append(SafeString(text))
    return drawn


@register.filter
def sentence(text: object) -> str:
    """With a capital first: verbose names are written small."""
    return capfirst(str(text))


@register.filter
def headed(rows: Iterable[Iterable[str]], headers: list[dict[str, Any]]) -> Iterator[list[str]]:
    """The cells of a desk's list, each with the words that stand above its column.

    On a phone a row is a card, and a day without its heading says nothing.
    """
    names = [escape(capfirst(strip_tags(str(header["text"])))).strip() for header in headers]
    for row in rows:
        yield [_with_label(cell, name) for cell, name in zip(row, names, strict=False)]


def _with_label(cell: str, name: str) -> str:
    """Django writes `<td class=…>…`; a box to tick, and what begins otherwise, stay as they are."""
    if not name or not cell.startswith("<td class="):
        return cell
    # Both were made safe: the cell by the admin, the name by `headed`.
    return mark_safe(cell.replace("<td ", f'<td data-label="{name}" ', 1))  # noqa: S308
