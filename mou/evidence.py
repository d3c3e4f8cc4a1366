"""What a later reader needs to check signatures: certificates, and lists of those withdrawn."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from asn1crypto import crl, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader

from mou.keys import Keys
from mou.tokens import certificates_in, stamp_of, stamped_at
from portal.errors import DomainError

TIMEOUT = 5.0
LARGEST_LIST = 8 * 1024 * 1024


class RevocationUnavailable(DomainError):
    """No fresh list of withdrawn certificates can be had now; what waits for it is tried again."""

    def __init__(self, cause: object = "") -> None:
        super().__init__(
            _("The list of withdrawn certificates cannot be had. This is tried again by itself.")
        )
        self.cause = str(cause)


@dataclass(frozen=True)
class Evidence:
    """Certificates and revocation lists, each once."""

    certificates: tuple[x509.Certificate, ...]
    revocation_lists: tuple[crl.CertificateList, ...]


def collect(reader: PdfFileReader, *, keys: Keys) -> Evidence:
    """Everything for the signatures and stamps in the document, fetched now.

    The lists must be newer than the newest signature, or they say nothing about it. Where the
    document is archived, only its newest archive stamp is left to prove: all before it lies under
    that stamp with the lists of its time, and the lists of old authorities may be gone by now.
    """
    found = {one.sha256: one for one in (*keys.chain, *keys.roots.signatures)}
    found |= {one.sha256: one for one in keys.roots.timestamps}
    newest: datetime | None = None
    for signature in reader.embedded_timestamp_signatures[-1:] or reader.embedded_signatures:
        is_archive_stamp = signature.sig_object_type == "/DocTimeStamp"
        token = signature.signed_data if is_archive_stamp else stamp_of(signature)
        for data in filter(None, (signature.signed_data, token)):
            found |= {one.sha256: one for one in certificates_in(data)}
        if token is not None:
            newest = max(filter(None, (newest, stamped_at(token))))
    lists = tuple(_fetch_list(url, newest) for url in _addresses(found.values(), keys))
    return Evidence(tuple(found.values()), lists)


def _addresses(found: Iterable[x509.Certificate], keys: Keys) -> list[str]:
    roots = {one.sha256 for one in (*keys.roots.signatures, *keys.roots.timestamps)}
    addresses = []
    for certificate in found:
        if certificate.sha256 in roots:
            continue
        points = certificate.crl_distribution_points
        if not points or not points[0].url:
            subject = certificate.subject.human_friendly
            raise RevocationUnavailable(f"{subject} names no list of withdrawn certificates.")
        addresses.append(keys.revocation_address(points[0].url))
    return list(dict.fromkeys(addresses))


def _fetch_list(url: str, newest: datetime | None) -> crl.CertificateList:
    try:
        found = crl.CertificateList.load(_get(url), strict=True)
        made: datetime = found["tbs_cert_list"]["this_update"].native
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise RevocationUnavailable(f"{url}: {error}") from error
    if newest is not None and made < newest:
        raise RevocationUnavailable(f"{url} is older than the signatures.")
    return found


def _get(url: str) -> bytes:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds:
        raise ValueError(f"{parts.scheme} is not fetched")
    connection = kinds[parts.scheme](parts.netloc, timeout=TIMEOUT)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        with connection.getresponse() as answer:
            if answer.status != 200:
                raise ValueError(f"answered {answer.status}")
            return answer.read(LARGEST_LIST)
    finally:
        connection.close()
