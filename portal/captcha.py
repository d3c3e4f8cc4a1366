"""The challenge on forms that nobody logs in for: a form beside the form.

    challenge = ChallengeForm(request.POST or None, request=request, purpose="report")
    if form.is_valid() and challenge.is_valid():   # this one last: asking it spends the answer
        …
    return render(request, page, {"form": form, "challenge": challenge})

The page includes portal/includes/challenge.html inside its own <form>. Whatever happens, only the
challenge is asked anew; the other fields are not touched. A press on one of its buttons named
`new_challenge` is no answer: `is_valid()` is then False without an error, so the page comes again.
"""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from portal import challenges, limits, voices, work
from portal.challenges import PICTURE, QUESTION, Challenge

ANEW = "new_challenge"
# A name that a program fills in gladly and a browser's memory of addresses does not know.
TRAP = "subject_line"


class ChallengeForm(forms.Form):
    """One answer, two when it has to be harder; spent by `is_valid()`, once."""

    challenge_answer = forms.CharField(max_length=200, required=False)
    challenge_second = forms.CharField(max_length=200, required=False)
    challenge_stamp = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)
    challenge_work = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)
    subject_line = forms.CharField(
        max_length=200, required=False, label=gettext_lazy("Leave this empty")
    )

    def __init__(self, data: Any = None, *, request: HttpRequest, purpose: str = "report") -> None:
        super().__init__(data)
        self.request = request
        self.purpose = purpose
        self.worked = False
        self._asked = False

    # --- Answering ---------------------------------------------------------------------------

    @property
    def asked_anew(self) -> bool:
        """The person pressed a button for another challenge; nothing was answered."""
        return self.is_bound and ANEW in self.data

    def is_valid(self) -> bool:
        self._asked = True
        return not self.asked_anew and super().is_valid()

    @property
    def errors(self) -> ErrorDict:
        """Showing a page whose other fields are wrong asks nothing, and so spends nothing."""
        if not self._asked:
            return ErrorDict(renderer=self.renderer)
        return super().errors

    def full_clean(self) -> None:
        if self.asked_anew:
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data: dict[str, Any] = {}
            return
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        if problem := self._problem(self.answered):
            limits.note(self.request, "wrong")
            self.add_error("challenge_answer", problem)
        else:
            limits.note(self.request, "solved" if self.worked else "solved without work")
        return self.cleaned_data

    @cached_property
    def answered(self) -> Challenge | None:
        """What the page that was sent had asked; None when it carries no stamp of ours."""
        text = self.data.get("challenge_stamp", "") if self.is_bound else ""
        return challenges.read_stamp(text, self.purpose) if text else None

    def _problem(self, asked: Challenge | None) -> str:
        """What is wrong with the answer, as a sentence; empty when nothing is, and it is spent."""
        if asked is None or not self.cleaned_data.get("challenge_answer"):
            challenges.burn(asked.keys if asked else ())
            return _("Answer the question below. Everything else that you typed is kept.")
        if problem := self._suspicion(asked):
            challenges.burn(asked.keys)
            return problem
        return "" if self._spend(asked) else self._wrong(asked)

    def _suspicion(self, asked: Challenge) -> str:
        """What speaks against a person in time, whatever the answer is."""
        given = self.cleaned_data
        if asked.expired:
            return _(
                "More than ten minutes had passed, so there is a new one below. "
                "Everything else that you typed is kept."
            )
        if given.get(TRAP):
            return _(
                "A field that is not shown was filled in, perhaps by your browser. "
                "Please answer once more. Everything else that you typed is kept."
            )
        self.worked = work.spend(given.get("challenge_work", ""), self.purpose, asked.level)
        if time.time() - asked.issued < settings.CHALLENGE_SECONDS[0 if self.worked else 1]:
            return _(
                "That was quicker than a person can be. Please answer once more. "
                "Everything else that you typed is kept."
            )
        return ""

    def _spend(self, asked: Challenge) -> bool:
        """One after the other: who was first with the first is the only one to get further."""
        fields = ("challenge_answer", "challenge_second")
        spared = asked.second_without_work_only and self.worked
        for at, (key, field) in enumerate(zip(asked.keys, fields, strict=False)):
            typed = self.cleaned_data.get(field, "")
            if not (at and spared) and not challenges.spend(key, asked.kind, typed):
                challenges.burn(asked.keys[at:])
                return False
        return True

    def _wrong(self, asked: Challenge) -> str:
        if asked.kind == QUESTION:
            return _(
                "Those were not the words. There is a new question below. "
                "Everything else that you typed is kept."
            )
        return _(
            "Those were not the characters. There is a new picture below. "
            "Everything else that you typed is kept."
        )

    # --- Showing -----------------------------------------------------------------------------

    @cached_property
    def shown(self) -> Challenge:
        """What the page asks: the same as before only when it was not answered yet."""
        before = self.answered
        unanswered = self.is_bound and not self.asked_anew and self._errors is None
        if unanswered and before and challenges.are_live(before.keys):
            return before
        limits.note(self.request, "shown")
        return challenges.issue(
            purpose=self.purpose,
            kind=self._kind(before),
            level=limits.difficulty(self.request),
            language=get_language() or settings.LANGUAGE_CODE,
        )

    def _kind(self, before: Challenge | None) -> str:
        wanted = self.data.get(ANEW, "") if self.is_bound else ""
        if wanted in challenges.KINDS:
            return str(wanted)
        return before.kind if before else PICTURE

    @property
    def typed(self) -> str:
        """What stands in the field: only what was typed for this very challenge."""
        same = self.is_bound and self.shown is self.answered
        return self.data.get("challenge_answer", "") if same else ""

    @property
    def stamp(self) -> str:
        return challenges.stamp(self.shown)

    @property
    def work(self) -> str:
        return work.challenge(self.purpose, self.shown.level)

    @property
    def asks_in_words(self) -> bool:
        return self.shown.kind == QUESTION

    @property
    def speaks(self) -> bool:
        """Whether this machine can say it in the language of the page."""
        return voices.speaks(get_language() or settings.LANGUAGE_CODE)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Each challenge with its addresses or its question, in the order of the fields."""
        space = "challenge" if self.request.path_info.startswith("/report/") else "site_challenge"
        shown = self.shown
        return [
            {
                "field": self[name],
                "question": shown.questions[at] if shown.questions else "",
                "picture": reverse(f"{space}:picture", args=[key]),
                "sound": reverse(f"{space}:sound", args=[key]),
                "label": self._label(at),
                "value": self.typed if at == 0 else "",
                "second": at > 0,
            }
            for at, (name, key) in enumerate(
                zip(("challenge_answer", "challenge_second"), shown.keys, strict=False)
            )
        ]

    def _label(self, at: int) -> str:
        shown = self.shown
        if shown.kind == QUESTION:
            return _("Your answer") if at == 0 else _("Your second answer")
        length = shown.length
        if at == 0:
            return ngettext(
                "Type the %(count)d character you see or hear",
                "Type the %(count)d characters you see or hear",
                length,
            ) % {"count": length}
        return _("Type the characters of the second picture")
