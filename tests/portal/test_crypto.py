"""Secrets at rest: nobody reads or alters them without the key, and keys can be rotated."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import crypto


@given(st.text())
def test_decrypt_gives_back_what_was_encrypted(text):
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_encrypt_twice_shows_nothing_in_common():
    first, second = crypto.encrypt("secret"), crypto.encrypt("secret")
    assert first != second
    assert "secret" not in base64.urlsafe_b64decode(first.split(":")[1]).decode("latin-1")


def test_decrypt_of_altered_text_is_refused():
    version, body = crypto.encrypt("secret").split(":")
    raw = bytearray(base64.urlsafe_b64decode(body))
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        with pytest.raises(crypto.NotOurs):
            crypto.decrypt(f"{version}:{base64.urlsafe_b64encode(changed).decode()}")


@pytest.mark.parametrize("text", ["", "plain", "1:", "1:AAAA", "1:é", "2:" + "A" * 60, ":::"])
def test_decrypt_of_anything_else_is_refused(text):
    with pytest.raises(crypto.NotOurs):
        crypto.decrypt(text)


def test_rotate_key_still_reads_the_old_and_writes_the_new(settings):
    settings.FIELD_KEY = "old-key"
    old = crypto.encrypt("secret")
    settings.FIELD_KEY = "new-key, old-key"
    new = crypto.encrypt("secret")
    assert crypto.decrypt(old) == "secret"
    settings.FIELD_KEY = "new-key"
    assert crypto.decrypt(new) == "secret"
    with pytest.raises(crypto.NotOurs):
        crypto.decrypt(old)
