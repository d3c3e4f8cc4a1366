"""Fields of intake: they tidy what was typed, and refuse next to nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _

from portal import reference
from reporting.answers import Answers

Options = Callable[[], Iterable[tuple[str, str]]]
Text = Any  # a string, or one that gettext turns into one later
# Turns writing around: what is read would not be what is there.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(typed: str, *, lines: bool = False) -> str:
    """Composed (NFC), without control characters; on one line unless lines are meant."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in "\n\t" or _is_written(c))
    joined = "".join(kept)
    return joined.strip() if lines else " ".join(joined.split())


def _is_written(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in TURNING


class Shared(forms.Field):
    """The same object in every form: no form changes one, and a report copies four hundred."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class Words(Shared, forms.CharField):
    """Free text, on one line or in several rows; too long is said, and the text stays."""

    def __init__(
        self, label: Text, *, hint: Text = "", most: int = 200, rows: int = 0, **drawn: Any
    ) -> None:
        super().__init__(required=False, label=label, help_text=hint, strip=False)
        self.most, self.rows, self.drawn = most, rows, drawn

    def to_python(self, value: object) -> str:
        return tidy(str(value or ""), lines=bool(self.rows))

    def validate(self, value: str) -> None:
        if len(value) > self.most:
            raise forms.ValidationError(
                _(
                    "“%(label)s” takes %(most)s characters, and there are %(count)s now. "
                    "Shorten it; the rest of the report is kept."
                )
                % {"label": self.label, "most": self.most, "count": len(value)}
            )


class One(Shared):
    """One answer of a list, or none. What is not on the list counts as no answer."""

    widget = forms.TextInput

    def __init__(
        self, label: Text, options: Options | Answers, *, hint: Text = "", drop_down: bool = False
    ) -> None:
        super().__init__(required=False, label=label, help_text=hint)
        self.options: Options = options if callable(options) else _of(options)
        self.drop_down = drop_down

    def to_python(self, value: object) -> str:
        return str(value) if any(value == code for code, _label in self.options()) else ""


class Several(Shared):
    """Any answers of a list."""

    widget = forms.SelectMultiple

    def __init__(self, label: Text, options: Options | Answers, *, hint: Text = "") -> None:
        super().__init__(required=False, label=label, help_text=hint)
        self.options: Options = options if callable(options) else _of(options)

    def to_python(self, value: Iterable[str] | None) -> list[str]:
        chosen = set(value or ())
        return [code for code, _label in self.options() if code in chosen]


class Tick(Shared, forms.BooleanField):
    """A box to tick."""

    def __init__(self, label: Text, *, hint: Text = "") -> None:
        super().__init__(required=False, label=label, help_text=hint)


def _of(answers: Answers) -> Options:
    return lambda: [(code, str(label)) for code, label in answers.items()]


def listed(name: str) -> Options:
    """The items of a reference list that are valid today."""
    return lambda: reference.choices(name)
