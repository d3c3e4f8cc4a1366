"""The firm's signature in the browser: read, declare, confirm, and watch it being made."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mou.actions import agreements, applying, signatures
from mou.consent import current
from mou.models import Party, Signature
from tests.factories import UserFactory
from tests.mou import flows
from tests.people import code_of, with_codes, with_recovery_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust_service")]


def signatory_of(cast, *, factor: bool = True) -> Client:
    client = Client()
    if factor:
        with_codes(cast.signatory)
    client.force_login(cast.signatory)
    return client


def url(cast, verb: str) -> str:
    return reverse(f"mou:{verb}", args=[cast.agreement.uuid])


def declared(cast, **changes: str) -> dict[str, str]:
    return {
        "represents": "on",
        "function": "Managing director",
        "typed_name": "Sigrid Signatory",
        "consent": "on",
        "document_sha256": signatures.document_to_sign(cast.version, Party.BUSINESS).sha256,
        "consent_sha256": current().sha256,
    } | changes


def said(client: Client, address: str, data: dict[str, str] | None = None) -> str:
    """What the reader reads in the end."""
    send = client.get if data is None else client.post
    return send(address, data or {}, follow=True).content.decode()


# --- Reading and declaring ------------------------------------------------------------------


def test_declare_shows_the_document_its_text_and_the_consent():
    cast = flows.sealed()
    document = cast.version.documents.get()

    shown = said(signatory_of(cast), url(cast, "declare"))

    assert document.sha256 in shown
    assert reverse("mou:download", args=[cast.agreement.uuid, 1, "sealed"]) in shown
    assert cast.version.content["clauses"][0]["paragraphs"][0] in shown
    assert current().text in shown
    assert current().sha256 in shown


def test_declare_without_a_second_factor_leads_to_setting_one_up():
    cast = flows.sealed()

    shown = said(signatory_of(cast, factor=False), url(cast, "declare"))

    assert f"{reverse('mfa_index')}?next={url(cast, 'declare')}" in shown
    assert "Your power to sign" not in shown


@pytest.mark.parametrize("who", ["owner", "stranger", "caseworker"])
@pytest.mark.parametrize("verb", ["declare", "sign"])
def test_signing_pages_are_the_named_signatorys(who, verb):
    cast = flows.sealed()
    client = Client()
    person = UserFactory() if who == "stranger" else getattr(cast, who)
    client.force_login(with_codes(person))

    assert client.get(url(cast, verb)).status_code == 404
    assert client.post(url(cast, verb), declared(cast)).status_code == 404


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("represents", "Tick the box if you have the power to sign"),
        ("consent", "Tick the box if you consent"),
        ("function", "Enter your function"),
    ],
)
def test_declare_names_what_is_missing_and_keeps_the_rest(missing, sentence):
    cast = flows.sealed()
    form = declared(cast, function="Chief of everything")
    form.pop(missing)

    shown = said(signatory_of(cast), url(cast, "declare"), form)

    assert sentence in shown
    assert 'value="Sigrid Signatory"' in shown
    assert not Signature.objects.exists()


def test_declare_with_a_wrong_name_shows_the_right_one():
    cast = flows.sealed()

    shown = said(signatory_of(cast), url(cast, "declare"), declared(cast, typed_name="Sigrid"))

    assert "Type your name exactly as it is shown: Sigrid Signatory" in shown
    assert 'value="Sigrid"' in shown


def test_declare_before_the_document_is_sealed_says_so():
    cast = flows.agreed()

    shown = said(signatory_of(cast), url(cast, "declare"))

    assert "There is nothing for you to sign in this agreement now." in shown


# --- Confirming -----------------------------------------------------------------------------


def test_sign_without_a_declaration_goes_back_to_it():
    cast = flows.sealed()

    assert signatory_of(cast).get(url(cast, "sign")).url == url(cast, "declare")


def test_sign_shows_everything_once_more_and_offers_to_change_it():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast, function="Chief of everything"))

    shown = said(client, url(cast, "sign"))

    assert "Chief of everything" in shown
    assert f"{url(cast, 'declare')}#id_function" in shown
    assert 'value="Chief of everything"' in said(client, url(cast, "declare"))


def test_sign_with_a_code_authorises_with_all_the_evidence():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))

    answer = client.post(
        url(cast, "sign"), {"code": code_of(cast.signatory)}, headers={"User-Agent": "Test 1"}
    )

    signature = Signature.objects.get()
    assert answer.url == reverse("mou:signature", args=[signature.uuid])
    declaration = signature.evidence["declaration"]
    assert declaration["factor"] == "totp"
    assert declaration["browser"] == "Test 1"
    assert declaration["address"] == "127.0.0.1"
    assert cast.organisation.legal_name in declaration["power"]
    assert declaration["consent"]["sha256"] == current().sha256


def test_sign_with_a_recovery_code_says_so_in_the_evidence():
    cast = flows.sealed()
    client = signatory_of(cast)
    [code, *_rest] = with_recovery_codes(cast.signatory)
    client.post(url(cast, "declare"), declared(cast))

    client.post(url(cast, "sign"), {"code": code})

    assert Signature.objects.get().evidence["declaration"]["factor"] == "recovery_codes"


def test_sign_with_a_wrong_code_keeps_everything_but_the_code():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))

    shown = said(client, url(cast, "sign"), {"code": "000001"})

    assert "This code is not right" in shown
    assert "Managing director" in shown
    assert 'value="000001"' not in shown
    assert not Signature.objects.exists()


def test_sign_without_a_code_asks_for_it():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))

    assert "Enter the code, or use a passkey" in said(client, url(cast, "sign"), {"code": ""})


def test_sign_with_too_many_codes_says_to_wait():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))

    for _attempt in range(7):
        shown = said(client, url(cast, "sign"), {"code": "000001"})

    assert "Too many codes were tried." in shown


def test_sign_with_a_made_up_passkey_is_refused():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))

    shown = said(client, url(cast, "sign"), {"passkey": "{}"})

    assert "Use your passkey again." in shown
    assert not Signature.objects.exists()


def test_sign_on_a_certificate_suspended_after_the_preview_is_refused():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))
    said(client, url(cast, "sign"))
    cast.offer.trust_status.security = "suspended"
    cast.offer.trust_status.save()

    shown = said(client, url(cast, "sign"), {"code": code_of(cast.signatory)})

    assert "is not valid now, so it cannot be signed. Nothing was recorded." in shown
    assert not Signature.objects.exists()


def test_sign_after_the_document_changed_wants_a_new_declaration():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))
    cast.version.documents.update(sha256="f" * 64)

    shown = said(client, url(cast, "sign"), {"code": code_of(cast.signatory)})

    assert "Read and sign" in shown
    assert 'value="Sigrid Signatory"' in shown
    assert not Signature.objects.exists()


def test_sign_a_second_time_says_it_is_given():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))
    signatures.sign(
        version=cast.version, declaration=flows.declaration(cast, Party.BUSINESS), by=cast.signatory
    )

    shown = said(client, url(cast, "sign"), {"code": code_of(cast.signatory)})

    assert "Nothing more is needed from you." in shown
    assert Signature.objects.count() == 1


# --- Watching -------------------------------------------------------------------------------


def test_signature_is_watched_until_it_is_made():
    cast, signature = flows.authorised()
    client = signatory_of(cast)
    page = reverse("mou:signature", args=[signature.uuid])
    state = reverse("mou:signature_state", args=[signature.uuid])

    assert '<meta http-equiv="refresh"' in said(client, page)
    assert client.get(state).json()["finished"] is False
    applying.apply_signature(signature=signature)

    assert client.get(state).json()["finished"] is True
    assert "You have signed" in said(client, page)
    assert '<meta http-equiv="refresh"' not in said(client, page)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("signed", "you need not sign again"),
        ("lapsed", "Nothing was signed. You can sign again now."),
        ("refused", "The reason why."),
        ("void", "The reason why."),
    ],
)
def test_signature_says_what_became_of_it(status, sentence):
    cast, signature = flows.authorised()
    Signature.objects.filter(pk=signature.pk).update(status=status, refusal="The reason why.")

    page = reverse("mou:signature", args=[signature.uuid])

    assert sentence in said(signatory_of(cast), page)


def test_signature_is_shown_to_its_signer_alone():
    cast, signature = flows.authorised()
    client = Client()
    client.force_login(cast.owner)

    for name in ("signature", "signature_state"):
        assert client.get(reverse(f"mou:{name}", args=[signature.uuid])).status_code == 404


def test_signing_again_after_a_lapse_is_offered():
    cast, signature = flows.authorised()
    Signature.objects.filter(pk=signature.pk).update(status="lapsed")

    client = signatory_of(cast)
    assert "Your turn" in said(client, url(cast, "agreement"))
    assert "Read and sign" in said(client, url(cast, "declare"))


def test_signed_agreement_waits_for_the_administration():
    cast = flows.signed()

    shown = said(signatory_of(cast), url(cast, "agreement"))

    assert "With the administration" in shown
    assert "Signed by the firm, time-stamped" in shown


def test_withdrawn_agreement_cannot_be_signed():
    cast = flows.sealed()
    client = signatory_of(cast)
    client.post(url(cast, "declare"), declared(cast))
    agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="Sold.")

    shown = said(client, url(cast, "sign"), {"code": code_of(cast.signatory)})

    assert "There is nothing for you to sign in this agreement now." in shown
