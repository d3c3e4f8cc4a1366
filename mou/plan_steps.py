"""The three lists that both sides keep together, and what may be done with each line of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou import feedback_permissions, measured_threats
from mou import plan_forms as asked
from mou import plan_permissions as permissions
from mou.actions import activities, contacts, feedback, measures
from mou.feedback_forms import FeedbackForm
from mou.models import Activity, ContactPoint, Measure, Mou
from portal.models import User

Thing = Measure | Activity | ContactPoint


@dataclass(frozen=True)
class Step:
    """One verb: who may, what it asks for, and its words."""

    text: Any
    may: Callable[[User, Any], bool]
    act: Callable[..., Any]
    form: type[forms.Form] = asked.NothingForm
    initial: tuple[str, ...] = ()
    is_warning: bool = False
    # What the form has to be given of the agreement.
    asks: Callable[[Mou], dict[str, Any]] = lambda mou: {}


@dataclass(frozen=True)
class Part:
    """One list: its model, its words, how a line is added, and the verbs of a line."""

    code: str
    one: str
    model: type[Thing]
    title: Any
    lead: Any
    add_text: Any
    form: type[forms.Form]
    add: Callable[..., Any]
    steps: dict[str, Step]
    order: tuple[str, ...]
    template: str
    hidden: dict[str, Any] = field(default_factory=dict)
    asks: Callable[[Mou], dict[str, Any]] = lambda mou: {}
    along: tuple[str, ...] = ()


def _time(activity: Activity) -> dict[str, Any]:
    start, end = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    return {"day": start.date(), "begins": start.time(), "ends": end.time()}


def initial_of(step: Step, thing: Thing) -> dict[str, Any]:
    """What stands in the form before anybody types."""
    found = {name: getattr(thing, name) for name in step.initial} | marks_of(thing)
    return found | (_time(thing) if isinstance(thing, Activity) else {})


def marks_of(thing: Thing) -> dict[str, Any]:
    """What of it stood on the page, by the field that brings it back: two do not collide."""
    if isinstance(thing, ContactPoint):
        return {"revision": thing.revision}
    if isinstance(thing, Activity):
        return {"sequence": thing.sequence}
    return {"proof_seen": thing.proof_mark}


def _threats(mou: Mou) -> dict[str, Any]:
    return {"threats": measured_threats.choices(mou)}


MEASURES = Part(
    "measures",
    "measure",
    Measure,
    _("Measures"),
    _("What one side does so that a risk becomes smaller: by when, and what proves it."),
    _("Propose a measure"),
    asked.MeasureForm,
    measures.propose_measure,
    {
        "agree": Step(_("Agree"), permissions.can_agree, measures.agree_measure),
        "report": Step(
            _("Say that it is done"),
            permissions.can_report,
            measures.report_measure,
            asked.ProofForm,
            ("proof",),
        ),
        "verify": Step(
            _("Verify"),
            permissions.can_verify,
            measures.verify_measure,
            asked.ProofSeenForm,
        ),
        "give-back": Step(
            _("Give it back"),
            permissions.can_give_back,
            measures.give_measure_back,
            asked.PlanReasonForm,
        ),
        "postpone": Step(
            _("Give it another day"),
            permissions.can_postpone,
            measures.postpone_measure,
            asked.PostponeForm,
            ("due_on",),
        ),
        "feedback": Step(
            _("Give feedback"),
            feedback_permissions.can_value_measure,
            feedback.value_measure,
            FeedbackForm,
            asks=lambda mou: {"about": "measure"},
        ),
        "link": Step(
            _("Say which threats it lowers"),
            permissions.can_link,
            measures.link_measure,
            asked.ThreatsForm,
            ("threats",),
            asks=_threats,
        ),
        "drop": Step(
            _("Drop"),
            permissions.can_drop,
            measures.drop_measure,
            asked.PlanReasonForm,
            is_warning=True,
        ),
    },
    ("due_on", "pk"),
    "mou/includes/plan_measure.html",
    asks=_threats,
    along=("files", "feedback"),
)
ACTIVITIES = Part(
    "activities",
    "activity",
    Activity,
    _("Joint activities"),
    _("Training, visits and exercises that both sides do together."),
    _("Propose an activity"),
    asked.ActivityForm,
    activities.propose_activity,
    {
        "agree": Step(
            _("Agree"),
            permissions.can_agree,
            activities.agree_activity,
            asked.SeenForm,
        ),
        "move": Step(
            _("Propose another time"),
            permissions.can_move,
            activities.move_activity,
            asked.TimeForm,
            ("place",),
        ),
        "hold": Step(
            _("Say what came of it"),
            permissions.can_hold,
            activities.hold_activity,
            asked.OutcomeForm,
        ),
        "feedback": Step(
            _("Give feedback"),
            feedback_permissions.can_value_activity,
            feedback.value_activity,
            FeedbackForm,
            asks=lambda mou: {"about": "activity"},
        ),
        "cancel": Step(
            _("Call it off"),
            permissions.can_cancel,
            activities.cancel_activity,
            asked.PlanReasonForm,
            is_warning=True,
        ),
    },
    ("-starts_at", "-pk"),
    "mou/includes/plan_activity.html",
    along=("feedback",),
)
CONTACTS = Part(
    "contacts",
    "contact",
    ContactPoint,
    _("Contacts"),
    _("Who is reached for which duty, on both sides. Each side confirms its own every half year."),
    _("Add a contact"),
    asked.ContactForm,
    contacts.add_contact,
    {
        "confirm": Step(_("Confirm"), permissions.can_change, contacts.confirm_contact),
        "change": Step(
            _("Change"),
            permissions.can_change,
            contacts.change_contact,
            asked.ChangeContactForm,
            ("duty", "holder", "reached", "hours", "deputy"),
        ),
        "end": Step(_("Remove"), permissions.can_change, contacts.end_contact, is_warning=True),
    },
    ("party", "duty", "pk"),
    "mou/includes/plan_contact.html",
    {"ended_at": None},
)
PARTS = {part.code: part for part in (MEASURES, ACTIVITIES, CONTACTS)}
