"""The blind index: equal identifiers find each other, and nothing else is learned."""

from __future__ import annotations

import pytest

from portal.errors import DomainError
from portal.keyring import Locked, Unlocked
from portal.models import AuditEvent
from reporting import links
from reporting.models import Exclusion, Identifier
from tests.factories import UserFactory
from tests.reporting.sealed import make_report, told

pytestmark = pytest.mark.django_db

BOX = {"raw": "CSQU3054383", "normalised": "CSQU3054383", "warning": ""}


def shipped(*containers, **more):
    boxes = [{**BOX, "raw": raw} for raw in containers]
    return told(transport={"containers": boxes, **more})


def opened(desk, content):
    report = make_report(content)
    links.write(report, content, desk.keys_of(desk.officer))
    return report


def test_digest_differs_by_kind_key_and_value():
    made = {
        links.digest(key, kind, value)
        for key in (b"k" * 32, b"l" * 32)
        for kind in ("plate", "seal", "sea")
        for value in ("ABC123", "lABC123")
    }
    assert len(made) == 12
    assert {len(one) for one in made} == {32}


def test_digest_without_the_index_key_is_refused():
    with pytest.raises(Locked):
        links.digest(b"", "plate", "ABC123")


def test_write_twice_enters_once(desk):
    report = opened(desk, shipped("CSQU3054383", "CSQU 305438-3"))
    links.write(report, shipped("CSQU3054383"), desk.keys_of(desk.officer))
    (entry,) = Identifier.objects.all()
    assert entry.kind == "container"
    assert b"CSQU" not in bytes(entry.digest)


def test_others_with_the_same_container_are_found_and_recorded(desk):
    one = opened(desk, shipped("CSQU3054383", seal="S-1"))
    other = opened(desk, shipped("csqu 3054383", seal="s1"))
    opened(desk, shipped("MSCU1234566"))
    (link,) = links.others(one, desk.keys_of(desk.officer), desk.officer)
    assert link.report == other
    assert set(link.kinds) == {"container", "seal"}
    event = AuditEvent.objects.get(event="linked")
    assert (event.kind, event.facts) == ("combination", {"with_reports": [str(other.pk)]})


def test_others_that_the_officer_may_not_know_stay_unknown(desk):
    one = opened(desk, shipped("CSQU3054383"))
    other = opened(desk, shipped("CSQU3054383"))
    Exclusion.objects.create(report=other, user=desk.officer, excluded_by=desk.supervisor)
    assert links.others(one, desk.keys_of(desk.officer), desk.officer) == []
    assert not AuditEvent.objects.filter(event="linked").exists()


@pytest.mark.parametrize("typed", ["CSQU3054383", "csqu 305438 3", " CSQU-305438-3 "])
def test_find_however_it_is_typed(desk, typed):
    report = opened(desk, shipped("CSQU3054383"))
    keys = desk.keys_of(desk.officer)
    (link,) = links.find(typed=typed, keys=keys, by=desk.officer, reason="seen in Gothenburg")
    assert (link.report, link.kinds) == (report, ["container"])


def test_find_records_each_result_with_its_reason_and_never_what_was_typed(desk):
    report = opened(desk, shipped("CSQU3054383"))
    keys = desk.keys_of(desk.officer)
    links.find(typed="CSQU3054383", keys=keys, by=desk.officer, reason="case 7")
    consulted = AuditEvent.objects.filter(kind="consultation")
    assert {e.target_id for e in consulted} == {str(report.pk), str(desk.officer.pk)}
    assert {e.reason for e in consulted} == {"case 7"}
    assert not any("CSQU" in str(vars(event)) for event in AuditEvent.objects.all())


def test_find_without_a_reason_is_refused(desk):
    with pytest.raises(DomainError):
        links.find(typed="X", keys=desk.keys_of(desk.officer), by=desk.officer, reason=" ")


def test_find_nothing_typed_is_refused(desk):
    with pytest.raises(DomainError):
        links.find(typed=" - ", keys=desk.keys_of(desk.officer), by=desk.officer, reason="r")


def test_find_as_somebody_without_the_role_finds_nothing(desk):
    opened(desk, shipped("CSQU3054383"))
    stranger = UserFactory(system_administrator=True)
    keys = Unlocked(stranger, {}, {}, desk.keys_of(desk.officer).index)
    assert links.find(typed="CSQU3054383", keys=keys, by=stranger, reason="r") == []


def test_find_costs_the_same_however_many_there_are(desk, django_assert_max_num_queries):
    keys = desk.keys_of(desk.officer)
    for _again in range(5):
        opened(desk, shipped("CSQU3054383"))
    with django_assert_max_num_queries(6):
        found = links.find(typed="CSQU3054383", keys=keys, by=desk.officer, reason="r")
    assert len(found) == 5
