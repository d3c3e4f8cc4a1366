"""What somebody hostile tried, and what answers now."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from mou import certificate_files, permissions, verification
from mou import urls as mou_urls
from mou.actions import agreements, applying, drafting, papers, signatures
from mou.models import (
    AnswerFile,
    ClauseProposal,
    Cover,
    Document,
    FlowSurvey,
    FurtherSignatory,
    MeasureFile,
    Party,
    Review,
    Step,
)
from partners import urls as partner_urls
from partners.models import EnquiryFile, Notice, Subscription
from partners.visibility import Level
from portal import actions, files
from portal.errors import DomainError
from portal.models.organisations import MembershipRole
from tests.agreement import papers as steps  # noqa: F401 - a fixture
from tests.factories import PASSWORD, MembershipFactory, OrganisationFactory, UserFactory
from tests.mou import alert_flows, flows, plan_flows, training_flows
from tests.partners import enquiry_flows
from tests.partners.factories import ContactPointFactory, PartnerFactory, PostFactory
from tests.people import at_the_desk, code_for, code_of, read_mail, type_password, with_codes

pytestmark = pytest.mark.django_db


# --- The gate of the second factor ----------------------------------------------------------


def test_session_without_a_code_opens_the_desk_once_another_session_set_codes_up():
    officer = UserFactory(caseworker=True)
    thief, victim = Client(), Client()
    type_password(thief, officer)
    assert thief.get("/admin/").status_code == 302
    type_password(victim, officer)
    page = victim.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    victim.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert Authenticator.objects.filter(user=officer, type="totp").exists()
    assert victim.get("/admin/").status_code == 200
    assert thief.get("/admin/").status_code == 302


def test_password_alone_does_not_replace_the_second_factor_in_an_open_session(client):
    person = with_codes(UserFactory())
    type_password(client, person)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(person)})
    with time_machine.travel(time.time() + 1800):
        assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=person, type="totp").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/", "/admin/login/?next=/admin/", "/admin/jsi18n/", "/admin/autocomplete/",
        "/admin/password_change/", "/admin/logout/", "/admin/mou/mou/?_popup=1",
        "/admin/r/1/1/", "/accounts/email/", "/accounts/sessions/",
        "/accounts/2fa/recovery-codes/generate/",
        "/mou/", "/start/", "/accounts/organisation/", "/verify/",
    ],
)  # fmt: skip
def test_staff_without_second_factor_reach_nothing_of_the_desk(client, path):
    client.force_login(UserFactory(caseworker=True))
    for method in (client.get, client.head, client.options, client.post):
        answer = method(path)
        assert answer.status_code == 302, (path, method, answer.status_code)
        assert answer.url.startswith(("/accounts/2fa/",)), (path, answer.url)


# --- The desk's tables ----------------------------------------------------------------------


def test_lookup_on_password_hash_is_no_oracle(client):
    at_the_desk(client, UserFactory(supervisor=True))
    hit = client.get("/admin/portal/user/?password__startswith=argon2")
    miss = client.get("/admin/portal/user/?password__startswith=nothing")
    assert (hit.status_code, miss.status_code) == (400, 400)


def test_lookup_on_recovery_code_is_no_oracle(client):
    at_the_desk(client, UserFactory(caseworker=True))
    answer = client.get("/admin/portal/recoveryrequest/?code_hash__startswith=argon2")
    assert answer.status_code == 400


def test_system_administrator_filters_no_people_by_their_sessions_or_agreements(client):
    at_the_desk(client, UserFactory(system_administrator=True))
    for lookup in (
        "memberships__organisation__mous__status=in_force",
        "signatures__party=business",
        "authenticator__type=totp",
        "emailaddress__email__startswith=a",
    ):
        answer = client.get(f"/admin/portal/user/?{lookup}")
        assert answer.status_code in (302, 400), lookup


# --- Who signs what -------------------------------------------------------------------------


@pytest.mark.usefixtures("trust_service")
def test_signatory_made_a_member_again_cannot_sign():
    cast = flows.sealed()
    membership = cast.organisation.memberships.get(user=cast.signatory)
    actions.change_role(membership=membership, role=MembershipRole.MEMBER, by=cast.owner)
    with pytest.raises(DomainError):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )


@pytest.mark.usefixtures("trust_service")
def test_signatory_who_takes_another_name_does_not_sign_under_it():
    cast = flows.sealed()
    actions.change_details(user=cast.signatory, name="The Director General", language="en")
    cast.signatory.refresh_from_db()
    with pytest.raises(DomainError):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )


def test_text_that_names_another_signatory_is_not_sent_to_the_firm():
    cast = flows.drafted()
    agreements.name_signatory(
        mou=cast.agreement,
        signatory=cast.organisation.memberships.get(user=cast.owner),
        function="Chair",
        by=cast.owner,
    )
    with pytest.raises(DomainError):
        drafting.propose(
            mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker
        )


@pytest.mark.usefixtures("trust_service")
def test_withdraw_after_both_have_signed_is_refused():
    cast = flows.countersigned()
    with pytest.raises(DomainError):
        agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="Changed my mind")


@pytest.mark.usefixtures("trust_service")
def test_worker_signs_only_the_bytes_that_the_signer_authorised():
    cast, signature = flows.authorised()
    document = Document.objects.get(version=cast.version, step=Step.SEALED)
    other = flows.sealed()
    swapped = Document.objects.get(version=other.version, step=Step.SEALED)
    files.put(document.path, files.get(swapped.path))
    with pytest.raises(papers.Exchanged):
        flows.applying.apply_signature(signature=signature)
    signature.refresh_from_db()
    assert signature.status == "authorised"


@pytest.mark.usefixtures("trust_service")
def test_end_membership_before_the_worker_signs_stops_the_signature():
    cast, signature = flows.authorised()
    membership = cast.organisation.memberships.get(user=cast.signatory)
    actions.end_membership(membership=membership, by=cast.owner)
    applying.apply_signature(signature=signature)
    signature.refresh_from_db()
    assert signature.status == "refused"


@pytest.mark.usefixtures("trust_service")
def test_redraft_by_another_lets_the_first_drafter_sign_only_what_the_other_wrote():
    cast = flows.drafted()
    first = cast.version
    second = UserFactory(caseworker=True, countersigner=True)
    drafting.draft(mou=cast.agreement, template=cast.template, survey_note="-", by=second)
    assert cast.version.pk != first.pk
    assert cast.version.drafted_by == second
    assert not permissions.can_countersign(second, cast.version)


# --- Whose people ---------------------------------------------------------------------------


def test_owner_who_was_put_out_does_not_come_back_by_an_own_invitation():
    keeper, ousted, other_self = UserFactory(), UserFactory(), UserFactory()
    firm = OrganisationFactory(owner=keeper)
    place = MembershipFactory(organisation=firm, user=ousted, owner=True)
    invitation = actions.invite(
        organisation=firm, email=other_self.email, role=MembershipRole.OWNER, by=ousted
    )
    actions.end_membership(membership=place, by=keeper)
    with pytest.raises(DomainError):
        actions.accept_invitation(invitation=invitation, by=other_self)


def test_name_puts_no_text_of_its_own_into_our_letters(client):
    owner = UserFactory()
    firm = OrganisationFactory(owner=owner)
    client.force_login(owner)
    name = "Tax Office\n\nYour account is locked: https://evil.example/login"
    client.post(reverse("account"), {"name": name, "language": "en"})
    address = {"email": "victim@other.example", "role": MembershipRole.MEMBER}
    client.post(reverse("invite", args=[firm.uuid]), address)
    assert "https://evil.example" not in read_mail()[-1].body


@pytest.mark.usefixtures("trust_service")
def test_stranger_reaches_nothing_of_another_firm_by_any_address_or_method(client):
    cast = flows.archived()
    signature = cast.version.signatures.first()
    assert signature is not None
    stranger = UserFactory()
    OrganisationFactory(owner=stranger)
    client.force_login(stranger)
    review = Review.objects.create(mou=cast.agreement, cause="yearly", due_on=date(2027, 1, 1))
    survey = FlowSurvey.objects.create(mou=cast.agreement, version=1, begun_by=cast.owner)
    file = AnswerFile.objects.create(
        survey=survey, code="A5", name="a", kind="pdf", size=1, sha256="0", added_by=cast.owner
    )
    proposal = ClauseProposal.objects.create(
        mou=cast.agreement, version=cast.version, code="A", base="-", wording="+", reason="-",
        party="business", made_by=cast.owner,
    )  # fmt: skip
    known = {"uuid": cast.agreement.uuid, "number": 1, "step": "archived", "review": review.uuid}
    known |= training_flows.known(cast.agreement)
    known["delivery"] = alert_flows.delivered(cast.agreement).uuid
    known |= {"code": "A", "file": file.uuid, "proposal": proposal.uuid}
    known["further"] = FurtherSignatory.objects.create(
        mou=cast.agreement,
        membership=cast.organisation.memberships.get(user=cast.owner),
        function="-",
    ).uuid
    line = plan_flows.measure(cast.agreement, by=cast.caseworker)
    known |= {"part": "measures", "line": line.uuid, "verb": "agree"}
    proof = MeasureFile.objects.create(
        measure=line, name="a", kind="pdf", size=1, sha256="0", added_by=cast.owner
    )
    cover = Cover.objects.create(
        mou=cast.agreement,
        organisation=OrganisationFactory(owner=UserFactory()),
        named_by=cast.owner,
    )
    known["cover"] = cover.uuid
    others = {
        "covers/": cover.uuid,
        "offers/": cast.offer.uuid,
        "signatures/": signature.uuid,
        "firms/": cast.organisation.uuid,
    }
    addresses = []
    for pattern in mou_urls.urlpatterns:
        route = str(pattern.pattern)
        known["file"] = proof.uuid if pattern.name == "measure_file" else file.uuid
        if not pattern.pattern.converters:
            continue  # a list of the reader's own
        uuid = next(
            (one for start, one in others.items() if route.startswith(start)), known["uuid"]
        )
        wanted = {name: (known | {"uuid": uuid})[name] for name in pattern.pattern.converters}
        addresses.append(reverse(f"mou:{pattern.name}", kwargs=wanted))
    assert len(addresses) > 20
    for address in addresses:
        for method in (client.get, client.head, client.options, client.post, client.put):
            assert method(address).status_code in (404, 405), address


def test_stranger_reaches_nothing_of_another_firm_with_the_partners(client):
    """Every address with a thing of somebody's in it, by every method; what is public aside."""
    cast = enquiry_flows.asked()
    file = EnquiryFile.objects.create(
        message=cast.enquiry.messages.get(), name="a", kind="pdf", size=1, sha256="0"
    )
    mine = Subscription.objects.create(user=cast.person, country="NZ")
    hidden = {"visibility": Level.LIAISON}
    owner, post = PartnerFactory(code="hidden", **hidden), PostFactory(code="hidden", **hidden)
    point = ContactPointFactory(partner=owner, **hidden)
    desk = ContactPointFactory(partner=None, post=post)
    told = {"title": "-", "text": "-", "country": "NZ", "sector": "FOOD"}
    notice = Notice.objects.create(**told, last_day=date(2027, 1, 1), written_by=cast.officer)
    known = {"code": "hidden", "file": file.uuid, "token": "nobody"}
    things = {
        "enquiries/": [cast.enquiry.uuid],
        "notices/letters/": [mine.uuid],
        "notices/": [notice.uuid],
        "contacts/": [point.uuid, desk.uuid],
    }
    addresses = []
    for pattern in partner_urls.urlpatterns:
        names, route = pattern.pattern.converters, str(pattern.pattern)
        if not names:
            continue  # a list of the reader's own, or of what everybody reads
        for uuid in next((v for start, v in things.items() if route.startswith(start)), [None]):
            wanted = {name: (known | {"uuid": uuid})[name] for name in names}
            addresses.append(reverse(f"partners:{pattern.name}", kwargs=wanted))
    assert len(addresses) > 12
    visitor, stranger = Client(), UserFactory()
    OrganisationFactory(owner=stranger)
    client.force_login(stranger)
    officer = at_the_desk(Client(), UserFactory(system_administrator=True))
    for address in addresses:
        for who in (client, visitor, officer):
            for method in (who.get, who.head, who.options, who.post, who.put):
                answer = method(address)
                turned = answer.status_code == 302 and "/accounts/" in answer.url
                assert turned or answer.status_code in (403, 404, 405), (address, method)
    assert client.get(addresses[0]).status_code == 404


@pytest.mark.usefixtures("trust_service")
def test_system_administrator_opens_no_agreement_by_any_address(client):
    mou = flows.archived().agreement
    at_the_desk(client, UserFactory(system_administrator=True))
    below = ("change", "history", "preview", "draft", "declare", "documents/1/archived")
    below += ("timeline", "rebase", "suspend-for-cause", "give-notice", "propose-termination")
    addresses = [f"/admin/mou/mou/{mou.pk}/{part}/" for part in below]
    for address in (*addresses, "/admin/mou/mou/", "/admin/mou/mouoffer/", "/admin/mou/interest/"):
        for method in (client.get, client.head, client.options, client.post):
            assert method(address).status_code in (403, 404, 405), address
    assert client.get(reverse("mou:agreement", args=[mou.uuid])).status_code == 404


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_lead_on_after_login_or_set_up_stays_in_the_portal(client, after):
    person = with_codes(UserFactory())
    client.force_login(person)
    assert after not in client.get("/accounts/2fa/", {"next": after}).content.decode()
    answer = Client().post(
        f"/accounts/login/?next={after}", {"login": person.email, "password": PASSWORD}
    )
    assert answer.url == "/accounts/2fa/authenticate/"
    newcomer = type_password(Client(), UserFactory())
    assert newcomer.url == "/start/"


# --- Pages and files ------------------------------------------------------------------------


@pytest.mark.usefixtures("trust_service")
def test_name_is_no_markup_on_the_signing_page(client):
    cast = flows.sealed()
    with_codes(cast.signatory)
    cast.signatory.name = "<b id=x>Sigrid</b>"
    cast.signatory.save()
    client.force_login(cast.signatory)
    page = client.get(reverse("mou:declare", args=[cast.agreement.uuid]))
    assert "<b id=x>" not in page.content.decode()


def test_cell_cut_at_a_semicolon_begins_no_formula():
    text = certificate_files.write([({"holder": "Foo;=HYPERLINK(1)"}, "reason")])
    cut = [cell for line in text.splitlines() for cell in line.split(";")]
    assert all('"' in cell for cell in cut if cell.startswith("="))
    assert text.splitlines()[1].startswith('"')


def _title(writer: IncrementalPdfFileWriter) -> None:
    title = {generic.pdf_name("/Title"): generic.TextStringObject("Contract of employment")}
    writer.set_info(writer.add_object(generic.DictionaryObject(title)))


def _payload(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(generic.StreamObject(stream_data=b"MZ" * 100))


def _extension(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Extensions"] = generic.DictionaryObject()
    writer.update_root()


@pytest.mark.parametrize("change", [_title, _payload, _extension])
def test_verify_refuses_whatever_comes_after_the_last_stamp(
    steps,  # noqa: F811
    trust_service,
    change: Callable[[IncrementalPdfFileWriter], None],
):
    writer, output = IncrementalPdfFileWriter(BytesIO(steps.archived)), BytesIO()
    change(writer)
    writer.write(output)
    assert not verification.verify(output.getvalue(), roots=trust_service.roots).is_valid


# --- Names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Tax Office https://evil.example", "<b>Bo</b>", "Bo\u202e Ek"])
def test_name_with_an_address_or_markup_in_it_is_refused(client, name):
    person = with_codes(UserFactory(name="Bo Ek"))
    client.force_login(person)
    client.post("/accounts/", {"name": name, "language": "en"})
    person.refresh_from_db()
    assert person.name == "Bo Ek"
