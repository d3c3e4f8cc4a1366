"""Focus areas: the owner hears that a report matches and nothing more; and how they are kept."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners import focus_files, queues
from partners.actions import focus_areas as actions
from partners.models import FocusArea
from partners.visibility import Level
from portal import reference, reference_files
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, OutboxMessage, ReferenceItem, StaffRole
from reporting.actions import custody, triage
from reporting.models import Report
from tests.factories import UserFactory
from tests.partners.factories import PartnerFactory
from tests.people import at_the_desk, read_mail

pytestmark = pytest.mark.django_db

CODE = "synthetic-drugs-export-post-australia"
MATCHING = {"category": "SYNTHETIC_DRUGS", "direction": "EXPORT", "mode": "5"}
DAY = date(2026, 11, 26)


@pytest.fixture
def lists(db):
    names = ("commodity", "direction", "transport_mode")
    files = [reference_files.FOLDER / f"{name}.csv" for name in names]
    ReferenceItem.objects.bulk_create(item for file in files for item in reference_files.read(file))
    reference.forget()


@pytest.fixture
def area(lists):
    """The first focus area, as it is shipped, with an owner."""
    PartnerFactory(code="ABF", country="AU")
    focus_files.load()
    found = FocusArea.objects.get(code=CODE)
    found.owner = UserFactory(liaison_officer=True)
    found.save()
    return found


@pytest.fixture
def officer():
    return UserFactory(triage_officer=True)


def letters(area, time_machine):
    """What its owner is sent within the hour."""
    time_machine.move_to(timezone.now() + timedelta(hours=1, minutes=1))
    return [letter for letter in read_mail() if letter.to == [area.owner.email]]


def test_first_area_watches_for_synthetic_drugs_exported_by_post_with_australia(area):
    assert (area.commodities, area.directions, area.modes) == (
        ["SYNTHETIC_DRUGS"],
        ["EXPORT"],
        ["5"],
    )
    assert [one.code for one in area.partners.all()] == ["ABF"]
    assert focus_files.load() == {"kept": 1}


def test_report_that_matches_tells_the_owner_and_nothing_of_itself(area, officer, time_machine):
    """Acceptance test 21 of the domain."""
    report = Report.objects.create()
    triage.classify(report=report, by=officer, **MATCHING)
    (letter,) = letters(area, time_machine)
    assert area.name in letter.body
    for secret in (report.reference, str(report.pk), officer.email, officer.name):
        assert secret not in letter.subject + letter.body
    promised = OutboxMessage.objects.filter(task="partners.send_letter").values_list(
        "key", "payload"
    )
    assert str(report.pk) not in str(list(promised))
    assert report.reference not in str(list(promised))


def test_record_says_who_was_told_of_which_report(area, officer):
    report = Report.objects.create()
    triage.classify(report=report, by=officer, **MATCHING)
    event = AuditEvent.objects.get(event="focus_area_told")
    assert (event.target_id, event.kind) == (str(report.pk), "disclosure")
    assert event.facts == {"area": CODE, "to": area.owner_id, "certain": False}


@pytest.mark.parametrize(
    "other",
    [{"direction": "IMPORT"}, {"mode": "1"}, {"category": "TOBACCO"}, {"destination": "NZ"}],
)
def test_report_that_does_not_match_tells_nobody(area, officer, other, time_machine):
    triage.classify(report=Report.objects.create(), by=officer, **MATCHING | other)
    assert letters(area, time_machine) == []


def test_report_that_matched_already_tells_nothing_again(area, officer):
    report = Report.objects.create()
    for eu_finances in (False, True):
        triage.classify(report=report, by=officer, eu_finances=eu_finances, **MATCHING)
    assert AuditEvent.objects.filter(event="focus_area_told").count() == 1


def test_report_that_comes_to_match_tells_then(area, officer):
    report = Report.objects.create()
    triage.classify(report=report, by=officer, **MATCHING | {"mode": ""})
    assert not AuditEvent.objects.filter(event="focus_area_told").exists()
    triage.classify(report=report, by=officer, **MATCHING)
    assert AuditEvent.objects.filter(event="focus_area_told").exists()


@pytest.mark.parametrize("destination", ["", "AU"])
def test_report_that_goes_to_a_partner_or_perhaps_does_tells_the_owner(area, officer, destination):
    triage.classify(report=Report.objects.create(), by=officer, destination=destination, **MATCHING)
    assert AuditEvent.objects.filter(event="focus_area_told").count() == 1


# The destinations that an officer writes one after the other, and how often the owner is told.
@pytest.mark.parametrize(
    ("destinations", "times"),
    [
        (["AU"], 1),
        (["", "NZ"], 1),
        (["NZ", "AU"], 1),
        (["NZ", ""], 1),
        (["NZ", "CN"], 0),
        (["", "AU"], 2),
        (["", "NZ", "AU"], 2),
        (["", "AU", "", "AU"], 2),
        (["", "NZ", "", "NZ"], 1),
        (["AU", "", "AU"], 1),
        (["AU", "NZ", "AU"], 1),
    ],
)
def test_report_whose_country_becomes_known_tells_what_is_new(area, officer, destinations, times):
    report = Report.objects.create()
    for destination in destinations:
        triage.classify(report=report, by=officer, destination=destination, **MATCHING)
    assert AuditEvent.objects.filter(event="focus_area_told").count() == times


def test_match_that_becomes_certain_says_so_and_nothing_of_the_report(area, officer, time_machine):
    report = Report.objects.create()
    triage.classify(report=report, by=officer, **MATCHING)
    triage.classify(report=report, by=officer, destination="AU", **MATCHING)
    _first, letter = sorted(letters(area, time_machine), key=lambda one: "certain" in one.body)
    assert "for certain" in letter.body
    assert area.name in letter.body
    for secret in (report.reference, str(report.pk), "Australia", officer.name):
        assert secret not in letter.subject + letter.body.replace(area.name, "")


def test_new_owner_hears_of_a_match_for_the_first_time(area, officer, time_machine):
    report = Report.objects.create()
    triage.classify(report=report, by=officer, **MATCHING)
    area.owner = UserFactory(liaison_officer=True)
    area.save()
    triage.classify(report=report, by=officer, destination="AU", **MATCHING)
    (letter,) = letters(area, time_machine)
    assert "for certain" not in letter.body


def test_partner_without_a_country_narrows_nothing(area, officer):
    area.partners.add(PartnerFactory(code="POLICE-WORLD", country=""))
    assert area.countries == {"AU"}
    area.partners.set(area.partners.filter(country=""))
    triage.classify(report=Report.objects.create(), by=officer, destination="NZ", **MATCHING)
    assert AuditEvent.objects.filter(event="focus_area_told").exists()


def test_two_reports_in_an_hour_are_one_letter(area, officer, time_machine):
    time_machine.move_to("2026-11-26T10:10:00+00:00")
    for _number in range(2):
        triage.classify(report=Report.objects.create(), by=officer, **MATCHING)
    assert len(letters(area, time_machine)) == 1


def test_owner_with_a_conflict_of_interest_hears_nothing(area, officer, time_machine):
    report = Report.objects.create()
    area.owner = UserFactory(triage_officer=True)
    area.save()
    custody.exclude(report=report, by=UserFactory(supervisor=True), person=area.owner)
    triage.classify(report=report, by=officer, **MATCHING)
    assert letters(area, time_machine) == []
    assert not AuditEvent.objects.filter(event="focus_area_told").exists()


def lose(area, gone):
    """What the desk may do without ever looking at the area."""
    owner = area.owner
    if gone == "left":
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    elif gone == "lost the role":
        owner.grants.update(revoked_at=timezone.now())
    elif gone == "runs the machines":
        owner.grants.create(role="system_administrator")
    else:
        FocusArea.objects.update(owner=None)


GONE = ["left", "lost the role", "runs the machines", "nobody"]


@pytest.mark.parametrize("gone", GONE)
def test_owner_who_may_not_know_hears_nothing(area, officer, gone, time_machine):
    lose(area, gone)
    triage.classify(report=Report.objects.create(), by=officer, **MATCHING)
    assert letters(area, time_machine) == []


@pytest.mark.parametrize("gone", GONE)
def test_owner_who_leaves_within_the_hour_hears_nothing(area, officer, gone, time_machine):
    triage.classify(report=Report.objects.create(), by=officer, **MATCHING)
    lose(area, gone)
    assert letters(area, time_machine) == []


@pytest.mark.parametrize("gone", GONE)
def test_desk_reads_that_nobody_hears_of_an_area(area, client, gone):
    keeper = UserFactory(liaison_officer=True)
    at_the_desk(client, keeper)
    (queue,) = [one for one in queues.queues_of(keeper) if one.code == "focus_areas"]
    assert queues.counted(queue, keeper) == 0
    lose(area, gone)
    assert queues.counted(queue, keeper) == 1
    page = client.get(reverse("admin:partners_focusarea_changelist"), {"waits": "owner"})
    assert area.name in page.content.decode()
    assert "Nobody is told" in page.content.decode()


def test_area_that_is_over_tells_nobody(area, officer, time_machine):
    FocusArea.objects.update(until=timezone.localdate() - timedelta(days=1))
    triage.classify(report=Report.objects.create(), by=officer, **MATCHING)
    assert letters(area, time_machine) == []


# --- Keeping them ---------------------------------------------------------------------------


def told(**fields):
    return {
        "name": "Tobacco by road",
        "commodities": ["TOBACCO"],
        "directions": ["IMPORT"],
        "modes": ["3"],
        "origins": ["UA"],
        "since": None,
        "until": None,
        "owner": None,
        "note": "",
    } | fields


@pytest.mark.parametrize("role", StaffRole.values)
def test_focus_areas_are_kept_by_liaison_officers(lists, role):
    by = UserFactory(**{role: True})
    if role == StaffRole.LIAISON_OFFICER:
        assert actions.define_focus_area(by=by, code="tobacco", **told()).version == 1
        return
    with pytest.raises(NotAllowed):
        actions.define_focus_area(by=by, code="tobacco", **told())


@pytest.mark.parametrize(
    "wrong",
    [
        {"commodities": [], "directions": [], "modes": []},
        {"commodities": ["SUGAR"]},
        {"origins": ["XX"]},
        {"since": DAY, "until": DAY - timedelta(days=1)},
    ],
)
def test_area_that_means_nothing_is_refused(lists, wrong):
    with pytest.raises(DomainError):
        actions.define_focus_area(by=UserFactory(liaison_officer=True), code="x", **told(**wrong))


def test_owner_must_be_somebody_who_may_read_it(lists):
    with pytest.raises(DomainError, match="cannot own"):
        actions.define_focus_area(
            by=UserFactory(liaison_officer=True),
            code="x",
            **told(owner=UserFactory(caseworker=True)),
        )


def test_two_editors_are_told_of_each_other(area):
    by = UserFactory(liaison_officer=True)
    actions.edit_focus_area(area=area, by=by, version=1, **told())
    with pytest.raises(AlreadyDone):
        actions.edit_focus_area(area=area, by=by, version=1, **told())


def test_shipped_area_that_was_changed_stays_as_it_was_left(area):
    by = UserFactory(liaison_officer=True)
    actions.edit_focus_area(area=area, by=by, version=1, **told())
    focus_files.load()
    area.refresh_from_db()
    assert (area.name, area.partners.count()) == ("Tobacco by road", 0)


@pytest.mark.parametrize("change", [{"until": DAY, "since": DAY + timedelta(days=1)}, {"name": ""}])
def test_database_refuses_an_area_that_cannot_be(area, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        FocusArea.objects.update(**change)


@pytest.mark.parametrize("role", StaffRole.values)
def test_pages_of_focus_areas_are_for_their_readers(client, area, role):
    at_the_desk(client, UserFactory(**{role: True}))
    reads = role in ("liaison_officer", "supervisor", "triage_officer")
    shown = client.get(reverse("admin:partners_focusarea_change", args=[area.pk]))
    assert (shown.status_code == 200) == reads
    edit = reverse("admin:partners_focusarea_edit_focus_area", args=[area.pk])
    assert (client.get(edit).status_code == 200) == (role == "liaison_officer")


def test_page_of_an_area_names_no_partner_beyond_the_reader(client, area):
    area.partners.add(PartnerFactory(name="Harbour watch", visibility=Level.RESTRICTED))
    page = reverse("admin:partners_focusarea_change", args=[area.pk])
    for role, named in (("triage_officer", False), ("liaison_officer", True)):
        at_the_desk(client, UserFactory(**{role: True}))
        assert ("Harbour watch" in client.get(page).content.decode()) == named


def test_desk_defines_and_changes_a_focus_area(client, lists):
    officer = UserFactory(liaison_officer=True)
    at_the_desk(client, officer)
    typed = {"name": "Tobacco by road", "code": "tobacco", "commodities": ["TOBACCO"]}
    client.post(reverse("admin:partners_focusarea_define_focus_area"), typed)
    area = FocusArea.objects.get()
    assert (
        "Nobody is told"
        in client.get(reverse("admin:partners_focusarea_changelist")).content.decode()
    )
    edit = reverse("admin:partners_focusarea_edit_focus_area", args=[area.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, typed | {"owner": officer.pk, "version": 1})
    area.refresh_from_db()
    assert area.owner == officer


@pytest.mark.parametrize("made_up", ["9" * 30, "-1", "nobody"])
def test_desk_is_told_of_a_partner_that_is_none(client, lists, made_up):
    at_the_desk(client, UserFactory(liaison_officer=True))
    typed = {"name": "Tobacco", "code": "tobacco", "commodities": ["TOBACCO"], "partners": made_up}
    page = client.post(reverse("admin:partners_focusarea_define_focus_area"), typed)
    assert "partners" in page.context["form"].errors
    assert not FocusArea.objects.exists()


def test_form_of_an_area_keeps_the_partners_it_has(client, area):
    partner = PartnerFactory()
    area.partners.add(partner)
    at_the_desk(client, UserFactory(liaison_officer=True))
    edit = reverse("admin:partners_focusarea_edit_focus_area", args=[area.pk])
    assert f'<option value="{partner.code}" selected>' in client.get(edit).content.decode()
