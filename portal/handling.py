"""Handling codes: what may be done with information, printed on whatever leaves the house."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class HandlingCode(models.TextChoices):
    H0 = "H0", _("H0: for preventing and fighting crime")
    H1 = "H1", _("H1: not in court without leave")
    H2 = "H2", _("H2: not passed on without leave")
    H3 = "H3", _("H3: other limits, stated")


# Printed on whatever leaves the desk: conditions travel with what they bind.
LIMITS: dict[str, Any] = {
    HandlingCode.H0: _("For preventing and fighting crime only."),
    HandlingCode.H1: _("Not to be used as evidence in court without the leave of who provided it."),
    HandlingCode.H2: _("Not to be passed on to anybody without the leave of who provided it."),
    HandlingCode.H3: _("Other limits hold for it: ask who provided it before any use."),
}
