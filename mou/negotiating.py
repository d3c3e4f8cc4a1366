"""Pages about clauses, alike for both sides: what is shown, and which action a form calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from mou import clauses
from mou import negotiation_permissions as permissions
from mou.actions import negotiation
from mou.clauses import ClauseState
from mou.lifecycle import VersionStatus
from mou.models import ClauseProposal, Mou, MouVersion
from mou.negotiation_forms import BareForm, CommentForm, CounterForm, RefuseForm, WordingForm
from portal.errors import DomainError, NotAllowed
from portal.models import User
from portal.requests import PersonRequest


@dataclass(frozen=True)
class Way:
    """A verb about a clause or a proposal: its form, its action, and what is said when done."""

    form: type[forms.Form]
    act: Callable[..., Any]
    done: Any


# Of the clause itself, by name; a proposal is needed for the others.
ON_CLAUSE = {
    "comment": Way(CommentForm, negotiation.comment, _("Your comment is with the other side.")),
    "propose": Way(
        WordingForm, negotiation.propose_wording, _("Your wording is proposed to the other side.")
    ),
}
ON_PROPOSAL = {
    "accept": Way(
        BareForm,
        negotiation.accept_wording,
        _("The wording is accepted. The next draft of the text says it."),
    ),
    "refuse": Way(RefuseForm, negotiation.refuse_wording, _("The wording is refused.")),
    "counter": Way(
        CounterForm, negotiation.counter_wording, _("Your wording is proposed in its place.")
    ),
    "withdraw": Way(BareForm, negotiation.withdraw_wording, _("The wording is taken back.")),
}


@dataclass
class Clauses:
    """The clauses of one agreement's text, for one reader; 404 while there is none to read."""

    mou: Mou
    reader: User

    def __post_init__(self) -> None:
        version = clauses.shown_version(self.mou, self.reader)
        if version is None:
            raise Http404
        self.version: MouVersion = version
        self.states = clauses.states(self.mou, version)

    def clause(self, code: str) -> ClauseState:
        found = next((one for one in self.states if one.code == code), None)
        if found is None:
            raise Http404
        return found

    @property
    def context(self) -> dict[str, Any]:
        """What the list shows."""
        return {
            "mou": self.mou,
            "version": self.version,
            "clauses": self.states,
            "open": sum(one.open is not None for one in self.states),
            "unwritten": sum(one.is_unwritten for one in self.states),
            "left_out": self._left_out(),
            "may_negotiate": permissions.can_comment(self.reader, self.mou),
        }

    def _left_out(self) -> list[clauses.LeftOut]:
        """Only while the text can still be changed."""
        if self.version.status != VersionStatus.DRAFT:
            return []
        return clauses.left_out(self.mou, self.version.content.get("language", ""))

    def page(self, code: str, tried: dict[str, forms.Form] | None = None) -> dict[str, Any]:
        """What the page of one clause shows, with the form that was not right, if any."""
        clause = self.clause(code)
        ways = self._ways(clause)
        for form in (tried or {}).values():
            # The page shows the clause as it is now: sent again, that is what was read.
            form.data = {**{name: form.data[name] for name in form.data}, "base": clause.mark}
        return {
            "mou": self.mou,
            "version": self.version,
            "clause": clause,
            "thread": clause.thread(clauses.names_for(self.reader, clause)),
            "ways": ways,
            # A form that was sent is shown again even where its button is gone.
            "forms": {**{verb: self._form(verb, clause) for verb in ways}, **(tried or {})},
            "tried": next(iter(tried), "") if tried else "",
            "form": next(iter(tried.values()), None) if tried else None,
        }

    def _ways(self, clause: ClauseState) -> list[str]:
        user, found = self.reader, []
        if (proposal := clause.open) is not None:
            proposal.mou = self.mou
            answers = ("accept", "counter", "refuse")
            found += [one for one in answers if permissions.can_answer(user, proposal, one)]
            if permissions.can_withdraw_wording(user, proposal):
                found.append("withdraw")
        elif clause.is_negotiable and permissions.can_propose_wording(user, self.mou):
            found.append("propose")
        if permissions.can_comment(user, self.mou):
            found.append("comment")
        return found

    def _form(self, verb: str, clause: ClauseState) -> forms.Form:
        way = (ON_CLAUSE | ON_PROPOSAL)[verb]
        wording = clause.open.wording if clause.open is not None else clause.text
        initial = {"base": clause.mark, "wording": wording}
        return way.form(initial=initial, auto_id=f"id_{verb}_%s")


def tell(
    request: PersonRequest, mou: Mou, code: str, verb: str, proposal: ClauseProposal | None
) -> forms.Form | None:
    """Do what a form asks for; returns the form where it is not right, with what was typed."""
    way = (ON_CLAUSE | ON_PROPOSAL)[verb]
    form = way.form(request.POST, auto_id=f"id_{verb}_%s")
    if not form.is_valid():
        return form
    thing: dict[str, Any] = {"mou": mou, "code": code}
    if proposal is not None:
        thing = {"proposal": proposal}
    try:
        way.act(**thing, **form.cleaned_data, by=request.user)
    except NotAllowed as error:
        raise Http404(str(error)) from error
    except DomainError as error:
        if not form.fields:
            raise
        form.add_error(None, str(error))
        return form
    messages.success(request, str(way.done))
    return None
