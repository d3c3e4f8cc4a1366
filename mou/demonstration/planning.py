"""What both sides plan together, in the demonstration: risks, measures, activities, contacts."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta

from django.utils import timezone

from mou import measured_threats
from mou.actions import activities, contacts, feedback, measures, risks
from mou.lifecycle import MouStatus, SurveyStatus
from mou.models import Activity, ContactPoint, FlowSurvey, Mou, RiskAssessment
from portal.models import User
from portal.sent_files import Sent

DESK = "Cooperation desk"
# A picture of one grey point, to have a file.
GATE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


def plan(caseworker: User) -> None:
    """Of every agreement with an accepted survey; done before, it stays as it is."""
    accepted = FlowSurvey.objects.filter(status__in=[SurveyStatus.ACCEPTED, SurveyStatus.FROZEN])
    for number, survey in enumerate(accepted.select_related("mou__organisation").order_by("pk")):
        if not RiskAssessment.objects.filter(mou=survey.mou).exists():
            _assess(survey.mou, number % 3, caseworker)
    alive = Mou.objects.filter(status=MouStatus.IN_FORCE, measures=None)
    for mou in alive.select_related("organisation").order_by("pk"):
        _plan(mou, mou.organisation.memberships.filter(role="owner")[0].user, caseworker)


def _assess(mou: Mou, stage: int, caseworker: User) -> None:
    """Every third is being rated, settled, or shared."""
    assessment = risks.begin_assessment(mou=mou, by=caseworker)
    rating = assessment.ratings.get(threat="INSIDER")
    risks.rate(
        rating=rating,
        likelihood=rating.likelihood,
        impact=rating.impact,
        override=14,
        reason="Two approaches to staff of the quay this year, in other firms.",
        revision=rating.revision,
        by=caseworker,
    )
    if stage == 1:
        return
    risks.settle(assessment=assessment, by=caseworker)
    if stage == 0:
        note = "Seals and release codes are where a little work helps most."
        threats = ["RIP_OFF", "PIN_FRAUD", "FALSE_SEAL", "INSIDER"]
        risks.share(assessment=assessment, threats=threats, note=note, by=caseworker)


def _plan(mou: Mou, owner: User, caseworker: User) -> None:
    _propose_measures(mou, owner, caseworker)
    _propose_activities(mou, owner, caseworker)
    _name_contacts(mou, owner, caseworker)


def _propose_measures(mou: Mou, owner: User, caseworker: User) -> None:
    """One of each: agreed, done and proved, proposed, verified, dropped."""
    today = timezone.localdate()
    texts = [
        ("FALSE_SEAL", "Seal numbers are checked by two people and written down at the gate."),
        ("PIN_FRAUD", "Release codes are shown only to the shift that needs them."),
        ("INSIDER", "Everybody at the quay is trained to say no, and knows whom to tell."),
        ("RIP_OFF", "Empty containers stand door to door until they are loaded."),
        ("FALSE_SEAL", "Seals are bought from one maker, who is visited once a year."),
    ]
    known = {code for code, _title in measured_threats.choices(mou)}
    made = [
        measures.propose_measure(
            mou=mou,
            party="business",
            duty="Head of terminal security",
            text=text,
            due_on=today + timedelta(days=14 + 30 * number),
            threats=known & {threat},
            by=caseworker,
        )
        for number, (threat, text) in enumerate(texts)
    ]
    for one in made[:2]:
        measures.agree_measure(measure=one, by=owner)
    proof = "Instruction 12, in force at both gates since Monday."
    files = [Sent("notice at the gate.png", GATE)]
    measures.report_measure(measure=made[1], proof=proof, enclosed=files, by=owner)
    feedback.value_measure(measure=made[1], code="BACKGROUND", by=caseworker)
    verified = measures.agree_measure(measure=made[3], by=owner)
    verified = measures.report_measure(measure=verified, proof="Seen on the rounds.", by=owner)
    seen = verified.proof_mark
    measures.verify_measure(measure=verified, proof_seen=seen, by=caseworker)
    reason = "The maker was bought by one that is certified anyway."
    measures.drop_measure(measure=made[4], reason=reason, by=owner)


def _propose_activities(mou: Mou, owner: User, caseworker: User) -> None:
    """One that is agreed, one that is proposed, one that was held, and one that was called off."""
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    titles = ["Training on seals", "Visit to the empty depot", "Drill at night", "Talk on locks"]
    for number, title in enumerate(titles):
        joint = activities.propose_activity(
            mou=mou,
            title=title,
            about="For everybody who opens or closes a container.",
            place="Terminal 3, Göteborg",
            starts_at=start + timedelta(days=21 + 7 * number),
            ends_at=start + timedelta(days=21 + 7 * number, hours=3),
            business_duty="Head of terminal security",
            administration_duty=DESK,
            by=caseworker,
        )
        if number != 1:
            activities.agree_activity(activity=joint, sequence=joint.sequence, by=owner)
        if number == 2:
            _hold(joint, owner)
        if number == 3:
            reason = "The speaker is ill. We propose a new day."
            activities.cancel_activity(activity=joint, reason=reason, by=owner)


def _hold(joint: Activity, owner: User) -> None:
    # Nobody can agree on a day that is over: the day alone is set back.
    started = timezone.now() - timedelta(days=3)
    Activity.objects.filter(pk=joint.pk).update(
        starts_at=started, ends_at=started + timedelta(hours=3)
    )
    outcome = "Two of five cloned seals were found, the others not before the gate."
    activities.hold_activity(activity=joint, outcome=outcome, follow_up="Once more.", by=owner)


def _name_contacts(mou: Mou, owner: User, caseworker: User) -> None:
    """Of both sides; one of them has not been confirmed for long."""
    _contact(mou, owner, "Security desk", "+46 31 000 00 01, security@firm.example")
    stale = _contact(mou, owner, "Customs broker", "+46 31 000 00 02")
    _contact(mou, caseworker, DESK, "+46 8 000 00 00, cooperation@customs.example")
    # Nobody can confirm a contact in the past: the day alone is set back.
    long_ago = timezone.localdate() - timedelta(days=200)
    ContactPoint.objects.filter(pk=stale.pk).update(verified_on=long_ago)


def _contact(mou: Mou, by: User, duty: str, reached: str) -> ContactPoint:
    return contacts.add_contact(
        mou=mou,
        duty=duty,
        holder="",
        reached=reached,
        hours="Day and night",
        deputy="The shift leader, by the same number",
        by=by,
    )
