"""What is asked of a person who does not sign."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from mou.forms import ReasonForm


class DeclineToSignForm(ReasonForm):
    """Why somebody does not sign; both sides read it."""

    label = gettext_lazy("Why do you not sign?")
    hint = gettext_lazy("Both sides read this. Say what would have to change.")
