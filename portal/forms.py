"""Form parts that more than one app uses: a date as three boxes, several files at once."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class DateParts(forms.MultiWidget):
    """Day, month and year to type, as people know their dates, not to hunt in a calendar."""

    use_fieldset = True
    template_name = "portal/forms/date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off"}
        boxes = [forms.TextInput(attrs={**numeric, "size": size}) for size in (2, 2, 4)]
        super().__init__(boxes, attrs)

    def decompress(self, value: object) -> list[object]:
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                return [None, None, None]
        if isinstance(value, datetime.date):
            return [value.day, value.month, value.year]
        return [None, None, None]


class DateField(forms.MultiValueField):
    """A date given as day, month and year."""

    widget = DateParts
    default_error_messages = {
        "required": _("This field is required."),
        "incomplete": _("Give a day, a month and a year"),
        "invalid": _("Give a real date, for example 27 3 2026"),
    }

    def __init__(self, **kwargs: Any) -> None:
        ranges = ((1, 31), (1, 12), (1900, 2200))
        wrong = {"invalid": self.default_error_messages["invalid"]}
        fields = [
            forms.IntegerField(
                error_messages={
                    **wrong,
                    "min_value": wrong["invalid"],
                    "max_value": wrong["invalid"],
                },
                min_value=low,
                max_value=high,
            )
            for low, high in ranges
        ]
        kwargs.setdefault("require_all_fields", True)
        super().__init__(fields, **kwargs)

    def compress(self, data_list: list[int]) -> datetime.date | None:
        if not data_list:
            return None
        if None in data_list:
            # Where a date may be left out, one box of three is still no date.
            raise forms.ValidationError(self.error_messages["incomplete"], "incomplete")
        day, month, year = data_list
        try:
            return datetime.date(year, month, day)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from error


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [one for one in (data or []) if one]
