"""What the desk is asked about engagements and their follow-ups."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partners.models import Counterpart, Engagement, EngagementKind, Partner, Post, PostStatus
from portal.forms import DateField
from portal.models import User

MOST_ORGANISATIONS = 50


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class PlanForm(forms.Form):
    """All that is planned; `thing` is the engagement that is changed.

    Offered is what the officer may know of, and what the engagement names already.
    """

    kind = forms.ChoiceField(
        label=_("What kind is it?"), choices=EngagementKind.choices, widget=forms.RadioSelect
    )
    counterpart = forms.ChoiceField(
        label=_("With whom?"), choices=Counterpart.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    partner = forms.ModelChoiceField(
        Partner.objects.none(),
        label=_("Partner"),
        help_text=_("Choose a partner, a post, or both."),
        required=False,
        empty_label=_("None"),
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label=_("Post"), required=False, empty_label=_("None")
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    topics = forms.CharField(
        label=_("Topics"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    starts_at = forms.DateTimeField(label=_("When does it begin?"), widget=_moment())
    ends_at = forms.DateTimeField(label=_("When does it end?"), widget=_moment())

    def __init__(
        self, data: Any = None, *, by: User, thing: Engagement | None = None, **more: Any
    ) -> None:
        if thing is not None:
            more["initial"] = {name: getattr(thing, name) for name in PlanForm.base_fields} | {
                "sequence": thing.sequence
            }
        super().__init__(data, label_suffix="", **more)
        partners = Partner.objects.current() & Partner.objects.visible_to(by)
        posts = Post.objects.visible_to(by).exclude(status=PostStatus.CLOSED)
        if thing is not None and thing.partner_id is not None:
            partners |= Partner.objects.filter(pk=thing.partner_id)
        if thing is not None and thing.post_id is not None:
            posts |= Post.objects.filter(pk=thing.post_id)
        _rows(self, "partner", partners.order_by("name", "pk"))
        _rows(self, "post", posts.order_by("city", "pk"))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        begins, ends = told.get("starts_at"), told.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _now("It must end after it begins."))
        return told


class NewForm(PlanForm):
    """With the number of what it makes, so that sent twice it makes one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class EditForm(PlanForm):
    sequence = forms.IntegerField(widget=forms.HiddenInput)


class _PresentForm(forms.Form):
    present = forms.CharField(
        label=_("Who was there?"),
        help_text=_(
            "One organisation a line, with the number of its people after a comma: “Port of "
            "Santos, 3”. Write no names of people."
        ),
        max_length=MOST_ORGANISATIONS * 170,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, thing: Engagement, **more: Any) -> None:
        rows = thing.participations.order_by("pk")
        known = {"present": "\n".join(f"{one.organisation}, {one.people}" for one in rows)}
        more["initial"] = known | {"minutes": thing.minutes, "sequence": thing.sequence}
        super().__init__(data, label_suffix="", **more)

    def clean_present(self) -> list[tuple[str, int]]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["present"].splitlines()]
        found = [_participation(line) for line in lines if line]
        if len(found) > MOST_ORGANISATIONS:
            raise forms.ValidationError(_now("Write at most 50 organisations."))
        return found


def _participation(line: str) -> tuple[str, int]:
    name, comma, count = line.rpartition(",")
    number = count.strip()
    if not comma or not (number.isascii() and number.isdecimal()):
        name, number = line, "1"
    name = name.strip()
    if not name or len(name) > 150 or len(number) > 5 or not 1 <= int(number) <= 10_000:
        raise forms.ValidationError(
            _now("“%(line)s” is not an organisation and a number of people.") % {"line": line[:60]}
        )
    return name, int(number)


class HoldForm(_PresentForm):
    pass


class WriteUpForm(_PresentForm):
    minutes = forms.CharField(
        label=_("What came of it?"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("minutes", "present")


class FollowUpForm(forms.Form):
    text = forms.CharField(label=_("What is to be done?"), max_length=300)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it?"))
    due_on = DateField(label=_("By when?"))

    def __init__(self, data: Any = None, *, thing: Engagement, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        people = User.objects.filter(is_staff=True, is_active=True)
        _rows(self, "owner", people.order_by("name", "pk"))


def _rows(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
    field.queryset = rows
