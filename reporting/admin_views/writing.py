"""The verbs by which something is written about a report, handed over, or said to the reporter."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reporting import permissions
from reporting.actions import conversation, notes, referrals
from reporting.admin_views.verb import Verb
from reporting.forms import desk_words as words

TABLE = (
    Verb(
        "add_note",
        _("Add a note"),
        permissions.can_add_note,
        notes.add_note,
        _("The note is sealed."),
        "notes",
        form=words.NoteForm,
        lead=_("Keep facts apart from what you make of them: write two notes."),
        sealed=True,
        with_keys=True,
    ),
    Verb(
        "categorise",
        _("Categorise"),
        permissions.can_categorise,
        notes.categorise,
        _("The category is kept."),
        "people",
        form=words.CategoriseForm,
        title=_("What is this person in the report?"),
        button=_("Keep the category"),
        sealed=True,
        reads=True,
        with_keys=True,
    ),
    Verb(
        "sanitise",
        _("Write a sanitised version"),
        permissions.can_sanitise,
        notes.sanitise,
        _("The sanitised version is sealed; only it may leave."),
        "sanitised",
        form=words.SanitiseForm,
        button=_("Keep this version"),
        sealed=True,
        reads=True,
        with_keys=True,
    ),
    Verb(
        "record_consent",
        _("Record the consent"),
        permissions.can_record_consent,
        referrals.record_consent,
        _("The consent is recorded."),
        "referrals",
        form=words.ConsentForm,
        title=_("The source lets it be passed on"),
    ),
    Verb(
        "withdraw_consent",
        _("The source takes its consent back"),
        permissions.can_withdraw_consent,
        referrals.withdraw_consent,
        _("Nothing more is passed on. What left before stays recorded."),
        "referrals",
    ),
    Verb(
        "refer",
        _("Refer"),
        permissions.can_refer,
        referrals.refer,
        _("Referred: the sanitised version is handed over."),
        "referrals",
        form=words.ReferForm,
        title=_("Hand it over"),
        lead=_("The latest sanitised version leaves, with the handling code; nothing else does."),
        sealed=True,
        with_keys=True,
        reads=True,
        template="admin/reporting/report/refer.html",
    ),
    Verb(
        "reply",
        _("Reply"),
        permissions.can_reply,
        conversation.reply,
        _("The reply is signed and lies in the reporter’s inbox."),
        "conversation",
        form=words.ReplyForm,
        title=_("Write to the reporter"),
        button=_("Sign and send"),
        sealed=True,
        with_keys=True,
    ),
    Verb(
        "give_feedback",
        _("Give feedback"),
        permissions.can_give_feedback,
        conversation.give_feedback,
        _("The firm reads it among its reports."),
        "conversation",
        form=words.FeedbackForm,
        lead=_(
            "The firm is told one of these sentences, and nothing else. Its owners get an e-mail "
            "that there is a message, if the report is open while you give it."
        ),
        with_keys=True,
    ),
    Verb(
        "read_news",
        _("Mark as read"),
        permissions.can_read_news,
        conversation.read_news,
        _("Marked as read."),
        "conversation",
        sealed=True,
        seen=conversation.messages_of,
    ),
)
