"""A passkey in software: what a browser and its device would answer, without either."""

from __future__ import annotations

import base64
import os
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from portal.models import User

_ORIGIN = "http://localhost"
FLAG = AuthenticatorData.FLAG


class Passkey:
    """A resident key of one person, for localhost."""

    def __init__(self, user: User, *, origin: str = _ORIGIN) -> None:
        self.user, self.origin = user, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        WebAuthn.add(user, "test", self._registered())

    @property
    def authenticator(self) -> Authenticator:
        return Authenticator.objects.get(user=self.user, type=Authenticator.Type.WEBAUTHN)

    def answer(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """The assertion for these options; `verified=False` asked for no finger and no PIN."""
        challenge = options["publicKey"]["challenge"]
        client_data = self._client_data("webauthn.get", challenge)
        flags = FLAG.UP | (FLAG.UV if verified else FLAG(0))
        data = AuthenticatorData.create(self._rp_hash(), flags, 1)
        signature = self.key.sign(data + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return {
            "id": _text(self.id),
            "rawId": _text(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": _text(client_data),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": None,
            },
            "clientExtensionResults": {},
        }

    def _registered(self) -> dict[str, Any]:
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        flags = FLAG.UP | FLAG.UV | FLAG.AT
        data = AuthenticatorData.create(self._rp_hash(), flags, 0, credential)
        attestation = AttestationObject.create("none", data, {})
        return {
            "id": _text(self.id),
            "rawId": _text(self.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": _text(self._client_data("webauthn.create", _text(b"x" * 32))),
                "attestationObject": _text(attestation),
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
        }

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=self.origin)

    @staticmethod
    def _rp_hash() -> bytes:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(b"localhost")
        return digest.finalize()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
