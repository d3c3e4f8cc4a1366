"""Closed questions of a report: the codes of their answers, and what people read for them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import file_words, reference

Answers = Mapping[str, Promise]
UNKNOWN = "UNKNOWN"

YES_NO: Answers = {"yes": _("Yes"), "no": _("No")}
YES_NO_UNKNOWN: Answers = {**YES_NO, "unknown": _("I do not know")}
OBSERVED: Answers = {
    "observed": _("I saw or heard it happen"),
    "suspected": _("I suspect it from signs"),
}
HANDLING_STAGE: Answers = {
    "pick_up": _("We pick the goods up"),
    "deliver": _("We deliver them"),
    "receive": _("We receive them"),
    "other": _("Otherwise, or not at all"),
}
PERSON: Answers = {
    "suspect": _("Takes part in it, I think"),
    "witness": _("Knows about it, as a witness"),
    "unknown": _("I do not know"),
}
SOURCE: Answers = {
    "saw": _("I saw it myself"),
    "told": _("Somebody told me"),
    "documents": _("From documents"),
    "work": _("I noticed it at work"),
    "online": _("Online"),
    "other": _("Otherwise"),
}
SURE: Answers = {
    "certain": _("Certain"),
    "likely": _("It is likely"),
    "unsure": _("Not sure"),
}
MODE: Answers = {
    "anonymous": _("Anonymous"),
    "confidential": _("Confidential"),
    "named": _("Named"),
}
CAPACITY: Answers = {
    "firm": _("On behalf of the firm"),
    "own": _("In my own name"),
}
CHANNEL: Answers = {"public": _("The public form"), "partner": _("A partner's pages")}
SCAN: Answers = file_words.SCANS
UNIT: Answers = {
    "kg": _("kilograms"),
    "g": _("grams"),
    "l": _("litres"),
    "pieces": _("pieces"),
    "packages": _("packages"),
    "pallets": _("pallets"),
    "containers": _("containers"),
    "cigarettes": _("cigarettes"),
    "euro": _("euro"),
    "other": _("something else"),
}


def word(answers: Answers, code: object) -> str:
    """What to call this answer; the code itself when it is none of them."""
    return str(answers.get(str(code), code)) if code else ""


def commodity(code: str) -> str:
    return str(_("I do not know")) if code == UNKNOWN else reference.label("commodity", code)
