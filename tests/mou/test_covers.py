"""Member firms of an association: named, confirmed, covered while its agreement is in force."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mou import coverage
from mou.actions import alerts, covers, life, publicity, standing, standings, training
from mou.lifecycle import CoverStatus
from mou.models import AlertDelivery, Attendee, Cover, Listing
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, Invitation, Organisation, StaffRole, Standing
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.mou import alert_flows, flows, living, training_flows
from tests.mou.cover_flows import FIRM, association, confirmed, member, named, owner
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
WHY = "The firm is no member by the list that the association keeps."


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def stands(firm):
    found = Standing.objects.filter(organisation=firm, programme="mou").first()
    return found is not None and found.in_force


def again(cover):
    return Cover.objects.select_related("mou", "organisation").get(pk=cover.pk)


def suspend(mou, officer):
    return standing.suspend_for_cause(mou=mou, reason=WHY, until=None, by=officer)


# --- Joining and leaving ------------------------------------------------------------------------


def test_name_member_asks_the_firm_and_covers_nobody_yet():
    cover = named()
    flows.deliver_all()
    assert (cover.status, stands(cover.organisation)) == (CoverStatus.NAMED, False)
    assert [owner(cover.organisation).email] in [one.to for one in mail.outbox]
    assert Organisation.objects.filter(eori=cover.organisation.eori).count() == 1


def test_name_member_of_an_unknown_firm_adds_it_and_invites_nobody():
    mou = association()
    cover = covers.name_member(
        mou=mou, firm=FIRM, email="new@member.example", by=owner(mou.organisation)
    )
    flows.deliver_all()
    assert cover.organisation.legal_name == "Member AB"
    assert not Invitation.objects.exists()
    assert "new@member.example" not in {address for one in mail.outbox for address in one.to}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"eori": ""}, "registration number"),
        ({"eori": "own"}, "association itself"),
        ({"eori": "twice"}, "named already"),
    ],
)
def test_name_member_says_what_does_not_fit(change, said):
    mou, firm = association(), member()
    named(mou, firm)
    mou.organisation.eori = "SE990000001"
    mou.organisation.save()
    known = {"own": "SE990000001", "twice": firm.eori}
    told = {**FIRM, "eori": known.get(change["eori"], change["eori"])}
    with pytest.raises(DomainError, match=said):
        covers.name_member(mou=mou, firm=told, email="a@b.example", by=owner(mou.organisation))


@pytest.mark.parametrize("who", ["signatory", "stranger", "supervisor", "member"])
def test_name_member_is_the_associations_owners_or_a_caseworkers(who, officer):
    mou = association()
    people = {
        "signatory": UserFactory(),
        "stranger": UserFactory(),
        "supervisor": UserFactory(supervisor=True),
        "member": owner(member()),
    }
    if who == "signatory":
        MembershipFactory(organisation=mou.organisation, user=people[who], signatory=True)
    with pytest.raises(NotAllowed):
        covers.name_member(mou=mou, firm=FIRM, email="a@b.example", by=people[who])
    covers.name_member(mou=mou, firm=FIRM, email="a@b.example", by=officer)


def test_name_member_is_for_associations_only():
    mou = living.in_force()
    with pytest.raises(NotAllowed):
        covers.name_member(mou=mou, firm=FIRM, email="a@b.example", by=owner(mou.organisation))


def test_confirm_cover_makes_the_firm_a_partner_in_the_same_transaction():
    cover = confirmed()
    assert stands(cover.organisation)
    assert again(cover).is_in_force
    assert AuditEvent.objects.filter(event="member_confirmed").exists()


@pytest.mark.parametrize("verb", ["confirm_cover", "decline_cover"])
def test_answer_is_the_firms_owners(verb, officer):
    cover = named()
    for person in (owner(cover.mou.organisation), officer, UserFactory()):
        with pytest.raises(NotAllowed):
            getattr(covers, verb)(cover=cover, by=person)
    getattr(covers, verb)(cover=cover, by=owner(cover.organisation))


def test_leave_cover_ends_the_standing_at_once_and_may_be_followed_by_another():
    cover = confirmed()
    covers.leave_cover(cover=cover, by=owner(cover.organisation))
    assert not stands(cover.organisation)
    assert again(cover).status == CoverStatus.LEFT
    confirmed(cover.mou, cover.organisation)
    assert stands(cover.organisation)
    assert Cover.objects.filter(organisation=cover.organisation).count() == 2


def test_remove_member_is_the_associations():
    cover = confirmed()
    with pytest.raises(NotAllowed):
        covers.remove_member(cover=cover, by=owner(cover.organisation))
    covers.remove_member(cover=cover, by=owner(cover.mou.organisation))
    assert not stands(cover.organisation)


def test_refuse_member_is_a_caseworkers_and_says_why(officer):
    cover = confirmed()
    with pytest.raises(DomainError, match="reason"):
        covers.refuse_member(cover=cover, reason=" ", by=officer)
    with pytest.raises(NotAllowed):
        covers.refuse_member(cover=cover, reason=WHY, by=UserFactory(supervisor=True))
    covers.refuse_member(cover=cover, reason=WHY, by=officer)
    assert (again(cover).end_reason, stands(cover.organisation)) == (WHY, False)
    flows.deliver_all()
    told = {address for one in mail.outbox for address in one.to}
    assert {owner(cover.organisation).email, owner(cover.mou.organisation).email} <= told


def test_invite_member_is_a_caseworkers_for_a_firm_that_nobody_owns(officer):
    cover = named(firm=member(owned=False))
    with pytest.raises(NotAllowed):
        covers.invite_member(
            cover=cover, email="a@b.example", source="-", by=owner(cover.mou.organisation)
        )
    covers.invite_member(cover=cover, email="Owner@member.example", source="By phone", by=officer)
    assert Invitation.objects.get().email == "owner@member.example"
    owned = named()
    with pytest.raises(NotAllowed):
        covers.invite_member(cover=owned, email="a@b.example", source="By phone", by=officer)


VERBS = {
    "confirm_cover": {"named"},
    "decline_cover": {"named"},
    "leave_cover": {"confirmed"},
    "remove_member": {"named", "confirmed"},
    "refuse_member": {"named", "confirmed"},
    "show_member": {"confirmed"},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", CoverStatus.values)
def test_verb_of_a_cover_only_in_its_states(verb, status, officer):
    cover = named()
    ended = timezone.now() if status not in ("named", "confirmed") else None
    Cover.objects.update(
        status=status,
        ended_at=ended,
        end_reason="-",
        confirmed_at=timezone.now(),
        confirmed_by=officer,
    )
    association_acts = verb in ("remove_member", "show_member")
    firm = cover.mou.organisation if association_acts else cover.organisation
    told = {"reason": WHY} if verb == "refuse_member" else {}
    by = officer if verb == "refuse_member" else owner(firm)
    if status in VERBS[verb]:
        getattr(covers, verb)(cover=cover, by=by, **told)
    else:
        with pytest.raises(InvalidTransition):
            getattr(covers, verb)(cover=cover, by=by, **told)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"status": "left"}, "cover_ended_at_with_status"),
        ({"status": "confirmed"}, "cover_confirmed_has_a_day"),
        ({"status": "refused", "ended_at": timezone.now()}, "cover_refused_with_a_reason"),
        ({"shown_at": timezone.now()}, "cover_shown_at_with_by"),
        ({"confirmed_at": timezone.now()}, "cover_confirmed_at_with_by"),
    ],
)
def test_the_database_refuses_half_a_cover(fields, name):
    cover = named()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Cover.objects.filter(pk=cover.pk).update(**fields)


# --- The life of the agreement -------------------------------------------------------------------


def test_suspension_and_reinstatement_of_the_agreement_reach_every_member(officer):
    cover = confirmed()
    other = confirmed(cover.mou, member("Other AB"))
    suspend(cover.mou, officer)
    assert not stands(cover.organisation)
    assert not stands(other.organisation)
    assert not again(cover).is_in_force
    standing.reinstate(mou=cover.mou, reason="Seen to", by=officer)
    assert stands(cover.organisation)
    assert stands(other.organisation)
    flows.deliver_all()
    letters = [one.subject for one in mail.outbox if one.to == [owner(other.organisation).email]]
    assert [one for one in letters if "not covered at present" in one]
    assert [one for one in letters if "covered again" in one]


def test_end_of_the_agreement_ends_every_cover(officer):
    cover = confirmed()
    waiting = named(cover.mou, member("Waiting AB"))
    mou = cover.mou
    notice = life.propose_termination(mou=mou, reason=WHY, by=officer)
    life.approve_termination(mou=notice.mou, by=UserFactory(supervisor=True))
    assert {again(one).status for one in (cover, waiting)} == {CoverStatus.ENDED}
    assert not stands(cover.organisation)


def test_confirm_while_the_agreement_is_suspended_covers_from_when_it_is_in_force(officer):
    cover = named()
    suspend(cover.mou, officer)
    covers.confirm_cover(cover=cover, by=owner(cover.organisation))
    assert not stands(cover.organisation)
    standing.reinstate(mou=cover.mou, reason="Seen to", by=officer)
    assert stands(cover.organisation)


def test_standing_stays_while_anything_else_carries_it(officer):
    own = living.in_force()
    own.organisation.eori = "SE8800000001"
    own.organisation.save()
    first = confirmed(firm=own.organisation)
    second = confirmed(association("Second Association"), own.organisation)
    suspend(own, officer)
    assert stands(own.organisation)
    suspend(first.mou, officer)
    assert stands(own.organisation)
    covers.leave_cover(cover=second, by=owner(own.organisation))
    assert not stands(own.organisation)


def test_suspension_asks_as_often_for_forty_members_as_for_three(officer):
    asked = []
    for count in (3, 40):
        mou = association(f"Association of {count}")
        firms = Organisation.objects.bulk_create(
            Organisation(legal_name=f"Member {n}", country="SE") for n in range(count)
        )
        Cover.objects.bulk_create(
            Cover(
                mou=mou,
                organisation=firm,
                status="confirmed",
                named_by=officer,
                confirmed_at=timezone.now(),
                confirmed_by=officer,
            )
            for firm in firms
        )

        with CaptureQueriesContext(connection) as queries:
            standings.follow(mou)
        assert Standing.objects.filter(organisation__in=firms, in_force=True).count() == count
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- What follows from it ------------------------------------------------------------------------


def published(**told):
    alert = alert_flows.proposed(by=UserFactory(caseworker=True), **told)
    return alerts.approve_alert(
        alert=alert, revision=alert.revision, by=UserFactory(supervisor=True)
    )


def test_alert_reaches_members_by_what_they_do_themselves():
    cover = confirmed()
    alerts.deliver(alert=published(audience=["forwarder"]))
    found = AlertDelivery.objects.get()
    assert (found.cover, found.firm) == (cover, cover.organisation)
    assert AlertDelivery.objects.visible_to(owner(cover.organisation)).get() == found
    assert not AlertDelivery.objects.visible_to(owner(cover.mou.organisation)).exists()
    alerts.deliver(alert=found.alert)
    assert AlertDelivery.objects.count() == 1


def test_confirm_brings_the_alerts_that_stand_and_suspension_takes_them(officer):
    mou = association()
    alerts.deliver(alert=published())
    cover = confirmed(mou)
    flows.deliver_all()
    reads = AlertDelivery.objects.visible_to(owner(cover.organisation))
    assert [one.cover for one in reads] == [cover]
    suspend(mou, officer)
    assert not AlertDelivery.objects.visible_to(owner(cover.organisation)).exists()
    standing.reinstate(mou=mou, reason="Seen to", by=officer)
    covers.leave_cover(cover=cover, by=owner(cover.organisation))
    assert not AlertDelivery.objects.visible_to(owner(cover.organisation)).exists()


def test_training_takes_people_of_a_member_while_it_is_covered(officer):
    cover = confirmed()
    session = training.plan_training(told=training_flows.told(), by=officer)
    training.offer_training(training=session, by=officer)
    told = {"training": session, "mou": cover.mou, "by": owner(cover.organisation)}
    [ada] = training.register_attendees(names=["Ada"], cover=cover, **told)
    assert (ada.cover, ada.firm) == (cover, cover.organisation)
    with pytest.raises(NotAllowed):
        training.register_attendees(names=["Bob"], **told)
    covers.leave_cover(cover=cover, by=owner(cover.organisation))
    with pytest.raises(NotAllowed):
        training.register_attendees(names=["Cleo"], cover=cover, **told)
    training.withdraw_attendee(attendee=ada, by=owner(cover.organisation))
    assert Attendee.objects.coming().count() == 0


def test_certificate_of_a_member_names_its_firm_and_opens_for_it_alone(
    client, officer, time_machine
):
    cover = confirmed()
    session = training.plan_training(told=training_flows.told(), by=officer)
    training.offer_training(training=session, by=officer)
    member = owner(cover.organisation)
    ada, bo = training.register_attendees(
        training=session, mou=cover.mou, cover=cover, names=["Ada", "Bo"], by=member
    )
    time_machine.move_to(session.ends_at)
    training.record_attendance(training=session, present={ada.seat}, by=officer)
    page = reverse("mou:member_attendance", args=[cover.uuid, ada.uuid])
    client.force_login(owner(cover.mou.organisation))
    assert client.get(page).status_code == 404
    client.force_login(member)
    assert cover.organisation.legal_name in client.get(page).content.decode()
    assert page in client.get(reverse("mou:cover", args=[cover.uuid])).content.decode()
    assert client.get(page.replace(str(ada.uuid), str(bo.uuid))).status_code == 404


def test_register_names_a_member_only_when_both_agree_and_only_while_it_is_covered(officer):
    cover = confirmed()
    publicity.publish_cover(cover=cover, by=owner(cover.organisation))
    assert not Listing.objects.public().exists()
    covers.show_member(cover=cover, by=owner(cover.mou.organisation))
    assert Listing.objects.public().get().firm == cover.organisation
    suspend(cover.mou, officer)
    assert not Listing.objects.public().exists()
    standing.reinstate(mou=cover.mou, reason="Seen to", by=officer)
    covers.hide_member(cover=cover, by=owner(cover.mou.organisation))
    assert not Listing.objects.public().exists()
    covers.show_member(cover=cover, by=owner(cover.mou.organisation))
    publicity.unpublish_cover(cover=cover, by=owner(cover.organisation))
    assert not Listing.objects.public().exists()


def test_badge_of_a_member_says_through_whom_and_only_while_it_is_covered(client, officer):
    cover = confirmed()
    listing = publicity.publish_cover(cover=cover, by=owner(cover.organisation))
    covers.show_member(cover=cover, by=owner(cover.mou.organisation))
    page, image = f"/register/{listing.token}/", f"/register/{listing.token}/badge.svg"
    assert "It is a member of Freight Forwarders" in client.get(page).content.decode()
    assert "Covered through Freight" in client.get(image).content.decode()
    listed = client.get("/register/").content.decode()
    assert "Covered through Freight Forwarders" in listed
    table = b"".join(client.get(reverse("register_csv")).streaming_content).decode()
    assert "Freight Forwarders" in table
    suspend(cover.mou, officer)
    assert "Not in force" in client.get(page).content.decode()
    assert "Covered through" not in client.get(image).content.decode()


def test_coverage_counts_holders_that_an_association_covers():
    firm = member()
    flows.trust_status(firm)
    confirmed(firm=firm)
    counts = dict(coverage.coverage().counts)
    assert counts[str(coverage.STATES["covered"])] == 1


# --- The pages -----------------------------------------------------------------------------------


def test_association_names_and_shows_members_at_its_page(client):
    mou, firm = association(), member()
    client.force_login(owner(mou.organisation))
    page = f"/mou/{mou.uuid}/members/"
    assert "No firm is named yet" in client.get(page).content.decode()
    told = {
        "firm_name": firm.legal_name,
        "country": "SE",
        "eori": firm.eori,
        "email": "office@member.example",
    }
    bad = client.post(f"{page}add/", {**told, "eori": "", "country": ""})
    assert "registration number or its EORI" in bad.content.decode()
    assert "office@member.example" in bad.content.decode()
    shown = client.post(f"{page}add/", told, follow=True).content.decode()
    assert "Waits for the firm" in shown
    cover = Cover.objects.get()
    covers.confirm_cover(cover=cover, by=owner(firm))
    for verb, said in (("show", "The firm has not agreed"), ("hide", "Nobody has agreed")):
        shown = client.post(f"{page}{cover.uuid}/{verb}/", follow=True).content.decode()
        assert said in shown
    asked = client.get(f"{page}{cover.uuid}/remove/").content.decode()
    assert f"Take {firm.legal_name} off the list" in asked
    assert again(cover).status == CoverStatus.CONFIRMED
    client.post(f"{page}{cover.uuid}/remove/")
    assert again(cover).status == CoverStatus.REMOVED
    assert client.get(f"{page}{cover.uuid}/remove/").status_code == 404


def test_association_learns_no_name_from_a_number(client):
    mou, firm = association(), member()
    client.force_login(owner(mou.organisation))
    guess = {"firm_name": "Whoever it is", "country": "SE", "eori": firm.eori}
    guess["email"] = "office@member.example"
    page = f"/mou/{mou.uuid}/members/"
    shown = client.post(f"{page}add/", guess, follow=True).content.decode()
    cover = Cover.objects.get()
    asked = client.get(f"{page}{cover.uuid}/remove/").content.decode()
    assert "Whoever it is" in shown
    assert "Whoever it is" in asked
    covers.decline_cover(cover=cover, by=owner(firm))
    flows.deliver_all()
    (letter,) = [one for one in mail.outbox if one.to == [owner(mou.organisation).email]][-1:]
    assert "Whoever it is" in letter.subject
    told = [shown, asked, letter.subject, letter.body, client.get(page).content.decode()]
    assert not [one for one in told if firm.legal_name in one]


def test_association_reads_the_firms_own_name_once_it_has_confirmed(client):
    cover = confirmed()
    client.force_login(owner(cover.mou.organisation))
    Cover.objects.update(named_as="Whoever it is")
    shown = client.get(f"/mou/{cover.mou.uuid}/members/").content.decode()
    assert cover.organisation.legal_name in shown
    assert "Whoever it is" not in shown


def test_member_answers_and_leaves_at_its_page(client, officer):
    cover = named()
    client.force_login(owner(cover.organisation))
    assert "Say whether your association" in client.get("/mou/").content.decode()
    page = f"/mou/covers/{cover.uuid}/"
    assert "Be covered" in client.get(page).content.decode()
    assert "keeps what the association has agreed" in (
        client.get(f"{page}confirm/").content.decode()
    )
    client.post(f"{page}confirm/")
    alerts.deliver(alert=published(audience=["forwarder"]))
    session = training.plan_training(told=training_flows.told(), by=officer)
    training.offer_training(training=session, by=officer)
    shown = client.get(page).content.decode()
    assert AlertDelivery.objects.get().alert.title in shown
    assert session.title in shown
    delivery = AlertDelivery.objects.get()
    assert f"{page}alerts/{delivery.uuid}/" in client.get("/mou/").content.decode()
    client.post(f"{page}alerts/{delivery.uuid}/", {"usefulness": "new"})
    delivery.refresh_from_db()
    assert delivery.acknowledged_by == owner(cover.organisation)
    client.post(f"{page}training/{session.uuid}/", {"names": "Ada"})
    [ada] = Attendee.objects.all()
    client.post(f"{page}training/seats/{ada.uuid}/")
    client.post(f"{page}register/")
    assert Listing.objects.get().cover == cover
    client.post(f"{page}register/back/")
    client.post(f"{page}leave/")
    assert again(cover).status == CoverStatus.LEFT
    assert "not covered by this agreement" in client.get(page).content.decode()


def test_guidance_is_read_by_a_member_while_it_is_covered(client, officer):
    cover = confirmed()
    text = training.write_guidance(title="Seals", text="Check.", audience=[], by=officer)
    client.force_login(owner(cover.organisation))
    address = f"/mou/covers/{cover.uuid}/guidance/{text.uuid}/"
    assert "Check." in client.get(address).content.decode()
    suspend(cover.mou, officer)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "covers/{cover}/",
        "covers/{cover}/confirm/",
        "covers/{cover}/leave/",
        "{mou}/members/",
        "{mou}/members/add/",
    ],
)
def test_pages_of_covers_do_not_exist_for_strangers(client, path):
    cover = named()
    client.force_login(owner(OrganisationFactory(owner=UserFactory())))
    address = f"/mou/{path.format(cover=cover.uuid, mou=cover.mou.uuid)}"
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_agreement_that_is_no_associations_has_no_page_of_members(client):
    mou = living.in_force()
    client.force_login(owner(mou.organisation))
    assert client.get(f"/mou/{mou.uuid}/members/").status_code == 404
    assert "Member firms" not in client.get(f"/mou/{mou.uuid}/").content.decode()


def test_desk_names_invites_and_refuses(client, officer):
    mou = association()
    cover = named(mou, member(owned=False))
    desk = at_the_desk(client, officer)
    page = f"/admin/mou/mou/{mou.pk}/members/"
    assert "Invite" in desk.get(page).content.decode()
    told = {"email": "owner@member.example", "source": "By phone"}
    desk.post(f"{page}{cover.uuid}/invite/", told)
    assert Invitation.objects.exists()
    desk.post(f"{page}{cover.uuid}/refuse/", {"reason": WHY})
    assert again(cover).status == CoverStatus.REFUSED
    firm = {"firm_name": "New AB", "country": "SE", "eori": "SE123", "email": "n@new.example"}
    desk.post(f"{page}add/", firm)
    assert Cover.objects.live().get().organisation.legal_name == "New AB"


@pytest.mark.parametrize("role", StaffRole.values)
def test_verbs_of_members_at_the_desk_are_a_caseworkers(client, role):
    cover = named()
    at_the_desk(client, UserFactory(**{role: True}))
    page = f"/admin/mou/mou/{cover.mou_id}/members/"
    reads = role in ("caseworker", "countersigner", "supervisor")
    assert client.get(page).status_code == (200 if reads else 404)
    expected = 200 if role == StaffRole.CASEWORKER else 404
    assert client.get(f"{page}add/").status_code == expected
    assert client.get(f"{page}{cover.uuid}/refuse/").status_code == expected


@pytest.mark.parametrize("side", ["firm", "desk"])
def test_pages_of_members_ask_as_often_for_fifty(client, officer, side):
    mou = association()
    page = f"/mou/{mou.uuid}/members/"
    if side == "desk":
        client, page = at_the_desk(client, officer), f"/admin/mou/mou/{mou.pk}/members/"
    else:
        client.force_login(owner(mou.organisation))
    asked = []
    for count in (2, 50):
        firms = Organisation.objects.bulk_create(
            Organisation(legal_name=f"Member {count} {n}", country="SE") for n in range(count)
        )
        Cover.objects.bulk_create(
            Cover(mou=mou, organisation=firm, named_by=officer) for firm in firms
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
