"""The transition tables: every pair of status and verb, and the diagram drawn from them."""

from pathlib import Path

import pytest
from django.conf import settings

from mou import lifecycle
from mou.lifecycle import (
    ActivityStatus,
    AlertStatus,
    AmendmentStatus,
    BatchStatus,
    CoverStatus,
    InterestStatus,
    MeasureStatus,
    MouStatus,
    OfferStatus,
    ProposalStatus,
    ReviewStatus,
    RevisionStatus,
    RiskStatus,
    SignatureStatus,
    SurveyStatus,
    TrainingStatus,
    VersionStatus,
)
from mou.management.commands.draw_lifecycle import drawn
from portal.errors import InvalidTransition

TABLES = [
    (lifecycle.OFFER, OfferStatus),
    (lifecycle.BATCH, BatchStatus),
    (lifecycle.MOU, MouStatus),
    (lifecycle.AMENDMENT, AmendmentStatus),
    (lifecycle.VERSION, VersionStatus),
    (lifecycle.SIGNATURE, SignatureStatus),
    (lifecycle.REVIEW, ReviewStatus),
    (lifecycle.COVER, CoverStatus),
    (lifecycle.INTEREST, InterestStatus),
    (lifecycle.SURVEY, SurveyStatus),
    (lifecycle.RISK, RiskStatus),
    (lifecycle.MEASURE, MeasureStatus),
    (lifecycle.ACTIVITY, ActivityStatus),
    (lifecycle.ALERT, AlertStatus),
    (lifecycle.PROPOSAL, ProposalStatus),
    (lifecycle.TRAINING, TrainingStatus),
    (lifecycle.REVISION, RevisionStatus),
]
PAIRS = [
    (table, verb, status)
    for table, statuses in TABLES
    for verb in table
    for status in statuses.values
]
ENDS = {
    CoverStatus.DECLINED,
    CoverStatus.LEFT,
    CoverStatus.REMOVED,
    CoverStatus.REFUSED,
    CoverStatus.ENDED,
    BatchStatus.FINISHED,
    BatchStatus.STOPPED,
    TrainingStatus.CANCELLED,
    AlertStatus.WITHDRAWN,
    AlertStatus.EXPIRED,
    AmendmentStatus.COMPLETED,
    AmendmentStatus.DROPPED,
    OfferStatus.ENDED,
    OfferStatus.DECLINED,
    OfferStatus.WITHDRAWN,
    MouStatus.WITHDRAWN,
    MouStatus.TERMINATED,
    MouStatus.EXPIRED,
    ReviewStatus.CLOSED,
    InterestStatus.ACCEPTED,
    InterestStatus.UPHELD,
    RevisionStatus.APPROVED,
    RevisionStatus.REFUSED,
    RevisionStatus.WITHDRAWN,
    ProposalStatus.ACCEPTED,
    ProposalStatus.REFUSED,
    ProposalStatus.COUNTERED,
    ProposalStatus.WITHDRAWN,
    ProposalStatus.LAPSED,
    SurveyStatus.FROZEN,
    RiskStatus.SHARED,
    MeasureStatus.VERIFIED,
    MeasureStatus.DROPPED,
    ActivityStatus.HELD,
    ActivityStatus.CANCELLED,
    VersionStatus.SUPERSEDED,
    VersionStatus.VOID,
    SignatureStatus.LAPSED,
    SignatureStatus.REFUSED,
    SignatureStatus.VOID,
}


@pytest.mark.parametrize(("table", "verb", "status"), PAIRS)
def test_after_follows_the_table_for_every_pair(table, verb, status):
    before, to = table[verb]
    if status in before:
        assert lifecycle.after(table, verb, status) == (to or status)
    else:
        with pytest.raises(InvalidTransition, match=str(lifecycle.label(table, status))):
            lifecycle.after(table, verb, status)


@pytest.mark.parametrize(("table", "statuses"), TABLES)
def test_every_status_is_reached_and_left_unless_it_is_an_end(table, statuses):
    reached = {to for _before, to in table.values() if to}
    left = set().union(*(before for before, _to in table.values()))
    start = statuses.values[0]
    assert set(statuses.values) <= reached | {start}
    assert {status for status in statuses.values if status not in left} <= ENDS


def test_sealing_leads_only_to_the_archive():
    verbs = {verb for verb, (before, _to) in lifecycle.VERSION.items() if "sealing" in before}
    assert verbs == {"archive"}


def test_docs_show_the_tables_as_they_are():
    assert Path(settings.BASE_DIR, "docs", "lifecycle.md").read_text() == drawn()
