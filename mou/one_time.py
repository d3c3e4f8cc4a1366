"""A key and a certificate for one signature: they name the person and the organisation."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import algos, core, x509
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mou.keys import Keys, SigningKey, held

LASTS = timedelta(hours=24)
CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True)
class SignerIdentity:
    """Who signs, in which function, for whom; `country` is the organisation's, as ISO 3166."""

    name: str
    function: str
    organisation: str
    country: str


def issue(signer: SignerIdentity, *, keys: Keys, at: datetime) -> SigningKey:
    """A fresh P-256 key with its certificate. The key lives in the returned object alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    issuer = keys.issuing.certificate
    at = at.replace(microsecond=0)
    algorithm = algos.SignedDigestAlgorithm({"algorithm": keys.issuing.algorithm})
    content = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(126) | 1 << 126,
            "signature": algorithm,
            "issuer": issuer.subject,
            "validity": {
                "not_before": x509.Time(name="utc_time", value=at - CLOCKS_DIFFER),
                "not_after": x509.Time(name="utc_time", value=at + LASTS),
            },
            "subject": _subject(signer),
            "subject_public_key_info": asn1_keys.PublicKeyInfo.load(public),
            "extensions": _extensions(public, issuer, keys.crl_url),
        }
    )
    certificate = x509.Certificate(
        {
            "tbs_certificate": content,
            "signature_algorithm": algorithm,
            "signature_value": core.OctetBitString(keys.issuing.sign(content.dump())),
        }
    )
    return SigningKey(x509.Certificate.load(certificate.dump()), held(key))


def _subject(signer: SignerIdentity) -> x509.Name:
    named = {
        "country_name": signer.country,
        "organization_name": signer.organisation,
        "title": signer.function,
        "common_name": signer.name,
    }
    return x509.Name.build({kind: value for kind, value in named.items() if value})


def _extensions(public: bytes, issuer: x509.Certificate, crl_url: str) -> list[dict[str, object]]:
    point = {
        "distribution_point": x509.DistributionPointName(
            name="full_name", value=[x509.GeneralName("uniform_resource_identifier", crl_url)]
        )
    }
    identifier = asn1_keys.PublicKeyInfo.load(public)["public_key"].native
    return [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": False}},
        {
            "extn_id": "key_usage",
            "critical": True,
            "extn_value": x509.KeyUsage({"digital_signature", "non_repudiation"}),
        },
        {
            "extn_id": "key_identifier",
            "extn_value": core.OctetString(hashlib.sha256(identifier).digest()[:20]),
        },
        {
            "extn_id": "authority_key_identifier",
            "extn_value": {"key_identifier": issuer.key_identifier},
        },
        {"extn_id": "crl_distribution_points", "extn_value": [point]},
    ]
