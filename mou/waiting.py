"""What waits for a reader of a firm: one function a kind, each of a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import course, lifecycle, plan_queues
from mou.lifecycle import (
    ActivityStatus,
    CoverStatus,
    MeasureStatus,
    MouStatus,
    ReviewStatus,
    VersionStatus,
)
from mou.models import (
    Activity,
    AlertDelivery,
    ClauseProposal,
    Cover,
    Delegation,
    FurtherSignatory,
    Measure,
    Mou,
    MouOffer,
    MouVersion,
    Party,
    Review,
    Signature,
)
from mou.models.agreements import ENDED
from mou.models.signatures import LIVE
from portal.models import Handover, Membership, User
from portal.models.organisations import MembershipRole

MOST_PLANNED = 20
Tasks = list[dict[str, str]]
# More than these are read on the page of the alerts.
MOST_ALERTS = 10


@dataclass(frozen=True)
class Reader:
    """Who looks, and what was read for that person already."""

    user: User
    memberships: list[Membership]
    mous: Sequence[Mou]
    offers: list[MouOffer]

    @property
    def owned(self) -> set[int]:
        """The organisations that the reader owns."""
        owner = MembershipRole.OWNER
        return {one.organisation_id for one in self.memberships if one.role == owner}


def _offers_to_answer(reader: Reader) -> Tasks:
    return [
        _task(
            _("Accept or decline the offer"),
            reverse("mou:offer", args=[offer.uuid]),
            f"{offer.organisation}, {offer.programme}",
        )
        for offer in reader.offers
        if offer.organisation_id in reader.owned
        and lifecycle.allows(lifecycle.OFFER, "accept", offer.status)
    ]


def _owners_tasks(reader: Reader) -> Tasks:
    tasks = []
    for mou in reader.mous:
        if mou.organisation_id not in reader.owned:
            continue
        hint = f"{mou.organisation}, {mou.number}"
        text = course.course_of(mou)
        if mou.signatory is None and course.allows(text, "name_signatory"):
            url = reverse("mou:name_signatory", args=[mou.uuid])
            tasks.append(_task(_("Name who signs for the firm"), url, hint))
        elif course.allows(text, "agree"):
            url = reverse("mou:read", args=[mou.uuid])
            tasks.append(_task(_("Read and accept the text"), url, hint))
    return tasks


def _wordings(reader: Reader) -> Tasks:
    """Wordings that the administration proposes and an owner answers."""
    waiting = ClauseProposal.objects.open().filter(
        party=Party.ADMINISTRATION, mou__organisation__in=reader.owned
    )
    mous = {
        proposal.mou.pk: proposal.mou for proposal in waiting.select_related("mou__organisation")
    }
    return [
        _task(
            _("Answer the wordings that the administration proposes"),
            reverse("mou:clauses", args=[mou.uuid]),
            f"{mou.organisation}, {mou.number}",
        )
        for mou in mous.values()
    ]


def _to_sign(reader: Reader) -> Tasks:
    """Where the reader is named, or signs for who is, while signatures of the firm are missing."""
    first = Q(mou__signatory__user=reader.user, mou__signatory__ended_at=None)
    further = FurtherSignatory.objects.filter(
        mou=OuterRef("mou"), membership__user=reader.user, membership__ended_at=None
    )
    live = Delegation.objects.filter(version=OuterRef("pk"), ended_at=None)
    given = Signature.objects.filter(version=OuterRef("pk"), status__in=LIVE)
    # They are numbered in their order: the last one that is needed tells that none is missing.
    last = given.filter(party=Party.BUSINESS, place=OuterRef("signatures_needed"))
    versions = (
        MouVersion.objects.filter(
            (first | Exists(further)) & ~Exists(live.filter(signatory__user=reader.user))
            | Exists(live.filter(delegate__user=reader.user)),
            status=VersionStatus.SIGNING,
            mou__organisation__in=[one.organisation_id for one in reader.memberships],
        )
        .exclude(Exists(last))
        .exclude(Exists(given.filter(signer=reader.user)))
        .exclude(mou__status=MouStatus.SUSPENDED)
        .select_related("mou__organisation")
    )
    return [
        _task(
            _("Sign the agreement"),
            reverse("mou:declare", args=[version.mou.uuid]),
            f"{version.mou.organisation}, {version.mou.number}",
        )
        for version in versions
    ]


def _to_answer(reader: Reader) -> Tasks:
    """Reviews that wait for whoever may bind the firm."""
    binding = {one.organisation_id for one in reader.memberships if one.role != "member"}
    waiting = Review.objects.filter(
        status=ReviewStatus.OPEN, mou__organisation__in=binding
    ).select_related("mou__organisation")
    return [
        _task(
            _("Answer the review"),
            reverse("mou:answer_review", args=[review.mou.uuid, review.uuid]),
            f"{review.mou.organisation}, {review.mou.number}",
        )
        for review in waiting.order_by("due_on")
    ]


def _roles_to_state(reader: Reader) -> Tasks:
    """Firms in force of which nobody knows what they do: no warning for a trade finds them."""
    return [
        _task(
            _("Say what the firm does"),
            reverse("mou:state_roles", args=[mou.organisation.uuid]),
            f"{mou.organisation}",
        )
        for mou in reader.mous
        if mou.status == MouStatus.IN_FORCE
        and mou.organisation_id in reader.owned
        and not mou.organisation.roles
    ]


def _handovers(reader: Reader) -> Tasks:
    """Firms that somebody wants to hand over to the reader."""
    offers = Handover.objects.open().filter(receiver__user=reader.user, receiver__ended_at=None)
    return [
        _task(
            _("Confirm that you take over the firm"),
            reverse("accept_handover", args=[one.uuid]),
            f"{one.organisation}",
        )
        for one in offers.select_related("organisation").order_by("pk")
    ]


def _alerts_to_read(reader: Reader) -> Tasks:
    """Alerts that nobody of the firm has acknowledged, and that the reader may read."""
    found = AlertDelivery.objects.visible_to(reader.user).filter(acknowledged_at=None)
    found = found.select_related("alert", "mou__organisation", "cover__organisation")
    found = found.order_by("-pk")
    return [
        _task(
            _("Read the alert “%(title)s”") % {"title": one.alert.title},
            reverse("mou:alert", args=[one.mou.uuid, one.uuid])
            if one.cover is None
            else reverse("mou:member_alert", args=[one.cover.uuid, one.uuid]),
            f"{one.firm}, {one.mou.number}",
        )
        for one in found[:MOST_ALERTS]
    ]


def _measures(reader: Reader) -> Tasks:
    """To be agreed, or due within a month."""
    binding = {one.organisation_id for one in reader.memberships if one.role != "member"}
    soon = timezone.localdate() + timedelta(days=30)
    asked = Q(status=MeasureStatus.PROPOSED, proposed_by=Party.ADMINISTRATION)
    due = Q(status=MeasureStatus.AGREED, party=Party.BUSINESS, due_on__lte=soon)
    found = Measure.objects.filter(asked | due, mou__organisation__in=binding)
    found = found.exclude(mou__status__in=ENDED).select_related("mou__organisation")
    return [
        _planned(
            _("Agree to a measure, or not")
            if one.status == MeasureStatus.PROPOSED
            else _("Say that a measure is done, due %(day)s")
            % {"day": date_format(one.due_on, "j F Y")},
            one.mou,
            "measures",
        )
        for one in found.order_by("due_on", "pk")[:MOST_PLANNED]
    ]


def _activities(reader: Reader) -> Tasks:
    """Proposed by the administration."""
    binding = {one.organisation_id for one in reader.memberships if one.role != "member"}
    found = Activity.objects.filter(
        status=ActivityStatus.PROPOSED,
        proposed_by=Party.ADMINISTRATION,
        mou__organisation__in=binding,
    ).exclude(mou__status__in=ENDED)
    found = found.select_related("mou__organisation").order_by("starts_at", "pk")
    words = _("Agree to a joint activity, or not")
    return [_planned(words, one.mou, "activities") for one in found[:MOST_PLANNED]]


def _contacts(reader: Reader) -> Tasks:
    """Confirmed half a year ago."""
    binding = {one.organisation_id for one in reader.memberships if one.role != "member"}
    found = plan_queues.stale_contacts().filter(party=Party.BUSINESS, mou__organisation__in=binding)
    found = found.select_related("mou__organisation").order_by("verified_on", "pk")
    by_mou = {one.mou_id: one.mou for one in found[:MOST_PLANNED]}
    return [_planned(_("Confirm your contacts"), mou, "contacts") for mou in by_mou.values()]


def _covers(reader: Reader) -> Tasks:
    """Associations that say that a firm of the reader's is their member."""
    named = Cover.objects.filter(status=CoverStatus.NAMED, organisation__in=reader.owned)
    return [
        _task(
            _("Say whether your association’s agreement is to cover your firm"),
            reverse("mou:cover", args=[one.uuid]),
            f"{one.organisation}, {one.mou.organisation}",
        )
        for one in named.select_related("organisation", "mou__organisation").order_by("pk")
    ]


def _planned(text: str, mou: Mou, part: str) -> dict[str, str]:
    url = reverse("mou:plan", args=[mou.uuid, part])
    return _task(text, url, f"{mou.organisation}, {mou.number}")


def _task(text: str, url: str, hint: str) -> dict[str, str]:
    return {"text": text, "url": url, "hint": hint, "status": _("Your turn"), "colour": "yellow"}


# What may wait for a reader, in the order in which it is shown; each costs one query at most.
TASKS: tuple[Callable[[Reader], Tasks], ...] = (
    _offers_to_answer,
    _owners_tasks,
    _covers,
    _wordings,
    _to_sign,
    _to_answer,
    _alerts_to_read,
    _roles_to_state,
    _handovers,
    _measures,
    _activities,
    _contacts,
)
