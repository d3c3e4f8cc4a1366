"""Secrets at rest: text encrypted under a key derived from FIELD_KEY.

FIELD_KEY may list several keys, newest first and separated by commas: the first encrypts, all
decrypt. To rotate, put a new one in front, save again what is encrypted, drop the last.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# The version goes in front and is authenticated, so that another scheme can follow one day.
_VERSION = "1"


class NotOurs(ValueError):
    """The text was not encrypted here, or under another key, or was altered."""


@lru_cache
def _cipher(secret: str) -> AESGCM:
    derived = HKDF(SHA256(), 32, salt=None, info=b"portal.crypto field key").derive(secret.encode())
    return AESGCM(derived)


def _ciphers() -> list[AESGCM]:
    keys = [key.strip() for key in settings.FIELD_KEY.split(",") if key.strip()]
    return [_cipher(key) for key in keys]


def encrypt(text: str) -> str:
    nonce = os.urandom(12)
    sealed = _ciphers()[0].encrypt(nonce, text.encode(), _VERSION.encode())
    return f"{_VERSION}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(text: str) -> str:
    version, _, body = text.partition(":")
    try:
        raw = base64.urlsafe_b64decode(body.encode())
    except ValueError as error:
        raise NotOurs("This text is not encrypted here.") from error
    for cipher in _ciphers():
        try:
            return cipher.decrypt(raw[:12], raw[12:], version.encode()).decode()
        except (ValueError, InvalidTag):
            continue
    raise NotOurs("This text cannot be decrypted with any key that FIELD_KEY lists.")
