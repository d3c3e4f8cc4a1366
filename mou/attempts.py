"""A form whose verb may refuse what was typed: the sentence stands above it, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from portal.errors import DomainError, InvalidTransition, NotAllowed


def attempt(form: forms.Form, act: Callable[..., Any], **known: Any) -> bool:
    """Do it with what the form holds; False where the form has to be shown again.

    Who may not, and what cannot be now, is no matter of the form: these errors go on.
    """
    if not form.is_valid():
        return False
    try:
        act(**known, **form.cleaned_data)
    except (NotAllowed, InvalidTransition):
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def seen_anew(form: forms.Form, **marks: object) -> None:
    """Let what was typed be sent again, over what somebody else changed meanwhile."""
    if form.is_bound:
        now = {name: str(mark) for name, mark in marks.items()}
        form.data = {**form.data.dict(), **now}  # type: ignore[attr-defined]
