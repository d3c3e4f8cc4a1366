"""The firm's signatories as a page shows them: name, function, and how it stands with each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mou.dossier import Dossier
from mou.lifecycle import SignatureStatus
from mou.models import Party, Signature
from mou.seats import Seat, Table, named


@dataclass(frozen=True)
class Row:
    name: str
    function: str
    status: str
    colour: str = ""
    note: str = ""
    # Of a further signatory, to be left out again.
    uuid: str = ""


def rows_of(dossier: Dossier) -> list[Row]:
    """While the document is signed the seats; after it the signatures; before it who is named."""
    if dossier.table is not None:
        return [_seat_row(seat, dossier.table) for seat in dossier.table.seats]
    made = [one for (party, _place), one in dossier.signatures.items() if party == Party.BUSINESS]
    if made:
        return [_signature_row(one) for one in sorted(made, key=lambda one: one.place)]
    return list(_named_rows(dossier))


def _named_rows(dossier: Dossier) -> Iterator[Row]:
    mou = dossier.mou
    further = {one.membership_id: str(one.uuid) for one in mou.further_signatories.all()}
    for membership, function in named(mou):
        yield Row(str(membership.user), function, _("Named"), uuid=further.get(membership.pk, ""))


def _seat_row(seat: Seat, table: Table) -> Row:
    if seat.signature is not None:
        return _signature_row(seat.signature, str(seat.signatory.user))
    note = ""
    if seat.delegation is not None:
        note = _("%(name)s signs in this person’s place.") % {"name": seat.signer.user}
    status, colour = _("To sign"), "yellow"
    if table.is_full:
        status, colour = _("Not needed any more"), "grey"
    elif table.missing < sum(one.signature is None for one in table.seats):
        status = _("May sign")
    if not table.is_full and not seat.may_be_taken:
        status, colour = _("No longer of the firm"), "red"
    return Row(str(seat.signatory.user), seat.function, status, colour, note)


def _signature_row(signature: Signature, whose: str = "") -> Row:
    note = ""
    if whose and signature.signatory is not None and signature.signer_name != whose:
        note = _("Signed in the place of %(name)s.") % {"name": whose}
    if signature.status != SignatureStatus.STAMPED:
        return Row(signature.signer_name, signature.signer_function, _("Being made"), "blue", note)
    day = date_format(localtime(signature.authorised_at), "j F Y")
    note = " ".join(filter(None, [_("On %(day)s.") % {"day": day}, note]))
    return Row(signature.signer_name, signature.signer_function, _("Signed"), "green", note)
