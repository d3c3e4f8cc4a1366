"""The register of certificates as a list: to keep and to send again, or as far as it is public."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import permissions
from mou.certificate_cells import NOT_GIVEN
from mou.certificate_files import HEADINGS
from mou.comparison import SCHEME
from mou.models import ComponentState, ConsentKind, StatusConsent, TrustStatus
from portal import audit
from portal.errors import NotAllowed
from portal.models import User

CHUNK = 500
# What the public list of the Union shows of an entry, and nothing more (domain 3.1).
PUBLIC = ("holder", "country", "authority", "type", "effective")


@transaction.atomic
def export_register(*, by: User) -> list[list[str]]:
    """Every certificate in the form of a list; imported again it changes nothing."""
    _demand(by)
    audit.record("register_exported", target=by, by=by, kind="disclosure")
    return [list(HEADINGS.values()), *([row[name] for name in HEADINGS] for row in _rows())]


@transaction.atomic
def export_published(*, by: User) -> list[list[str]]:
    """What may stand in the public list: consented to, in effect, and one half valid at least."""
    _demand(by)
    audit.record("published_list_exported", target=by, by=by, kind="disclosure")
    published = (
        Q(simplifications=ComponentState.VALID) | Q(security=ComponentState.VALID),
        Q(consents__kind=ConsentKind.PUBLICATION, consents__withdrawn_on=None),
        Q(effective_from__lte=timezone.localdate()),
    )
    rows = ([row[name] for name in PUBLIC] for row in _rows(*published))
    return [[HEADINGS[name] for name in PUBLIC], *rows]


def _demand(by: User) -> None:
    if not permissions.can_import(by):
        raise NotAllowed(_("Only a caseworker takes the register out."))


def _rows(*wanted: Q) -> Iterator[dict[str, str]]:
    given = StatusConsent.objects.filter(withdrawn_on=None)
    found = (
        TrustStatus.objects.filter(*wanted, scheme__code=SCHEME)
        .select_related("organisation")
        .prefetch_related(Prefetch("consents", queryset=given, to_attr="given"))
    )
    for status in found.order_by("pk").iterator(chunk_size=CHUNK):
        consents = {one.kind: one.given_on.isoformat() for one in status.given}
        yield dict.fromkeys(HEADINGS, "") | {
            "holder": status.organisation.legal_name,
            "country": str(status.organisation.country),
            "eori": status.organisation.eori,
            "number": status.number,
            "type": status.type,
            "effective": status.effective_from.isoformat(),
            "authority": status.authority,
            "simplifications": _worth(status.simplifications),
            "security": _worth(status.security),
            **{kind: consents.get(kind, NOT_GIVEN) for kind in ConsentKind.values},
        }


def _worth(state: str) -> str:
    return "" if state == ComponentState.NONE else state
