"""What somebody hostile tried, and what answers now."""

from __future__ import annotations

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from mou.actions import agreements, drafting, papers, signatures
from mou.models import Document, Party, Step
from portal import actions, files
from portal.errors import DomainError
from portal.models.organisations import MembershipRole
from tests.factories import PASSWORD, UserFactory
from tests.mou import flows
from tests.people import at_the_desk, code_for, code_of, type_password, with_codes

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
