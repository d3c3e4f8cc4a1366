"""The verbs of an exchange at the desk: one line each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from partners import exchange_permissions as permissions
from partners.actions import consents, correspondence, exchange_pauses, exchanges, our_words
from partners.admin_views.exchange_verb import Verb
from partners.forms import exchanges as forms
from partners.forms import our_words as ours
from partners.forms import partner_words as theirs
from partners.forms.exchange_fields import ChannelForm, ExchangeForm
from partners.models import Exchange
from portal.models import User

_SEALED = _("It is sealed. A supervisor who did not write it has to approve it.")


def _approves(kind: str, text: Any, form: type[ExchangeForm]) -> Verb:
    name = f"approve_{kind}"
    may, act = getattr(permissions, f"can_{name}"), getattr(our_words, name)
    done, button = _("Approved. It may be sent."), _("Approve")
    return Verb(name, text, may, act, done, form, reads=True, button=button, shows=kind)


STARTS = [
    Verb(
        "draft",
        _("Write a request"),
        permissions.can_draft,
        exchanges.draft,
        _("The draft is sealed. A supervisor who did not write it has to approve it."),
        forms.DraftForm,
        seals=True,
        button=_("Seal it"),
    ),
    Verb(
        "register",
        _("Enter what came in"),
        permissions.can_register,
        exchanges.register,
        _("It is entered and sealed, and its clock runs from receipt."),
        forms.RegisterForm,
        seals=True,
        button=_("Seal it"),
    ),
]
VERBS = [
    Verb(
        "approve",
        _("Approve"),
        permissions.can_approve,
        exchanges.approve,
        _("Approved. It may be sent."),
        forms.ApproveForm,
        reads=True,
        button=_("Approve"),
        shows="content",
    ),
    Verb(
        "send",
        _("It has been sent"),
        permissions.can_send,
        exchanges.send,
        _("It is kept that it was sent, and the clock of the answer runs."),
        ChannelForm,
        _("Send it by the channel that you name here. The instrument is looked at once more."),
    ),
    Verb(
        "edit",
        _("Change"),
        permissions.can_edit,
        exchanges.edit,
        _("The new wording is sealed. It has to be approved."),
        forms.EditForm,
        seals=True,
        reads=True,
        button=_("Seal it"),
    ),
    Verb(
        "acknowledge",
        _("Acknowledge receipt"),
        permissions.can_acknowledge,
        correspondence.acknowledge,
        _("It is kept that it was received."),
        theirs.AcknowledgeForm,
    ),
    Verb(
        "draft_answer",
        _("Write our answer"),
        permissions.can_draft_answer,
        our_words.draft_answer,
        _SEALED,
        ours.AnswerForm,
        seals=True,
        reads=True,
        button=_("Seal it"),
    ),
    Verb(
        "draft_question",
        _("Write a question"),
        permissions.can_draft_question,
        our_words.draft_question,
        _SEALED,
        ours.DraftQuestionForm,
        seals=True,
        reads=True,
        button=_("Seal it"),
    ),
    Verb(
        "draft_notice",
        _("Write a notice of pause"),
        permissions.can_draft_notice,
        our_words.draft_notice,
        _SEALED,
        ours.DraftNoticeForm,
        _("The clock runs until the notice was approved and has left."),
        seals=True,
        reads=True,
        button=_("Seal it"),
    ),
    Verb(
        "draft_refusal",
        _("Write a refusal"),
        permissions.can_draft_refusal,
        our_words.draft_refusal,
        _SEALED,
        ours.DraftRefusalForm,
        _("The answer is owed until the refusal was approved and has left."),
        seals=True,
        reads=True,
        button=_("Seal it"),
    ),
    _approves("answer", _("Approve the answer"), ours.ApproveAnswerForm),
    _approves("question", _("Approve the question"), ours.ApproveQuestionForm),
    _approves("notice", _("Approve the notice"), ours.ApproveNoticeForm),
    _approves("refusal", _("Approve the refusal"), ours.ApproveRefusalForm),
    Verb(
        "answer",
        _("Answered in full"),
        permissions.can_answer,
        correspondence.answer,
        _("It is answered, and its clock has ended."),
        theirs.PartnersAnswerForm,
        seals=True,
        reads=True,
    ),
    Verb(
        "answer_in_part",
        _("Answered in part"),
        permissions.can_answer_in_part,
        correspondence.answer_in_part,
        _("The part is kept. The rest is still owed, and the clock runs on."),
        theirs.PartnersAnswerForm,
        seals=True,
        reads=True,
    ),
    Verb(
        "ask_clarification",
        _("Clarification asked"),
        permissions.can_ask_clarification,
        correspondence.ask_clarification,
        _("The question is sealed. The clock runs on unless it is paused."),
        theirs.QuestionForm,
        seals=True,
    ),
    Verb(
        "clarify",
        _("Clarified"),
        permissions.can_clarify,
        correspondence.clarify,
        _("The clarification is sealed."),
        theirs.ClarifyForm,
        seals=True,
    ),
    Verb(
        "confirm",
        _("Confirmed in writing"),
        permissions.can_confirm,
        correspondence.confirm,
        _("It is kept that it was confirmed in writing."),
        theirs.ConfirmForm,
        seals=True,
    ),
    Verb(
        "pause",
        _("Pause the clock"),
        permissions.can_pause,
        exchange_pauses.pause,
        _("The clock stands still."),
        theirs.PauseForm,
        _("Give the other side notice first: without notice no clock stops."),
        seals=True,
    ),
    Verb(
        "resume",
        _("Let the clock go on"),
        permissions.can_resume,
        exchange_pauses.resume,
        _("The clock goes on with what was left of it."),
        theirs.ResumeForm,
        seals=True,
    ),
    Verb(
        "refuse",
        _("Refused"),
        permissions.can_refuse,
        correspondence.refuse,
        _("The refusal and its reasons are kept."),
        theirs.RefuseForm,
        seals=True,
    ),
    Verb(
        "record_consent",
        _("Consent to further use"),
        permissions.can_record_consent,
        consents.record_consent,
        _("What the supplier said is kept."),
        theirs.ConsentForm,
        seals=True,
    ),
    Verb(
        "withdraw_consent",
        _("Consent taken back"),
        permissions.can_withdraw_consent,
        consents.withdraw_consent,
        _("From now on nothing of it is passed on. What left before stays recorded."),
        theirs.WithdrawForm,
        seals=True,
    ),
    Verb(
        "take",
        _("Take it"),
        permissions.can_take,
        correspondence.take,
        _("It is yours now."),
    ),
    Verb(
        "close",
        _("Close"),
        permissions.can_close,
        correspondence.close,
        _("The exchange is closed."),
    ),
    Verb(
        "set_aside",
        _("Entered by mistake"),
        permissions.can_set_aside,
        exchanges.set_aside,
        _("It is set aside, and its clock has ended. Enter anew what is right."),
        theirs.SetAsideForm,
        _("Only where it was entered twice, or under a wrong partner or code."),
        danger=True,
        button=_("Set it aside"),
    ),
    Verb(
        "discard",
        _("Not sent after all"),
        permissions.can_discard,
        exchanges.discard,
        _("The draft is closed; it is not sent."),
        danger=True,
    ),
]


def buttons_of(user: User, exchange: Exchange) -> list[Verb]:
    return [verb for verb in VERBS if verb.may(user, exchange)]
