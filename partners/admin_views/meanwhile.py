"""Two editors of one thing are told of each other, and nothing that either typed is lost.

The page carries what it showed, signed. When somebody else saved first, what this editor did not
touch takes the other's value, and the rest is shown beside it to be decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.forms.typed import Typed, as_typed, in_words, put

SALT = "partners.seen"


@dataclass(frozen=True)
class Shown:
    """What was on the page: which version, and what stood in each field."""

    version: int
    values: dict[str, Typed]


@dataclass(frozen=True)
class Meeting:
    """The form to decide in, and what it took over from the other: field, before, now."""

    form: forms.Form
    taken: list[tuple[str, str, str]]


def sign(thing: Any, form: forms.Form) -> str:
    told = {"of": _name(thing), "version": getattr(thing, "version", 0)}
    return signing.dumps({**told, "values": as_typed(form)}, salt=SALT, compress=True)


def read(sent: str, thing: Any) -> Shown:
    """What was tampered with, or is of another thing, counts as never seen."""
    try:
        told = signing.loads(sent, salt=SALT)
    except signing.BadSignature:
        return Shown(0, {})
    if told["of"] != _name(thing):
        return Shown(0, {})
    return Shown(told["version"], told["values"])


def meet(
    typed: forms.Form, present: forms.Form, seen: Shown, again: Callable[[Any], forms.Form], by: Any
) -> Meeting:
    """`typed` met `present`, what stands there now; `again` makes the form of the two together.

    `by` says who was first: a thing with `changed_by` and `changed_at`, or one that knows neither.
    """
    sent: Any = typed.data.copy()  # type: ignore[attr-defined]
    for bound in present.hidden_fields():
        sent[bound.html_name] = str(bound.value())
    mine, taken, both = as_typed(typed), [], []
    for name, now in as_typed(present).items():
        before = seen.values.get(name)
        if now == before or mine[name] == now:
            continue
        if mine[name] == before:
            put(sent, present[name], now)
            taken.append((name, before, now))
        else:
            both.append((name, now))
    form = again(sent)
    form.is_valid()
    labels = [str(form.fields[name].label) for name, _now in both]
    form.add_error(None, _sentence(by, labels, took=bool(taken)))
    for name, now in both:
        words = in_words(form.fields[name], now)
        form.add_error(name, _("The other wrote here: “%(value)s”.") % {"value": words})
    return Meeting(form, [_line(form.fields[name], was, now) for name, was, now in taken])


def _line(field: forms.Field, before: Typed, now: Typed) -> tuple[str, str, str]:
    return str(field.label), in_words(field, before), in_words(field, now)


def _sentence(by: Any, both: list[str], *, took: bool) -> str:
    who, at = getattr(by, "changed_by", None), getattr(by, "changed_at", None)
    told = {"who": who.name if who is not None else _("Somebody else")}
    if at is not None:
        told["when"] = date_format(timezone.localtime(at), "j F Y, H:i")
        said = _("%(who)s changed this entry on %(when)s, while you were editing it.") % told
    else:
        said = _("%(who)s changed this entry while you were editing it.") % told
    said += " " + _("Nothing you typed is lost and nothing is saved yet.")
    if took:
        said += " " + _("What you had not touched is now as the other left it.")
    if both:
        names = ", ".join(f"“{label}”" for label in both)
        said += " " + _("You both wrote in %(names)s: decide, then save again.") % {"names": names}
    else:
        said += " " + _("Look at it, then save again.")
    return said


def _name(thing: Any) -> str:
    return f"{thing._meta.label_lower}:{thing.pk}"
