"""What forms of an exchange share: long texts, references, files, and whom they are asked of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import content
from partners.actions.exchange_holding import MOST_FILES, Attachment, attachment
from partners.models import Channel, Exchange, Instrument
from partners.opening import Opened
from portal.examined_files import FileRefused
from portal.forms import FilesField
from portal.models import User
from portal.register_forms import Moment

CODE = RegexValidator(
    r"^[\w./ \-:()]*\Z", gettext_lazy("Use letters, digits, spaces and . / - : ( ) only.")
)
NAME = 120
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class AttachedField(FilesField):
    """Several files at once, in memory; each becomes an attachment."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", gettext_lazy("Files"))
        more.setdefault("required", False)
        more.setdefault(
            "help_text",
            gettext_lazy(
                "At most ten, and 10 MB together. They are looked at, then sealed with the text."
            ),
        )
        super().__init__(**more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(_("Choose ten files at most."))
        if any(getattr(one, "was_dropped", False) for one in sent):
            raise forms.ValidationError(_("Choose files of 10 MB together at most."))
        return [_looked_at(one.name or "", one.read()) for one in sent]


def _looked_at(name: str, data: bytes) -> Attachment:
    try:
        return attachment(name, data)
    except FileRefused as error:
        shown = "".join(one for one in name if one.isprintable())[:NAME] or _("file")
        raise forms.ValidationError(f"{shown}: {error}") from error


def long_text(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    more.setdefault("max_length", content.LONGEST)
    return forms.CharField(label=label, widget=widget, **more)


def code(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=60, required=False, validators=[CODE], **more)


def moment(label: Any, **more: Any) -> Moment:
    """A day and hour of our time: no calendar goes wrong there in any zone."""
    ends = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
    return Moment(label=label, validators=ends, **more)


def covering() -> forms.ModelChoiceField:
    """Of instruments in force; whether the chosen one covers it is looked at when it leaves."""
    return forms.ModelChoiceField(
        label=gettext_lazy("Instrument"),
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="–",
        help_text=gettext_lazy(
            "Nothing is sent unless it is in force, binds both sides and lists the purpose."
        ),
    )


class ExchangeForm(forms.Form):
    """Knows the exchange, who is asked, and what it says when that is open."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        thing: Exchange | None = None,
        by: User,
        opened: Opened | None = None,
    ) -> None:
        self.thing, self.by, self.opened = thing, by, opened
        super().__init__(data, files, label_suffix="")
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and what stands in the fields at first."""

    def offer_instruments(self) -> None:
        field: Any = self.fields["instrument"]
        field.queryset = Instrument.objects.in_force().order_by("title", "pk")

    def offer_files(self, told: Mapping[str, Any]) -> None:
        """Files that went along with the wording that stood, to be left out of the next one."""
        files, field = told.get("files", []), cast(Any, self.fields["left_out"])
        field.choices = [(one["id"], one["name"]) for one in files]
        if not files:
            del self.fields["left_out"]


def left_out() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Leave these files out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those that are not ticked go along as before."),
    )


class ChannelForm(ExchangeForm):
    """The channel beside the portal, by which it left or came."""

    channel = forms.ChoiceField(
        label=gettext_lazy("By which channel did it leave?"),
        choices=[("", "–"), *Channel.choices],
    )
    channel_reference = code(gettext_lazy("Reference there"))


class TextForm(ExchangeForm):
    text = long_text(gettext_lazy("Text"), 6)


class WordForm(TextForm):
    attached = AttachedField()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["files"] = given.pop("attached", [])
        return given
