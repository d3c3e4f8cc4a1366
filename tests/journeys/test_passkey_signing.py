"""A signatory signs with a passkey, and the evidence shows what the passkey confirmed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mou.declaring import TAG
from mou.models import Signature
from portal import second_factor
from tests.journeys.test_accounts import sign_in, visit, with_authenticator
from tests.mou import flows

__all__ = ["visit"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("trust_service"),
]


def test_sign_an_agreement_with_a_passkey(visit):
    cast = flows.sealed()
    page = visit()
    with_authenticator(page)
    sign_in(page, cast.signatory.email)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    page.goto(f"/mou/{cast.mou.uuid}/sign/")
    page.locator("[name=typed_name]").fill(cast.signatory.name)
    page.locator("[name=function]").fill("Managing Director")
    for box in ("represents", "consent"):
        page.locator(f"[name={box}]").check()
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page).to_have_url(re.compile("/mou/signatures/"))

    signature = Signature.objects.get()
    declared = signature.evidence["declaration"]
    assert declared["factor"] == "passkey"
    bound = second_factor.binding(TAG, signature.document_sha256, declared["consent"]["sha256"])
    assert second_factor.verify_evidence(bound, declared["factor_evidence"])
