"""The keys that seal and sign: the administration's seal, and the authority for signers."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mou.tokens import Roots
from portal import timestamps
from portal.authority import Authority, development
from portal.timestamps import certificates

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
LOOPBACK = "127.0.0.1"


class KeysMissing(ImproperlyConfigured):
    """A key that signing needs is not there; nothing is signed with another one instead."""


@dataclass(frozen=True)
class SigningKey:
    """A certificate and the means to sign with its key: SHA-256 with ECDSA or RSA (PKCS#1)."""

    certificate: x509.Certificate
    sign: Callable[[bytes], bytes]

    @property
    def algorithm(self) -> str:
        return "sha256_ecdsa" if self.certificate.public_key.algorithm == "ec" else "sha256_rsa"


@dataclass(frozen=True)
class Keys:
    """Everything that sealing, signing and archiving need."""

    seal: SigningKey
    issuing: SigningKey
    chain: tuple[x509.Certificate, ...]
    roots: Roots
    crl_url: str
    # Where the development authority answers now: its port may differ from its first run.
    authority: str = ""

    def revocation_address(self, url: str) -> str:
        """The address to fetch this revocation list from."""
        parts = urlsplit(url)
        if self.authority and parts.hostname == LOOPBACK:
            return urlunsplit(("http", self.authority, parts.path, "", ""))
        return url


def held(key: PrivateKey) -> Callable[[bytes], bytes]:
    """Signs with a key kept as an object: to load it each time costs ten times the signature."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


_loaded: dict[tuple[object, ...], Keys] = {}


def load() -> Keys:
    """The configured keys, held in this process; KeysMissing when one is not to be had."""
    backends = {"embedded": _embedded, "pkcs12": _pkcs12, "pkcs11": _pkcs11}
    if settings.KEY_BACKEND not in backends:
        raise KeysMissing(f"KEY_BACKEND is {settings.KEY_BACKEND!r}: set pkcs12 or pkcs11.")
    # A session with a key module does not survive a fork, hence the process number.
    wanted = (os.getpid(), settings.KEY_BACKEND, settings.VAR, settings.AUTHORITY_PORT)
    if wanted not in _loaded:
        _loaded[wanted] = backends[settings.KEY_BACKEND]()
    return _loaded[wanted]


def forget() -> None:
    """Load the keys anew at their next use, as after a change of configuration."""
    _loaded.clear()


def roots() -> Roots:
    """The pinned certificates; needs no private key, so every face may verify."""
    stamps = tuple(timestamps.roots())
    try:
        return Roots(tuple(certificates(Path(settings.KEY_ROOTS_FILE))), stamps)
    except OSError as error:
        raise KeysMissing(f"KEY_ROOTS_FILE {settings.KEY_ROOTS_FILE} cannot be read.") from error


def _embedded() -> Keys:
    if settings.MODE == "production":
        raise KeysMissing("KEY_BACKEND embedded is refused in production: set pkcs12 or pkcs11.")
    return of_authority(development(), f"{LOOPBACK}:{settings.AUTHORITY_PORT}")


def of_authority(authority: Authority, address: str) -> Keys:
    """The keys of a development authority that answers at this address (host and port)."""
    seal, issuing = (
        SigningKey(_asn1(holder.certificate.public_bytes(_DER)), held(holder.key))
        for holder in (authority.seal, authority.issuing)
    )
    root = (_asn1(authority.root.certificate.public_bytes(_DER)),)
    return Keys(
        seal=seal,
        issuing=issuing,
        chain=(issuing.certificate,),
        roots=Roots(root, root),
        crl_url=f"http://{address}/crl/issuing.crl",
        authority=address,
    )


def _pkcs12() -> Keys:
    _require("KEY_SEAL", "KEY_ISSUING", "KEY_PASSPHRASE", "KEY_CRL_URL")
    seal, seal_chain = _open_file(settings.KEY_SEAL)
    issuing, issuing_chain = _open_file(settings.KEY_ISSUING)
    return Keys(
        seal=seal,
        issuing=issuing,
        chain=_unique(issuing.certificate, *issuing_chain, *seal_chain),
        roots=roots(),
        crl_url=settings.KEY_CRL_URL,
    )


def _open_file(path: str) -> tuple[SigningKey, list[x509.Certificate]]:
    try:
        data = Path(path).read_bytes()
        key, certificate, others = pkcs12.load_key_and_certificates(
            data, settings.KEY_PASSPHRASE.encode()
        )
    except (OSError, ValueError) as error:
        raise KeysMissing(f"{path} cannot be opened with KEY_PASSPHRASE: {error}") from error
    if certificate is None or not isinstance(key, PrivateKey):
        raise KeysMissing(f"{path} holds no RSA or elliptic-curve key with its certificate.")
    return (
        SigningKey(_asn1(certificate.public_bytes(_DER)), held(key)),
        [_asn1(other.public_bytes(_DER)) for other in others],
    )


def _pkcs11() -> Keys:
    _require(
        "PKCS11_MODULE", "PKCS11_TOKEN", "KEY_SEAL", "KEY_ISSUING", "KEY_PASSPHRASE", "KEY_CRL_URL"
    )
    try:
        # An optional part: python-pkcs11 is installed only where a module is used.
        key_module = importlib.import_module("mou.key_module")
    except ImportError as error:
        raise KeysMissing("KEY_BACKEND pkcs11 needs the extra pkcs11 installed.") from error
    try:
        session = key_module.open_session(
            settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.KEY_PASSPHRASE
        )
        seal, issuing = (
            SigningKey(*key_module.find(session, label))
            for label in (settings.KEY_SEAL, settings.KEY_ISSUING)
        )
        others = key_module.certificates(session)
    except key_module.ModuleError as error:
        raise KeysMissing(str(error)) from error
    return Keys(
        seal=seal,
        issuing=issuing,
        chain=_unique(issuing.certificate, *others),
        roots=roots(),
        crl_url=settings.KEY_CRL_URL,
    )


def _require(*names: str) -> None:
    missing = [name for name in names if not getattr(settings, name)]
    if missing:
        raise KeysMissing(f"KEY_BACKEND {settings.KEY_BACKEND} needs {', '.join(missing)}.")


def _unique(*found: x509.Certificate) -> tuple[x509.Certificate, ...]:
    """Each authority's certificate once; roots and people are not part of a chain."""
    chain = {
        certificate.sha256: certificate
        for certificate in found
        if certificate.ca and certificate.issuer != certificate.subject
    }
    return tuple(chain.values())


_DER = serialization.Encoding.DER


def _asn1(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)
