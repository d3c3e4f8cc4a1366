"""What the document worker does by itself: render and seal, archive, and sweep what lies still."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mou import (
    course,
    documents,
    evidence_report,
    keys,
    lifecycle,
    notifications,
    signing,
    terms,
    verification,
)
from mou.actions import organisations, papers, preserving, stages, standing, standings, succession
from mou.lifecycle import SignatureStatus, VersionStatus
from mou.models import MouVersion, Signature, Step
from portal import audit, outbox, timestamps

# Work that should long be done is looked at again after this time.
SWEEP_AFTER = timedelta(minutes=2)


def verification_url(version: MouVersion) -> str:
    """The address in the QR code: it is printed on paper, so no change of routes may touch it."""
    return f"{settings.SITE_URL}/verify/{version.token}/"


def seal(*, version: MouVersion) -> None:
    """Worker: render the agreed text, certify it with the administration's seal, open it for
    signature. May run twice; raises TimestampUnavailable and keeps nothing then.
    """
    version.refresh_from_db()
    if version.status != VersionStatus.AGREED:
        return
    rendered = documents.render(version.content, verification_url=verification_url(version))
    certified = signing.certify(
        rendered,
        keys=keys.load(),
        at=timezone.now(),
        signatories=version.signatures_needed,
    )
    pdf = signing.stamp(certified, field=signing.SEAL_FIELD, timestamper=timestamps.client())
    with transaction.atomic():
        version = papers.lock(version)
        mou = version.mou
        if version.status != VersionStatus.AGREED:
            return
        papers.keep(version, Step.SEALED, pdf)
        version.status = lifecycle.after(lifecycle.VERSION, "seal", version.status)
        version.sign_by = terms.sign_by(mou.programme.signing_days, timezone.localdate())
        version.waiting_for = ""
        version.save(update_fields=["status", "sign_by", "waiting_for"])
        stages.lead(course.course_of_version(version), "seal")
        audit.record("sealed", target=version, by=None, organisation=mou.organisation)
        notifications.notify("sealed", mou=mou)


def archive(*, version: MouVersion) -> None:
    """Worker: add validation data and the archive time stamp; the agreement comes into force.

    May run twice; raises TimestampUnavailable or RevocationUnavailable and keeps nothing then.
    """
    version.refresh_from_db()
    if version.status != VersionStatus.SEALING:
        return
    pdf = signing.archive(
        papers.read(version, Step.ADMINISTRATION_STAMPED),
        keys=keys.load(),
        timestamper=timestamps.client(),
    )
    with transaction.atomic():
        version = papers.lock(version)
        if version.status != VersionStatus.SEALING:
            return
        papers.keep(version, Step.ARCHIVED, pdf, renew_on=preserving.renewal_day(pdf))
        version.status = lifecycle.after(lifecycle.VERSION, "archive", version.status)
        version.waiting_for = ""
        version.save(update_fields=["status", "waiting_for"])
        order_report(version)
        if version.amendment is not None:
            succession.succeed(version)
        else:
            _come_into_force(version)


def _come_into_force(version: MouVersion) -> None:
    """In the caller's transaction: the agreement binds, as long as its certificate stands."""
    mou = version.mou
    ends_on, review_on = terms.of(version, timezone.localdate())
    stages.lead(
        mou,
        "archive",
        in_force_at=timezone.now(),
        ends_on=ends_on,
        next_review_on=review_on,
    )
    standings.follow(mou)
    # The firm may have got another name after the text was agreed.
    organisations.note_name(mou)
    audit.record("archived", target=version, by=None, organisation=mou.organisation)
    notifications.notify("archived", mou=mou)
    if mou.trust_status is not None:
        # The certificate may have fallen after the last signature was authorised.
        standing.follow_trust(status=mou.trust_status, by=None)


def order_report(version: MouVersion) -> None:
    """Promise the evidence report, in the caller's transaction; promised twice, it is made once."""
    outbox.enqueue("mou.report", key=f"report:{version.pk}", queue="pdf", version_id=version.pk)


def order_missing_reports() -> None:
    """Of versions archived before there were reports, or whose promise was lost."""
    archived = MouVersion.objects.filter(documents__step=Step.ARCHIVED)
    for version in archived.exclude(documents__step=Step.EVIDENCE).order_by("pk")[:500]:
        order_report(version)
        outbox.reopen(f"report:{version.pk}", untouched_since=timezone.now() - SWEEP_AFTER)


def report(*, version: MouVersion) -> None:
    """Worker: make the evidence report of an archived version, seal and archive it as well.

    May run twice; raises TimestampUnavailable or RevocationUnavailable and keeps nothing then.
    """
    if version.documents.filter(step=Step.EVIDENCE).exists():
        return
    signing_keys, timestamper = keys.load(), timestamps.client()
    found = verification.verify(papers.read(version, Step.ARCHIVED), roots=signing_keys.roots)
    written = evidence_report.report_of(version, found)
    pdf = evidence_report.render(written, verification_url=verification_url(version))
    pdf = signing.certify_report(pdf, keys=signing_keys, at=timezone.now())
    pdf = signing.stamp(pdf, field=signing.EVIDENCE_FIELD, timestamper=timestamper)
    pdf = signing.archive(pdf, keys=signing_keys, timestamper=timestamper)
    with transaction.atomic():
        version = papers.lock(version)
        if version.documents.filter(step=Step.EVIDENCE).exists():
            return
        papers.keep(version, Step.EVIDENCE, pdf, renew_on=preserving.renewal_day(pdf))
        note_wait(version_id=version.pk, reason="")
        audit.record(
            "evidence_reported", target=version, by=None, organisation=version.mou.organisation
        )


def note_wait(*, version_id: int, reason: str) -> None:
    """Show staff what a document waits for."""
    MouVersion.objects.filter(pk=version_id).update(waiting_for=reason[:200])


def sweep() -> None:
    """Bring back work that was promised, counted as done, and yet is not."""
    late = timezone.now() - SWEEP_AFTER
    for version in MouVersion.objects.filter(status=VersionStatus.AGREED):
        outbox.reopen(f"seal:{version.pk}", untouched_since=late)
    for version in MouVersion.objects.filter(status=VersionStatus.SEALING):
        outbox.reopen(f"archive:{version.pk}", untouched_since=late)
    open_signatures = [SignatureStatus.AUTHORISED, SignatureStatus.SIGNED]
    for signature in Signature.objects.filter(status__in=open_signatures):
        outbox.reopen(f"apply_signature:{signature.pk}", untouched_since=late)
