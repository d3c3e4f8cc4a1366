"""What waits for officers: one named queue each, for the desk's front page and its filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou import plan_queues, terms
from mou.lifecycle import (
    CoverStatus,
    MouStatus,
    ReviewStatus,
    SignatureStatus,
    SurveyStatus,
    VersionStatus,
)
from mou.models import (
    Amendment,
    ClauseProposal,
    Cover,
    FlowSurvey,
    Mou,
    MouVersion,
    Notice,
    Party,
    Review,
    Signature,
)
from mou.models.agreements import ENDED
from mou.models.signatures import LIVE
from portal.models import Membership, StaffRole, User
from portal.models.organisations import MembershipRole

# Whoever has more than this to do needs no exact number.
COUNTED = 2000
ALIVE = Q(status__in=[MouStatus.IN_FORCE, MouStatus.SUSPENDED])


@dataclass(frozen=True)
class Queue:
    """Agreements that wait for one thing, and the role that does it."""

    code: str
    text: Any
    roles: frozenset[str]
    pick: Callable[[QuerySet[Mou], User], QuerySet[Mou]]
    urgent: bool = False


def _versions(**fields: Any) -> QuerySet[MouVersion]:
    return MouVersion.objects.filter(mou=OuterRef("pk"), **fields)


def _at(mous: QuerySet[Mou], stage: str, remark: Q | None = None) -> QuerySet[Mou]:
    """Agreements whose text in work is at this stage: their own, or that of an open amendment.

    Each kind is looked up by itself: joined by “or” the whole table would be read.
    """
    remark = remark or Q()
    own = Mou.objects.filter(remark, status=stage).order_by().values("pk")
    amended = Amendment.objects.open().filter(
        remark, status=stage, mou__status__in=[MouStatus.IN_FORCE, MouStatus.SUSPENDED]
    )
    return mous.filter(pk__in=own.union(amended.order_by().values("mou_id")))


def _to_draft(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    named = _at(mous, MouStatus.PREPARATION, Q(remark="")).filter(signatory__isnull=False)
    return named.exclude(Exists(_versions(status=VersionStatus.DRAFT)))


def _to_propose(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    drafted = _versions(status=VersionStatus.DRAFT)
    return _at(mous, MouStatus.PREPARATION, Q(remark="")).filter(Exists(drafted))


def _returned(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    return _at(mous, MouStatus.PREPARATION, ~Q(remark=""))


def _to_countersign(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Signed by the firm, not by us yet, and drafted by somebody else."""
    signatures = Signature.objects.filter(version=OuterRef("pk"))
    ready = _versions(status=VersionStatus.SIGNING).exclude(drafted_by=user)
    # The firm's signatures are numbered in their order: the last one that is needed is there.
    last = signatures.filter(place=OuterRef("signatures_needed"), party=Party.BUSINESS)
    ready = ready.filter(Exists(last.filter(status=SignatureStatus.STAMPED))).exclude(
        Exists(signatures.filter(party=Party.ADMINISTRATION, status__in=LIVE))
    )
    at_signing = Amendment.objects.filter(mou=OuterRef("pk"), status=MouStatus.SIGNING)
    amended = Q(status=MouStatus.IN_FORCE) & Q(Exists(at_signing))
    return mous.filter(Q(status=MouStatus.SIGNING) | amended, Exists(ready))


def _waiting(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Held up by a service that does not answer, or by missing keys."""
    open_statuses = [VersionStatus.AGREED, VersionStatus.SIGNING, VersionStatus.SEALING]
    return mous.filter(Exists(_versions(status__in=open_statuses).exclude(waiting_for="")))


def _to_review(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Answered by the firm, or overdue whether it answered or not."""
    reviews = Review.objects.filter(mou=OuterRef("pk")).exclude(status=ReviewStatus.CLOSED)
    late = Q(due_on__lte=timezone.localdate())
    return mous.filter(Exists(reviews.filter(Q(status=ReviewStatus.ANSWERED) | late)), ALIVE)


def _ending(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    soon = timezone.localdate() + timedelta(days=max(terms.REMINDED))
    return mous.filter(ALIVE, ends_on__lte=soon)


def _under_notice(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    notices = Notice.objects.live().filter(mou=OuterRef("pk"), last_day__isnull=False)
    return mous.filter(Exists(notices), ALIVE)


def _to_terminate(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Asked for by somebody else, for this supervisor to decide."""
    asked = Notice.objects.live().filter(mou=OuterRef("pk"), last_day=None, approved_at=None)
    return mous.filter(Exists(asked.exclude(given_by=user)), ALIVE)


def _to_read(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    surveys = FlowSurvey.objects.filter(mou=OuterRef("pk"), status=SurveyStatus.SUBMITTED)
    return mous.filter(Exists(surveys)).exclude(status__in=ENDED)


def _to_answer(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    proposals = ClauseProposal.objects.open().filter(mou=OuterRef("pk"), party=Party.BUSINESS)
    return mous.filter(Exists(proposals))


def _to_write(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Nothing waits any more, and no draft says yet what was agreed in its language."""
    proposals = ClauseProposal.objects.filter(mou=OuterRef("pk"))
    drafts = MouVersion.objects.filter(
        mou=OuterRef("mou"), status=VersionStatus.DRAFT, template__language=OuterRef("language")
    )
    agreed = ClauseProposal.objects.accepted().filter(
        Exists(drafts), mou=OuterRef("pk"), written_in=None
    )
    return mous.filter(Exists(agreed)).exclude(Exists(proposals.open())).exclude(status__in=ENDED)


def _to_novate(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Signed under another name than the firm has now, and no new version is in work."""
    in_work = Amendment.objects.open().filter(mou=OuterRef("pk"))
    return mous.filter(ALIVE, renamed_at__isnull=False).exclude(Exists(in_work))


def _suspended(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    return mous.filter(status=MouStatus.SUSPENDED)


def _to_invite(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """With member firms that nobody owns here: an officer checks their address."""
    owners = Membership.objects.live().filter(
        organisation=OuterRef("organisation"), role=MembershipRole.OWNER
    )
    named = Cover.objects.filter(mou=OuterRef("pk"), status=CoverStatus.NAMED)
    return mous.filter(Exists(named.exclude(Exists(owners))))


_CASEWORKER = frozenset({StaffRole.CASEWORKER.value})
_DESK = _CASEWORKER | {StaffRole.COUNTERSIGNER.value, StaffRole.SUPERVISOR.value}

QUEUES = {
    queue.code: queue
    for queue in (
        Queue("draft", _("Agreements to draft"), _CASEWORKER, _to_draft),
        Queue("propose", _("Drafts to send to the firm"), _CASEWORKER, _to_propose),
        Queue("returned", _("Texts sent back by the firm"), _CASEWORKER, _returned),
        Queue("wordings", _("Wordings proposed by firms: answer"), _CASEWORKER, _to_answer),
        Queue("write", _("Agreed wordings to write into a draft"), _CASEWORKER, _to_write),
        Queue(
            "countersign",
            _("Agreements to countersign"),
            frozenset({StaffRole.COUNTERSIGNER.value}),
            _to_countersign,
        ),
        Queue("survey", _("Surveys to read"), _CASEWORKER, _to_read),
        Queue("novation", _("Firms called otherwise than they signed"), _CASEWORKER, _to_novate),
        Queue(
            "plan", _("Measures and activities firms propose"), _CASEWORKER, plan_queues.to_agree
        ),
        Queue("verify", _("Measures to verify"), _CASEWORKER, plan_queues.to_verify),
        Queue("overdue", _("Measures that are overdue"), _CASEWORKER, plan_queues.overdue),
        Queue("contacts", _("Contacts to be confirmed"), _CASEWORKER, plan_queues.to_confirm),
        Queue("members", _("Member firms to invite"), _CASEWORKER, _to_invite),
        Queue("suspended", _("Suspended agreements"), _CASEWORKER, _suspended),
        Queue("review", _("Reviews to close"), _CASEWORKER, _to_review),
        Queue("ending", _("Agreements that end soon"), _CASEWORKER, _ending),
        Queue("notice", _("Agreements under notice"), _CASEWORKER, _under_notice),
        Queue(
            "terminate",
            _("Agreements to be ended at once: decide"),
            frozenset({StaffRole.SUPERVISOR.value}),
            _to_terminate,
            urgent=True,
        ),
        Queue(
            "waiting",
            _("Held up by a time stamp, a revocation list or keys"),
            _DESK,
            _waiting,
            urgent=True,
        ),
    )
}


def queues_of(user: User) -> list[Queue]:
    """The queues that this officer works through."""
    return [queue for queue in QUEUES.values() if user.has_role(*queue.roles)]


def counted(queue: Queue, user: User) -> int | str:
    """How many wait: “2000+” when there are more than anybody counts."""
    count = queue.pick(Mou.objects.all(), user).order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if count > COUNTED else count
