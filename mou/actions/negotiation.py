"""Negotiation: comment on a clause, propose another wording, and answer what was proposed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import clauses, course, documents, lifecycle, notifications
from mou import negotiation_permissions as permissions
from mou.actions.locking import lock
from mou.lifecycle import VersionStatus
from mou.models import ClauseComment, ClauseProposal, Mou, MouVersion, Party
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User

# Who is told when this side has said something.
TELLS = {Party.BUSINESS.value: "firm_negotiated", Party.ADMINISTRATION.value: "office_negotiated"}


@transaction.atomic
def comment(*, mou: Mou, code: str, text: str, by: User) -> ClauseComment:
    """Either side says something about a clause of the text that is with the firm."""
    mou = lock(mou)
    if not permissions.can_comment(by, mou):
        course.demand(course.course_of(mou), "negotiate")
        raise NotAllowed(_("Only the two sides of an agreement comment on its text."))
    version = _text_of(mou, code)
    made = ClauseComment.objects.create(
        mou=mou,
        version=version,
        code=code,
        text=_said(text, _("Write your comment.")),
        party=Party.ADMINISTRATION if by.is_staff else Party.BUSINESS,
        made_by=by,
    )
    _record("clause_commented", mou, by, code, made.party)
    return made


@transaction.atomic
def propose_wording(
    *, mou: Mou, code: str, base: str, wording: str, reason: str, by: User
) -> ClauseProposal:
    """One side wants the clause to say something else than the text that was read.

    `base` is the mark of the wording on the page: a clause that changed meanwhile is refused.
    """
    mou = lock(mou)
    if not permissions.can_propose_wording(by, mou):
        course.demand(course.course_of(mou), "negotiate")
        raise NotAllowed(_("Only a caseworker or an owner of the firm proposes a wording."))
    version = _text_of(mou, code)
    if not clauses.is_negotiable(version, code):
        raise DomainError(_("This clause is the same for everybody and cannot be negotiated."))
    clause = clauses.find(version, code)
    assert clause is not None  # noqa: S101 - _text_of() has refused otherwise
    if clauses.mark_of(clauses.text_of(clause)) != base:
        raise DomainError(
            _("The clause has changed since you opened the page. Read it as it is now.")
        )
    if ClauseProposal.objects.open().filter(mou=mou, code=code).exists():
        raise AlreadyDone(
            _("A wording for this clause is waiting already. Answer it, or withdraw it first.")
        )
    made = _make(mou, version, code, clauses.text_of(clause), wording, reason, by)
    _record("wording_proposed", mou, by, code, made.party)
    return made


@transaction.atomic
def accept_wording(*, proposal: ClauseProposal, by: User) -> ClauseProposal:
    """The other side wants it as well: the next draft says it."""
    proposal = _locked(proposal)
    _demand_answer(proposal, "accept", by)
    _decide(proposal, "accept", by)
    _record("wording_accepted", proposal.mou, by, proposal.code, _other(proposal))
    return proposal


@transaction.atomic
def refuse_wording(*, proposal: ClauseProposal, reason: str, by: User) -> ClauseProposal:
    """The other side does not want it, and says why; the clause stays as it is."""
    proposal = _locked(proposal)
    _demand_answer(proposal, "refuse", by)
    said = _said(reason, _("Give the reason: the other side reads it."))
    _decide(proposal, "refuse", by, decision=said)
    _record("wording_refused", proposal.mou, by, proposal.code, _other(proposal))
    return proposal


@transaction.atomic
def counter_wording(
    *, proposal: ClauseProposal, wording: str, reason: str, by: User
) -> ClauseProposal:
    """The other side proposes yet another wording instead; returns that one."""
    proposal = _locked(proposal)
    _demand_answer(proposal, "counter", by)
    if clauses.clean(wording) == proposal.wording:
        raise DomainError(_("That is the wording that was proposed. Accept it, or change it."))
    _decide(proposal, "counter", by)
    mou, version = proposal.mou, proposal.version
    made = _make(mou, version, proposal.code, proposal.base, wording, reason, by, proposal)
    _record("wording_countered", mou, by, proposal.code, made.party)
    return made


@transaction.atomic
def withdraw_wording(*, proposal: ClauseProposal, by: User) -> ClauseProposal:
    """The side that proposed it takes it back."""
    proposal = _locked(proposal)
    if not permissions.can_withdraw_wording(by, proposal):
        _demand_open(proposal, "withdraw")
        raise NotAllowed(_("Only the side that proposed a wording takes it back."))
    _decide(proposal, "withdraw", by)
    _record("wording_withdrawn", proposal.mou, by, proposal.code, proposal.party)
    return proposal


def lapse(mou: Mou, *, but: str = "") -> None:
    """In the caller's transaction: the text is given up, and with it what was proposed for it.

    `but` is the language that a new draft goes on in: only what was proposed in others lapses.
    """
    for proposal in ClauseProposal.objects.open().filter(mou=mou).exclude(language=but):
        _decide(proposal, "lapse", None)


def demand_settled(mou: Mou, version: MouVersion) -> None:
    """Refuse to agree a text while a wording waits, or while an agreed one is not in it."""
    waiting = set(ClauseProposal.objects.open().filter(mou=mou).values_list("code", flat=True))
    if waiting:
        titles = [one["title"] for one in version.content["clauses"] if one["code"] in waiting]
        raise DomainError(
            _(
                "Other wordings are still proposed for: %(clauses)s. Answer them, or withdraw "
                "yours, and then accept the text."
            )
            % {"clauses": ", ".join(titles) or ", ".join(sorted(waiting))}
        )
    demand_written(mou, version)


def demand_written(mou: Mou, version: MouVersion) -> None:
    """Refuse a text that lacks a wording on which both sides agreed."""
    if titles := clauses.unwritten(mou, version):
        raise DomainError(
            _(
                "This text does not say yet what both sides agreed for: %(clauses)s. "
                "A caseworker drafts it again first."
            )
            % {"clauses": ", ".join(titles.values())}
        )


def write_into(version: MouVersion) -> None:
    """In the caller's transaction: note which agreed wordings this draft is the first to say."""
    agreed = clauses.accepted_wordings(version.mou, version.content["language"])
    said = [
        proposal.pk
        for code, proposal in agreed.items()
        if (clause := clauses.find(version, code)) is not None
        and clauses.text_of(clause) == clauses.wording_now(proposal, version.mou)
    ]
    ClauseProposal.objects.filter(pk__in=said, written_in=None).update(written_in=version)


def _text_of(mou: Mou, code: str) -> MouVersion:
    """The draft that is with the firm, if it has this clause."""
    version = MouVersion.objects.filter(mou=mou, status=VersionStatus.DRAFT).first()
    if version is None or clauses.find(version, code) is None:
        raise DomainError(_("The text has no such clause now. Reload the page."))
    return version


def _locked(proposal: ClauseProposal) -> ClauseProposal:
    """The proposal as it is now, its agreement locked first."""
    mou = lock(proposal.mou)
    proposal = ClauseProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    proposal.mou = mou
    return proposal


def _demand_answer(proposal: ClauseProposal, verb: str, by: User) -> None:
    if not permissions.can_answer(by, proposal, verb):
        _demand_open(proposal, verb)
        raise NotAllowed(_("The side that did not propose a wording answers it."))


def _demand_open(proposal: ClauseProposal, verb: str) -> None:
    course.demand(course.course_of(proposal.mou), "settle")
    lifecycle.after(lifecycle.PROPOSAL, verb, proposal.status)


def _decide(proposal: ClauseProposal, verb: str, by: User | None, decision: str = "") -> None:
    proposal.status = lifecycle.after(lifecycle.PROPOSAL, verb, proposal.status)
    proposal.decided_at, proposal.decided_by = timezone.now(), by
    proposal.decision = decision
    proposal.save(update_fields=["status", "decided_at", "decided_by", "decision"])


def _make(
    mou: Mou,
    version: MouVersion,
    code: str,
    base: str,
    wording: str,
    reason: str,
    by: User,
    counters: ClauseProposal | None = None,
) -> ClauseProposal:
    wording = clauses.clean(wording)
    if not wording:
        raise DomainError(_("Write what the clause should say."))
    if wording == base:
        raise DomainError(_("That is what the clause says now. Change it, or write a comment."))
    if lacking := documents.lacking({"wording": wording}):
        raise DomainError(
            _("The document cannot show these characters: %(characters)s Use Latin letters.")
            % {"characters": lacking}
        )
    return ClauseProposal.objects.create(
        mou=mou,
        version=version,
        code=code,
        language=version.content["language"],
        base=base,
        wording=wording,
        reason=_said(reason, _("Give the reason: the other side reads it.")),
        party=permissions.party_of(by, mou),
        made_by=by,
        counters=counters,
    )


def _said(text: str, otherwise: str) -> str:
    if not text.strip():
        raise DomainError(otherwise)
    return text.strip()


def _other(proposal: ClauseProposal) -> str:
    ours = proposal.party == Party.ADMINISTRATION
    return Party.BUSINESS if ours else Party.ADMINISTRATION


def _record(event: str, mou: Mou, by: User, code: str, party: str) -> None:
    """Put it on record, and tell the other side: once an hour, however much is said in it."""
    audit.record(event, target=mou, by=by, organisation=mou.organisation, clause=code)
    hour = timezone.now().strftime("%Y%m%d%H")
    notifications.notify(TELLS[str(party)], mou=mou, occasion=hour)
