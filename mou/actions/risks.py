"""What threatens a firm: assessed on its survey, rated by an officer, settled, perhaps shared."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import lifecycle, notifications
from mou import risk_permissions as permissions
from mou.actions import surveys
from mou.actions.locking import lock
from mou.lifecycle import RiskStatus, SurveyStatus
from mou.maturity import maturity_of
from mou.models import Answer, FlowSurvey, Mou, RiskAssessment, RiskRating, SharedRisks
from mou.threats import NEWEST, Threat, catalogue
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def begin_assessment(*, mou: Mou, by: User) -> RiskAssessment:
    """Rate every threat by the accepted survey; one that is open already goes on."""
    mou = lock(mou)
    if not permissions.can_begin(by, mou):
        raise NotAllowed(_("Only a caseworker assesses the risks of an agreement that goes on."))
    if found := mou.assessments.filter(status=RiskStatus.OPEN).first():
        return found
    survey = surveys.current(mou)
    if survey is None or survey.status not in (SurveyStatus.ACCEPTED, SurveyStatus.FROZEN):
        raise DomainError(_("Risks are assessed on an accepted survey. Accept the survey first."))
    assessment = RiskAssessment.objects.create(mou=mou, survey=survey, version=NEWEST, begun_by=by)
    answers = {one.code: one for one in survey.answers.all()}
    RiskRating.objects.bulk_create(
        _first(assessment, survey, threat, answers, by)
        for threat in catalogue(NEWEST).threats.values()
    )
    _told("risks_begun", mou, by)
    return assessment


def _first(
    assessment: RiskAssessment,
    survey: FlowSurvey,
    threat: Threat,
    answers: dict[str, Answer],
    by: User,
) -> RiskRating:
    """What the answers alone say."""
    signs = threat.shown_by(answers)
    maturity = maturity_of(survey, threat.eased_by)
    return RiskRating(
        assessment=assessment,
        threat=threat.code,
        likelihood=min(5, threat.likelihood + len(signs)),
        impact=threat.impact,
        maturity=None if maturity is None else Decimal(f"{maturity:.2f}"),
        signs=signs,
        rated_by=by,
    )


@transaction.atomic
def rate(
    *,
    rating: RiskRating,
    likelihood: int,
    impact: int,
    override: int | None,
    reason: str,
    revision: int,
    by: User,
) -> RiskRating:
    """Another likelihood or impact, or what is left as an officer sees it; each needs a reason.

    `revision` is what the officer saw: two at once do not undo each other unseen.
    """
    assessment = _lock(rating.assessment)
    _demand(permissions.can_rate(by, assessment), "rate", assessment)
    rating = assessment.ratings.get(pk=rating.pk)
    if rating.revision != revision:
        raise DomainError(_("Somebody else rated this threat meanwhile. Look at it again."))
    before = (rating.likelihood, rating.impact, rating.override, rating.reason)
    after = (likelihood, impact, override, reason.strip())
    if before == after:
        return rating
    if not after[-1]:
        raise DomainError(_("Say why the threat is rated otherwise."))
    rating.likelihood, rating.impact, rating.override, rating.reason = after
    rating.revision, rating.rated_at, rating.rated_by = revision + 1, timezone.now(), by
    rating.save()
    _told("risk_rated", assessment.mou, by, threat=rating.threat)
    return rating


@transaction.atomic
def settle(*, assessment: RiskAssessment, by: User) -> RiskAssessment:
    """The officer stands by the ratings: they stay as they are."""
    assessment = _lock(assessment)
    _demand(permissions.can_settle(by, assessment), "settle", assessment)
    assessment.status = lifecycle.after(lifecycle.RISK, "settle", assessment.status)
    assessment.settled_at, assessment.settled_by = timezone.now(), by
    assessment.save(update_fields=["status", "settled_at", "settled_by"])
    _told("risks_settled", assessment.mou, by)
    return assessment


@transaction.atomic
def share(
    *, assessment: RiskAssessment, threats: Iterable[str], note: str, by: User
) -> SharedRisks:
    """Show the firm these threats and their ratings, and a note; never an officer's reasons."""
    assessment = _lock(assessment)
    _demand(permissions.can_share(by, assessment), "share", assessment)
    wanted, known = set(threats), catalogue(assessment.version)
    shown = [one for one in assessment.ratings.order_by("pk") if one.threat in wanted]
    if not shown:
        raise DomainError(_("Choose at least one threat that the firm is shown."))
    shared = SharedRisks.objects.create(
        assessment=assessment,
        mou=assessment.mou,
        version=assessment.version,
        note=note.strip(),
        shared_by=by,
        risks=[
            {
                "code": one.threat,
                "likelihood": one.likelihood,
                "impact": one.impact,
                "residual": str(
                    one.override
                    if one.override is not None
                    else known.residual(one.likelihood, one.impact, one.maturity)
                ),
            }
            for one in shown
        ],
    )
    assessment.status = lifecycle.after(lifecycle.RISK, "share", assessment.status)
    assessment.save(update_fields=["status"])
    _told("risks_shared", assessment.mou, by)
    notifications.notify("risks_shared", mou=assessment.mou)
    return shared


def _lock(assessment: RiskAssessment) -> RiskAssessment:
    """The agreement first, as everywhere."""
    mou = lock(assessment.mou)
    assessment = RiskAssessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    assessment.mou = mou
    return assessment


def _demand(allowed: bool, verb: str, assessment: RiskAssessment) -> None:
    if not allowed:
        lifecycle.after(lifecycle.RISK, verb, assessment.status)
        raise NotAllowed(_("Only a caseworker may do this with an assessment."))


def _told(event: str, mou: Mou, by: User, **facts: str) -> None:
    audit.record(event, target=mou, by=by, organisation=mou.organisation, **facts)
