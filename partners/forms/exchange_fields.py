"""What forms of an exchange share: long texts, references, files, and whom they are asked of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import content
from partners.actions.exchange_holding import MOST_FILES, Attachment, attachment
from partners.models import Exchange
from partners.opening import Opened
from portal.examined_files import FileRefused
from portal.forms import FilesField
from portal.models import User

CODE = RegexValidator(
    r"^[\w./ \-:()]*\Z", gettext_lazy("Use letters, digits, spaces and . / - : ( ) only.")
)
NAME = 120


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


class TextForm(ExchangeForm):
    text = long_text(gettext_lazy("Text"), 6)


class WordForm(TextForm):
    attached = AttachedField()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["files"] = given.pop("attached", [])
        return given
