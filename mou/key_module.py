"""Keys inside a PKCS#11 module: they sign there and never leave it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11.util.ec import encode_ecdsa_signature


class ModuleError(Exception):
    """The module, the token or a key in it is not to be had."""


def open_session(module: str, token: str, pin: str) -> pkcs11.Session:
    """A session with this token, kept for the life of the process."""
    try:
        return pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin)
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        cause = str(error) or type(error).__name__
        raise ModuleError(f"The token {token!r} of {module} cannot be opened: {cause}") from error


def find(session: pkcs11.Session, label: str) -> tuple[x509.Certificate, Callable[[bytes], bytes]]:
    """The certificate with this label, and a function that signs with its key."""
    found = certificates(session, label)
    if not found:
        raise ModuleError(f"The token holds no certificate labelled {label!r}.")
    try:
        key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
    except pkcs11.PKCS11Error as error:
        raise ModuleError(f"The token holds no single key labelled {label!r}.") from error
    return found[0], _signer(key)


def certificates(session: pkcs11.Session, label: str = "") -> list[x509.Certificate]:
    """The certificates on the token, or those with this label."""
    wanted: dict[Any, Any] = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}
    if label:
        wanted[pkcs11.Attribute.LABEL] = label
    return [
        x509.Certificate.load(found[pkcs11.Attribute.VALUE])
        for found in session.get_objects(wanted)
    ]


def _signer(key: Any) -> Callable[[bytes], bytes]:
    if key.key_type == pkcs11.KeyType.RSA:
        return lambda data: key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
    # Not every module hashes for ECDSA, so it gets the digest; it answers r‖s, CMS wants DER.
    return lambda data: encode_ecdsa_signature(
        key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
    )
