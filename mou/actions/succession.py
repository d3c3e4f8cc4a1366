"""A new version takes the place of the one before it, in one transaction."""

from __future__ import annotations

from django.utils import timezone

from mou import course, lifecycle, notifications
from mou.actions import organisations, stages
from mou.lifecycle import VersionStatus
from mou.models import AmendmentKind, Mou, MouVersion
from portal import audit


def succeed(version: MouVersion) -> None:
    """In the caller's transaction: this archived version binds now, and the earlier one no more.

    Whether the agreement is in force, suspended or ended meanwhile stays as it is, and so do the
    day on which it came into force and its next review. Only a renewal moves its last day.
    """
    mou, amendment = version.mou, version.amendment
    assert amendment is not None  # noqa: S101 - the caller has looked
    for old in mou.versions.filter(status=VersionStatus.SIGNED).exclude(pk=version.pk):
        old.status = lifecycle.after(lifecycle.VERSION, "supersede", old.status)
        old.save(update_fields=["status"])
        audit.record("superseded", target=old, by=None, organisation=mou.organisation)
    stages.lead(course.course_of_version(version), "archive", closed_at=timezone.now())
    if amendment.kind == AmendmentKind.RENEWAL and mou.ended_at is None:
        _move_end(mou, version)
    organisations.note_name(mou)
    audit.record("amended", target=version, by=None, organisation=mou.organisation)
    notifications.notify("amended", mou=mou)


def _move_end(mou: Mou, version: MouVersion) -> None:
    assert version.amendment is not None  # noqa: S101 - the caller has looked
    mou.ends_on = version.amendment.ends_on
    mou.save(update_fields=["ends_on"])
