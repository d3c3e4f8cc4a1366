"""The association of the demonstration: its members in different states, made once."""

import pytest

from mou.demonstration import covering
from mou.models import Cover, Listing
from portal import reference_files
from tests.factories import UserFactory
from tests.mou import living

pytestmark = pytest.mark.django_db


def test_demonstration_shows_members_in_every_state_once(settings):
    settings.DEMONSTRATION = True
    reference_files.load()
    mou, officer = living.in_force("Nordic Forwarders’ Association"), UserFactory(caseworker=True)
    for _run in range(2):
        covering.cover(mou, officer)
    states = dict(Cover.objects.values_list("organisation__legal_name", "status"))
    assert states == {
        "Ostra Drayage AB": "confirmed",
        "Kallvik Haulage AB": "named",
        "Tallberg Brokers AB": "refused",
        "Rosenborg Depots AB": "declined",
        "Bergsund Reefers AB": "left",
        "Lindholm Lifts AB": "removed",
    }
    assert Listing.objects.public().get().firm.legal_name == "Ostra Drayage AB"
