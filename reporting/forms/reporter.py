"""The last pages: how the reporter knows, and how much of themselves they want to tell."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting import answers
from reporting.forms.fields import One, Tick, Words
from reporting.forms.steps import Content, PageForm, Part

IDENTITY = ("name", "phone", "email", "address", "firm")
ANONYMOUS = "anonymous"


class HowForm(PageForm):
    """Where the knowledge comes from; nobody is graded here."""

    parts = (
        Part(("source", "first_hand", "sure", "through_work")),
        Part(("who_else", "reported_elsewhere")),
    )

    source = One(gettext_lazy("How do you know about it?"), answers.SOURCE)
    first_hand = One(gettext_lazy("Did you see or hear it yourself?"), answers.YES_NO)
    sure = One(gettext_lazy("How sure are you?"), answers.SURE)
    through_work = One(
        gettext_lazy("Did you learn this through your work?"),
        answers.YES_NO,
        hint=gettext_lazy(
            "Then the law on whistleblowers protects you, and we must answer within set times. "
            "Work as a volunteer, a contractor or an applicant counts too."
        ),
    )
    who_else = Words(
        gettext_lazy("Who else knows about it?"),
        hint=gettext_lazy("It helps us not to give you away."),
        most=500,
        rows=2,
    )
    reported_elsewhere = Words(
        gettext_lazy("Have you reported it anywhere else?"),
        hint=gettext_lazy("Where, and under which number."),
        most=300,
    )

    def fold(self, content: Content) -> None:
        how: dict[str, Any] = {name: told for name, told in self.cleaned_data.items() if told}
        if first_hand := how.pop("first_hand", ""):
            how["first_hand"] = first_hand == "yes"
        content["how"] = how


class AboutForm(PageForm):
    """Anonymous unless somebody chooses otherwise; who they are never enters the content."""

    parts = (
        Part(
            ("name", "phone", "email", "address", "firm", "safe_times"),
            gettext_lazy("How we can reach you"),
        ),
        Part(("at_risk", "risk"), gettext_lazy("Your safety")),
        Part(("language", "interpreter"), gettext_lazy("Language")),
    )

    mode = One(gettext_lazy("How do you want to report?"), answers.MODE)
    name = Words(gettext_lazy("Your name"))
    phone = Words(gettext_lazy("Telephone"), most=60, width=20, inputmode="tel")
    email = Words(
        gettext_lazy("E-mail address"),
        hint=gettext_lazy("Not one from work. We only ever write that there is a message."),
        inputmode="email",
    )
    address = Words(gettext_lazy("Postal address"), most=500, rows=3)
    firm = Words(gettext_lazy("Where you work, if it matters"))
    safe_times = Words(
        gettext_lazy("When and how is it safe to contact you?"),
        hint=gettext_lazy("For example: only by telephone, on weekdays after 18."),
        most=500,
        rows=2,
    )
    at_risk = Tick(
        gettext_lazy("This report could put me or somebody else in danger"),
        hint=gettext_lazy("It is then looked at within the hour."),
    )
    risk = Words(
        gettext_lazy("What are you afraid of?"),
        hint=gettext_lazy("For example who would suspect you, and why."),
        most=2000,
        rows=3,
    )
    language = Words(
        gettext_lazy("In which language shall we write?"),
        hint=gettext_lazy("If it is not the language of this page."),
        most=60,
        width=20,
    )
    interpreter = Tick(gettext_lazy("I need an interpreter"))

    def arrange(self) -> None:
        if self.chosen == ANONYMOUS:
            # What was typed stays in the draft, should they change their mind; it goes nowhere.
            for name in (*IDENTITY, "safe_times"):
                self.fields.pop(name)

    @property
    def chosen(self) -> str:
        told = self.said("mode")
        return told if told in answers.MODE else ANONYMOUS

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if self.chosen == "named" and not told.get("name"):
            self.add_error("name", _("Enter your name, or choose to report without it."))
        if self.chosen != ANONYMOUS and not any(
            told.get(name) or self.has_error(name) for name in ("phone", "email", "address")
        ):
            self.add_error(
                "phone",
                _("Give a telephone number or an address to reach you, or stay anonymous."),
            )
        return told

    def fold(self, content: Content) -> None:
        told = {name: value for name, value in self.cleaned_data.items() if value}
        about = {name: value for name, value in told.items() if name not in IDENTITY}
        about["mode"] = self.chosen
        if self.chosen != ANONYMOUS:
            about["may_contact"] = True
        content["about"] = about

    def identity(self) -> dict[str, str] | None:
        """Who it is, for an envelope of its own; nobody when anonymous."""
        if self.chosen == ANONYMOUS:
            return None
        told = {name: self.cleaned_data.get(name, "") for name in IDENTITY}
        told["organisation"] = told.pop("firm")
        return {name: value for name, value in told.items() if value} or None
