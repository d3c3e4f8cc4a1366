"""The development authority: keys and certificates made at first run, marked DEVELOPMENT."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

MARK = "DEVELOPMENT"
YEAR = timedelta(days=365)
CRL_LASTS = timedelta(days=7)

# An archived document is checked against the time stamp authority for as long as that
# certificate lasts, and this against the issuing authority: each outlives what it issues.
ROOT_LASTS = 40 * YEAR
ISSUING_LASTS = 30 * YEAR
TIMESTAMP_LASTS = 15 * YEAR
SEAL_LASTS = 10 * YEAR

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Holder:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Key


@dataclass(frozen=True)
class Authority:
    """Root → issuing authority → seal and time stamp."""

    folder: Path
    root: Holder
    issuing: Holder
    seal: Holder
    timestamp: Holder


def open_authority(folder: Path, *, address: str, administration: str) -> Authority:
    """The authority kept in `folder`, made there if this is the first run.

    `address` is where its revocation lists are served, `administration` whose seal it makes.
    Two processes at once end up with one authority: it is made aside and renamed into place.
    """
    _refuse_in_production()
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            _make(aside, address=address.rstrip("/"), administration=administration)
            aside.rename(folder)
        except OSError:
            if not folder.exists():
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    passphrase = (folder / "passphrase").read_bytes()
    return Authority(
        folder,
        **{name: _read(folder, name, passphrase) for name in ("root", "issuing", "seal")},
        timestamp=_read(folder, "timestamp", passphrase),
    )


def development() -> Authority:
    """The authority of this installation, under var/keys."""
    return open_authority(
        settings.VAR / "keys" / "authority",
        address=f"http://127.0.0.1:{settings.AUTHORITY_PORT}",
        administration=settings.BRAND["administration"],
    )


def _refuse_in_production() -> None:
    if settings.MODE == "production":
        raise ImproperlyConfigured(
            "The development authority is refused in production: "
            "set KEY_BACKEND to pkcs12 or pkcs11."
        )


def _make(folder: Path, *, address: str, administration: str) -> None:
    passphrase = secrets.token_urlsafe(32).encode()
    _write(folder / "passphrase", passphrase)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in _PROFILES}
    certificates: dict[str, x509.Certificate] = {}
    for name, profile in _PROFILES.items():
        issuer = profile.issuer
        certificates[name] = _certificate(
            subject=_subject(profile.title.format(administration=administration)),
            key=keys[name],
            issuer=certificates[issuer].subject if issuer != name else None,
            issuer_key=keys[issuer],
            profile=profile,
            crl=f"{address}/crl/{issuer}.crl",
        )
        _write(folder / f"{name}.pem", certificates[name].public_bytes(_PEM))
        _write(folder / f"{name}.key", _sealed(keys[name], passphrase))


@dataclass(frozen=True)
class _Profile:
    title: str
    issuer: str
    lasts: timedelta
    path_length: int | None = None
    usage: ExtendedKeyUsageOID | None = None


_PEM = serialization.Encoding.PEM
_PROFILES = {
    "root": _Profile(f"{MARK} root authority, no legal effect", "root", ROOT_LASTS, 1),
    "issuing": _Profile(f"{MARK} issuing authority, no legal effect", "root", ISSUING_LASTS, 0),
    "seal": _Profile(f"{MARK} seal of {{administration}}", "issuing", SEAL_LASTS),
    "timestamp": _Profile(
        f"{MARK} time stamp authority",
        "issuing",
        TIMESTAMP_LASTS,
        usage=ExtendedKeyUsageOID.TIME_STAMPING,  # type: ignore[arg-type]
    ),
}


def _subject(title: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{MARK} ONLY"),
            x509.NameAttribute(NameOID.COMMON_NAME, title[:64]),
        ]
    )


def _certificate(
    *,
    subject: x509.Name,
    key: Key,
    issuer: x509.Name | None,
    issuer_key: Key,
    profile: _Profile,
    crl: str,
) -> x509.Certificate:
    """A certificate by its profile; `issuer` is None when it signs itself."""
    now = datetime.now(UTC).replace(microsecond=0)
    is_authority = profile.path_length is not None
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + profile.lasts)
        .add_extension(x509.BasicConstraints(is_authority, profile.path_length), critical=True)
        .add_extension(_key_usage(is_authority, stamps=profile.usage is not None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(identifier, critical=False)
    )
    if profile.usage is not None:
        # RFC 3161: a time stamp authority does nothing else, and says so critically.
        builder = builder.add_extension(x509.ExtendedKeyUsage([profile.usage]), critical=True)  # type: ignore[list-item]
    if issuer is not None:
        points = [x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)]
        builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _key_usage(is_authority: bool, *, stamps: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority and not stamps,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _sealed(key: Key, passphrase: bytes) -> bytes:
    return key.private_bytes(
        _PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _read(folder: Path, name: str, passphrase: bytes) -> Holder:
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), passphrase)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            _(
                "The development keys in %(folder)s are damaged. "
                "Remove that folder to make new ones."
            )
            % {"folder": folder}
        ) from error
    return Holder(certificate, cast(Key, key))


# --- Revocation -------------------------------------------------------------------------------


def revoke(authority: Authority, serial: int, *, since: datetime) -> None:
    """Enter a certificate in the list of those withdrawn."""
    with (authority.folder / "revoked").open("a") as file:
        file.write(f"{serial:x} {since.isoformat()}\n")


def revocation_list(authority: Authority, issuer: str) -> bytes:
    """A fresh list (DER) signed by `issuer`: root or issuing."""
    holder = {"root": authority.root, "issuing": authority.issuing}[issuer]
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(holder.certificate.subject)
        .last_update(now)
        .next_update(now + CRL_LASTS)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1e6)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(holder.key.public_key()),
            critical=False,
        )
    )
    for serial, at in _revoked(authority):
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        )
    return builder.sign(holder.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _revoked(authority: Authority) -> list[tuple[int, datetime]]:
    path = authority.folder / "revoked"
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        (int(serial, 16), datetime.fromisoformat(at))
        for serial, at in (line.split() for line in lines)
    ]
