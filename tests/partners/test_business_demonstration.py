"""The demonstration of business help: every state, by the real actions, once."""

import pytest

from partners.demonstration import business
from partners.models import Engagement, Enquiry, FocusArea, Notice
from portal import demonstration as people
from portal import reference_files
from portal.errors import DomainError
from tests.partners.enquiry_flows import partner_person
from tests.partners.factories import PartnerFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True
    reference_files.load()
    people.add_staff()
    PartnerFactory(code="WCO")
    PostFactory()


def test_demonstration_shows_every_state_and_is_told_once(demonstration):
    partner_person()
    for _twice in range(2):
        business.tell(lambda line: None, patience=0)
    for model, states in (
        (Enquiry, {"waiting", "asked_back", "answered", "closed"}),
        (Notice, {"drafted", "proposed", "published"}),
        (Engagement, {"planned", "held", "written_up"}),
    ):
        assert set(model.objects.values_list("status", flat=True)) == states
    assert Enquiry.objects.count() == 4
    assert FocusArea.objects.get().owner.email == "liaison@customs.example"


def test_demonstration_without_an_agreement_says_so(demonstration):
    said = []
    business.tell(said.append, patience=0)
    assert "no memorandum" in said[-1]
    assert not Enquiry.objects.exists()


def test_demonstration_is_refused_outside_it(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(DomainError):
        business.tell(lambda line: None, patience=0)
