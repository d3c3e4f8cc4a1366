"""Grades of source and information, handling codes, and how other schemes call them.

Native is 4×4 (Regulation (EU) 2016/794, Art. 29); 6×6 and 3×5×2 are shown beside it by table.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.handling import HandlingCode


class SourceGrade(models.TextChoices):
    A = "A", _("A: no doubt about the source")
    B = "B", _("B: mostly reliable")
    C = "C", _("C: mostly unreliable")
    X = "X", _("X: cannot be judged")


class InformationGrade(models.TextChoices):
    ONE = "1", _("1: not in doubt")
    TWO = "2", _("2: known to the source, not to the officer")
    THREE = "3", _("3: not known to the source, but confirmed by other information")
    FOUR = "4", _("4: not known to the source and not confirmed")


DEFAULT = (SourceGrade.X, InformationGrade.FOUR, HandlingCode.H2)

# Source grade → 6×6 letter, 3×5×2 word; information grade → 6×6 figure, 3×5×2 letter.
SOURCE_IN_6X6 = {"A": "A", "B": "B", "C": "D", "X": "F"}
SOURCE_IN_3X5X2 = {"A": "1", "B": "1", "C": "3", "X": "2"}
INFORMATION_IN_6X6 = {"1": "1", "2": "2", "3": "3", "4": "6"}
INFORMATION_IN_3X5X2 = {"1": "A", "2": "B", "3": "C", "4": "E"}
HANDLING_IN_3X5X2 = {"H0": "P", "H1": "C", "H2": "C", "H3": "C"}


def in_6x6(source: str, information: str) -> str:
    return SOURCE_IN_6X6[source] + INFORMATION_IN_6X6[information]


def in_3x5x2(source: str, information: str, handling: str) -> str:
    return SOURCE_IN_3X5X2[source] + INFORMATION_IN_3X5X2[information] + HANDLING_IN_3X5X2[handling]
