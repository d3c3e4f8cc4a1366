"""The form of a verb that cannot be taken back: it asks nothing but whether it is meant."""

from __future__ import annotations

from typing import Any

from django import forms


class MeantForm(forms.Form):
    def __init__(self, data: Any = None, *, thing: Any, **more: Any) -> None:
        super().__init__(data, **more)
