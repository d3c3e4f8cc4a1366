"""The library: a clause of the standard text is drafted anew, and approved by another officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import clauses, contents, documents, lifecycle
from mou import library_permissions as permissions
from mou.lifecycle import RevisionStatus
from mou.models import Clause, ClauseRevision, Programme, Template
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def revise(
    *,
    template: Template,
    code: str,
    title: str,
    text: str,
    is_negotiable: bool,
    reason: str,
    by: User,
) -> ClauseRevision:
    """Draft what a clause is to say; nothing changes before another officer approves it.

    `template` is the version that was read: what a newer one says is not undone unseen.
    """
    if not permissions.can_revise(by):
        raise NotAllowed(_("Only caseworkers and supervisors change the standard text."))
    _lock(template)
    _demand_newest(template)
    clause = _clause(template, code)
    text, title, reason = clauses.clean(text), title.strip(), reason.strip()
    if not (text and title and reason):
        raise DomainError(_("Write a title, a text and the reason."))
    if (text, title, is_negotiable) == (_text(clause), clause.title, clause.is_negotiable):
        raise DomainError(_("That is what the clause says now. Change it."))
    _demand_printable(title, text)
    waiting = _of_language(clause.template).filter(code=code, status=RevisionStatus.DRAFTED)
    if waiting.exists():
        raise AlreadyDone(_("A revision of this clause waits for approval already."))
    revision = ClauseRevision.objects.create(
        template=clause.template,
        code=code,
        base=_text(clause),
        title=title,
        text=text,
        is_negotiable=is_negotiable,
        reason=reason,
        drafted_by=by,
    )
    audit.record("clause_revised", target=revision, by=by, clause=code)
    return revision


@transaction.atomic
def approve(*, revision: ClauseRevision, by: User) -> Template:
    """Another officer approves it: the next version of the standard text is made and used.

    The version before stays for the agreements that were drafted from it.
    """
    revision = _locked(revision)
    _demand(revision, "approve", by)
    old = _newest(revision.template)
    if _text(_clause(old, revision.code)) != revision.base:
        raise DomainError(
            _("The clause has changed since this was drafted. Refuse it, and draft it again.")
        )
    made = _next_version(old, revision)
    _decide(revision, "approve", by, made=made)
    audit.record("clause_approved", target=revision, by=by, clause=revision.code, made=made.pk)
    return made


@transaction.atomic
def refuse(*, revision: ClauseRevision, reason: str, by: User) -> ClauseRevision:
    """The standard text stays as it is."""
    revision = _locked(revision)
    _demand(revision, "refuse", by)
    if not reason.strip():
        raise DomainError(_("Give the reason: whoever drafted it reads it."))
    _decide(revision, "refuse", by, decision=reason.strip())
    audit.record("clause_refused", target=revision, by=by, clause=revision.code)
    return revision


@transaction.atomic
def withdraw(*, revision: ClauseRevision, by: User) -> ClauseRevision:
    """Whoever drafted it takes it back."""
    revision = _locked(revision)
    if not permissions.can_withdraw(by, revision):
        lifecycle.after(lifecycle.REVISION, "withdraw", revision.status)
        raise NotAllowed(_("Only the officer who drafted a revision takes it back."))
    _decide(revision, "withdraw", by)
    audit.record("clause_withdrawn", target=revision, by=by, clause=revision.code)
    return revision


def _next_version(old: Template, revision: ClauseRevision) -> Template:
    today = timezone.localdate()
    same = Template.objects.filter(programme=old.programme_id, language=old.language)
    number = same.aggregate(last=Max("version"))["last"] + 1
    copied = list(old.clauses.order_by("position"))
    made = Template.objects.create(
        programme_id=old.programme_id,
        language=old.language,
        version=number,
        title=old.title,
        months=old.months,
        valid_from=today,
    )
    for clause in copied:
        clause.pk, clause.template = None, made
        if clause.code == revision.code:
            clause.title, clause.text = revision.title, revision.text
            clause.is_negotiable = revision.is_negotiable
    Clause.objects.bulk_create(copied)
    same.current(today).exclude(pk=made.pk).update(valid_to=today - timedelta(days=1))
    return made


def _lock(template: Template) -> None:
    """One change of a programme's texts at a time."""
    Programme.objects.select_for_update().get(pk=template.programme_id)


def _locked(revision: ClauseRevision) -> ClauseRevision:
    _lock(revision.template)
    found = ClauseRevision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    found.template = revision.template
    return found


def _newest(template: Template) -> Template:
    same = Template.objects.filter(programme=template.programme_id, language=template.language)
    found = same.current(timezone.localdate()).first()
    if found is None:
        raise DomainError(_("No standard text in this language is in use now."))
    return found


def _of_language(template: Template) -> Any:
    return ClauseRevision.objects.filter(
        template__programme=template.programme_id, template__language=template.language
    )


def _clause(template: Template, code: str) -> Clause:
    found = template.clauses.filter(code=code).first()
    if found is None:
        raise DomainError(_("The standard text in use has no such clause."))
    found.template = template
    return found


def _text(clause: Clause) -> str:
    return clauses.clean(clause.text)


def _demand_newest(template: Template) -> None:
    if _newest(template) != template:
        raise DomainError(
            _("A newer version of this text is in use. Open that one, and draft the change there.")
        )


def _demand_printable(title: str, text: str) -> None:
    """The places are known, and the document has a glyph for each character."""
    contents.check_places(text)
    if lacking := documents.lacking({"text": text, "title": title}):
        raise DomainError(
            _("The document cannot show these characters: %(characters)s Use Latin letters.")
            % {"characters": lacking}
        )


def _demand(revision: ClauseRevision, verb: str, by: User) -> None:
    may = permissions.can_approve if verb == "approve" else permissions.can_refuse
    if not may(by, revision):
        lifecycle.after(lifecycle.REVISION, verb, revision.status)
        raise NotAllowed(_("Another supervisor than drafted it decides."))


def _decide(
    revision: ClauseRevision,
    verb: str,
    by: User,
    decision: str = "",
    made: Template | None = None,
) -> None:
    revision.status = lifecycle.after(lifecycle.REVISION, verb, revision.status)
    revision.decided_at, revision.decided_by = timezone.now(), by
    revision.decision, revision.made = decision, made
    revision.save(update_fields=["status", "decided_at", "decided_by", "decision", "made"])
