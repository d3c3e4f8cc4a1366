"""One signature in the browser: what is declared, what confirms it, how far its making is."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext as _

from mou import consent as consents
from mou.actions import signatures
from mou.actions.signatures import Declaration
from mou.forms import DeclarationForm
from mou.lifecycle import SignatureStatus
from mou.models import MouVersion, Party, Signature
from mou.seats import table_of
from portal import second_factor
from portal.errors import DomainError
from portal.requests import PersonRequest
from portal.step_up import SecondFactorForm, StepUp

# Domain tag of what a passkey signs, so that no other page's answer fits here.
TAG = "mou.sign"
KEPT = ("function", "typed_name", "represents", "consent", "document_sha256", "consent_sha256")


class Declaring:
    """One person about to sign one version for one party."""

    def __init__(self, request: PersonRequest, version: MouVersion, party: Party) -> None:
        self.request, self.user = request, request.user
        self.version, self.party = version, party
        self.document = signatures.document_to_sign(version, party)
        self.document.version = version
        self.consent = consents.current()
        self._key = f"declaration:{version.uuid}:{party.value}"

    @property
    def party_name(self) -> str:
        content = self.version.content
        if self.party == Party.ADMINISTRATION:
            return str(content["administration"]["name"])
        return str(content["business"]["legal_name"])

    @property
    def power(self) -> str:
        """The sentence by which the signer declares the power to represent."""
        return _("I have the power to sign this agreement for %(party)s") % {
            "party": self.party_name
        }

    def form(self, data: Any = None) -> DeclarationForm:
        """The form, with what was declared before; ticks are given anew on a changed document."""
        initial: dict[str, Any] = {"function": self._named_function()}
        initial |= self.request.session.get(self._key, {})
        if self.kept is None:
            initial |= {"represents": False, "consent": False}
        initial |= {
            "document_sha256": self.document.sha256,
            "consent_sha256": self.consent.sha256,
        }
        return DeclarationForm(data, initial=initial, name=self.user.name, power=self.power)

    def _named_function(self) -> str:
        if self.party == Party.BUSINESS:
            seat = table_of(self.version).seat_of(self.user)
            return seat.signs_as if seat is not None else ""
        return str(self.version.content["signatories"][self.party.value]["function"])

    def keep(self, form: DeclarationForm) -> None:
        self.request.session[self._key] = {name: form.cleaned_data[name] for name in KEPT}

    @property
    def kept(self) -> dict[str, Any] | None:
        """What was declared about this very document and consent."""
        kept: dict[str, Any] | None = self.request.session.get(self._key)
        if kept is None or kept["document_sha256"] != self.document.sha256:
            return None
        return kept if kept["consent_sha256"] == self.consent.sha256 else None

    def forget(self) -> None:
        self.request.session.pop(self._key, None)

    @property
    def _step_up(self) -> StepUp:
        bound = second_factor.binding(TAG, self.document.sha256, self.consent.sha256)
        return StepUp(self.request, bound)

    def passkey_options(self) -> str:
        return self._step_up.passkey_options()

    def factor_form(self, data: Any = None) -> SecondFactorForm:
        return SecondFactorForm(data, has_codes=self._step_up.has_codes)

    def prove(self, form: SecondFactorForm) -> tuple[str, dict[str, str]] | None:
        """Which factor confirmed it, with its evidence; else None, and an error in the form."""
        return self._step_up.prove(form)

    def declaration(self, factor: str, evidence: dict[str, str]) -> Declaration:
        kept = self.kept
        if kept is None:
            raise DomainError(_("The document has changed since you opened it. Read it again."))
        return Declaration(
            typed_name=kept["typed_name"],
            function=kept["function"],
            power=self.power,
            consent=self.consent,
            document_sha256=kept["document_sha256"],
            factor=factor,
            factor_evidence=evidence,
            address=get_adapter().get_client_ip(self.request) or "",
            browser=self.request.headers.get("User-Agent", "")[:200],
        )


def progress(signature: Signature, poll_url: str) -> dict[str, Any]:
    """How far the making of a signature is: authorised, made, time-stamped."""
    underway = {
        SignatureStatus.AUTHORISED: (1, _("Your signature is being made.")),
        SignatureStatus.SIGNED: (2, _("Your signature is made and waits for its time stamp.")),
    }.get(SignatureStatus(signature.status))
    done, text = underway or (3, signature.get_status_display())
    return {
        "done": done,
        "total": 3,
        "text": text,
        "finished": underway is None,
        "poll_url": poll_url,
    }
