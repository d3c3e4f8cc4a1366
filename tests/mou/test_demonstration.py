"""The demonstration of the agreements: by the real actions, everything in every state."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from mou import demonstration, lifecycle, programme
from mou.demonstration import story
from mou.demonstration.firms import firms
from mou.models import (
    Activity,
    Alert,
    Amendment,
    ClauseProposal,
    ClauseRevision,
    Cover,
    FlowSurvey,
    Interest,
    Measure,
    Mou,
    MouOffer,
    MouVersion,
    OfferBatch,
    Review,
    RiskAssessment,
    Signature,
    Training,
)
from portal import demonstration as people
from portal import outbox, reference_files
from portal.models import OutboxMessage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# How many of a kind are needed to see every state; of every other kind one firm is enough.
NEEDED = {"named": 2, "drafted": 2, "proposed": 2, "in_force": 2}
# What the workers leave within seconds, and what no person brings about by what they do.
PASSING: dict[type, set[str]] = {
    Mou: {"ready"},
    Amendment: {"ready"},
    MouVersion: {"agreed", "sealing"},
    Signature: {"authorised", "signed", "lapsed", "refused"},
    OfferBatch: {"running"},
}
STATES = {
    MouOffer: lifecycle.OfferStatus,
    OfferBatch: lifecycle.BatchStatus,
    Mou: lifecycle.MouStatus,
    Amendment: lifecycle.AmendmentStatus,
    MouVersion: lifecycle.VersionStatus,
    Signature: lifecycle.SignatureStatus,
    ClauseProposal: lifecycle.ProposalStatus,
    ClauseRevision: lifecycle.RevisionStatus,
    Cover: lifecycle.CoverStatus,
    Interest: lifecycle.InterestStatus,
    FlowSurvey: lifecycle.SurveyStatus,
    RiskAssessment: lifecycle.RiskStatus,
    Measure: lifecycle.MeasureStatus,
    Activity: lifecycle.ActivityStatus,
    Review: lifecycle.ReviewStatus,
    Alert: lifecycle.AlertStatus,
    Training: lifecycle.TrainingStatus,
}


def chosen():
    """Of each kind of firm as many as are needed: the whole demonstration takes minutes."""
    found, left = [], dict.fromkeys((firm.target for firm in firms()), 1) | NEEDED
    for firm in firms():
        left[firm.target] -= 1
        if left[firm.target] >= 0:
            found.append(firm)
    return found


@pytest.fixture
def worked(monkeypatch):
    """Whoever waits for the workers does their work."""

    def delivered(_seconds):
        while outbox.deliver_open():
            pass

    clock = SimpleNamespace(monotonic=time.monotonic, sleep=delivered)
    monkeypatch.setattr(story, "time", clock)
    monkeypatch.setattr(demonstration, "firms", chosen)


def test_every_status_of_every_table_is_looked_at():
    known = {choices for choices, _table in lifecycle._STATUSES}
    assert set(STATES.values()) == known


@pytest.mark.soak
def test_demonstration_shows_everything_in_every_state_and_is_told_once(
    settings, worked, trust_service
):
    settings.DEMONSTRATION = True
    reference_files.load()
    programme.load()
    people.add_staff()
    counted = []
    for _run in range(2):
        rows = demonstration.import_firms(lambda line: None)
        story.Story(rows, lambda line: None).tell()
        counted.append({model: model.objects.count() for model in STATES})
    assert counted[0] == counted[1]
    lacking = {
        model.__name__: missing
        for model, choices in STATES.items()
        if (
            missing := set(choices.values)
            - PASSING.get(model, set())
            - set(model.objects.values_list("status", flat=True))
        )
    }
    assert not lacking
    assert not OutboxMessage.objects.exclude(last_error="").exists()
