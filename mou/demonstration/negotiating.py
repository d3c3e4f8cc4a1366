"""Texts that are being negotiated, in the demonstration: comments, other wordings, answers."""

from __future__ import annotations

from mou import clauses
from mou.actions import negotiation
from mou.lifecycle import MouStatus
from mou.models import ClauseProposal, Mou
from portal.models import User
from portal.models.organisations import MembershipRole


def negotiate(caseworker: User) -> None:
    """Of every text that is with a firm; done before, it stays as it is."""
    waiting = Mou.objects.filter(status=MouStatus.NEGOTIATION, proposals=None).order_by("pk")
    for number, mou in enumerate(waiting.select_related("organisation")):
        owner = mou.organisation.memberships.live().filter(role=MembershipRole.OWNER).first()
        if owner is not None:
            _negotiate(mou, number % 2 == 1, owner.user, caseworker)


def _negotiate(mou: Mou, is_countered: bool, owner: User, caseworker: User) -> None:
    """The firm asks for more; with every other one an officer has answered already."""
    text = "Who of us decides what “without delay” means at night?"
    negotiation.comment(mou=mou, code="REPORTING", text=text, by=owner)
    added = "At night and on holidays a call to the hotline is enough; the report follows."
    made = _propose(mou, added, owner)
    _settle(owner, caseworker, mou)
    if made is not None and is_countered:
        negotiation.counter_wording(
            proposal=made,
            wording=made.wording.replace("follows.", "follows on the next working day."),
            reason="We need it in writing soon, or the trace is lost.",
            by=caseworker,
        )


def _settle(owner: User, caseworker: User, mou: Mou) -> None:
    """On other clauses: one wording is accepted, one refused, one taken back."""
    added = "Both sides write down who was told, and when."
    answered = [_propose(mou, added, owner, code) for code in ("CONTACTS", "TRAINING", "ALERTS")]
    accepted, refused, withdrawn = answered
    if accepted is not None:
        negotiation.accept_wording(proposal=accepted, by=caseworker)
    if refused is not None:
        reason = "The lists of each session say so already."
        negotiation.refuse_wording(proposal=refused, reason=reason, by=caseworker)
    if withdrawn is not None:
        negotiation.withdraw_wording(proposal=withdrawn, by=owner)


def leave_open(mou: Mou, owner: User) -> None:
    """What is still open when the firm gives the agreement up lapses with it."""
    _propose(mou, "A merged firm goes on with it.", owner, "REVIEW")


def _propose(mou: Mou, added: str, owner: User, code: str = "REPORTING") -> ClauseProposal | None:
    version = mou.current
    clause = clauses.find(version, code) if version is not None else None
    if clause is None:
        return None
    text = clauses.text_of(clause)
    return negotiation.propose_wording(
        mou=mou,
        code=code,
        base=clauses.mark_of(text),
        wording=f"{text}\n\n{added}",
        reason="Our night shift works in the yard and has no computer.",
        by=owner,
    )
