"""Some rows of a confirmed list taken over into the register, each once, or rejected and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mou.actions import rows, standings
from mou.certificates import Row
from mou.comparison import Register, Rejected
from mou.models import CertificateImport, Mou, RejectedRow, TrustStatus
from mou.models.agreements import ENDED
from portal.errors import DomainError
from portal.models import User


@dataclass(frozen=True)
class _Part:
    """Some rows of a confirmed list, and line by line what was shown of them."""

    rows: list[Row]
    by: User
    reason: str
    shown: dict[int | None, dict[str, list[str]]]

    def register(self, place: int = 0) -> Register:
        return Register([row.certificate for row in self.rows[place:] if row.certificate])


def take_over(batch: CertificateImport, read: list[Row]) -> None:
    """In the caller's transaction, with the import locked; counts and keeps what is rejected."""
    lines = [row.record.line for row in read]
    found = batch.differences.filter(line__in=lines).values_list("line", "changes")
    assert batch.confirmed_by is not None  # noqa: S101 - a constraint: what is applied was confirmed
    reason = _("List of certificates %(name)s") % {"name": batch.file_name}
    part = _Part(read, batch.confirmed_by, reason, dict(found))
    _lock_touched(part)
    try:
        with transaction.atomic():
            taken = _take_rows(part, guard=nullcontext)
    except (IntegrityError, DataError, DomainError):
        # Once more, each row by itself, so that the one that is refused holds up no other.
        taken = _take_rows(part, guard=transaction.atomic)
    for outcome, count in Counter(outcome for outcome, _row, _said in taken).items():
        setattr(batch, f"rows_{outcome}", getattr(batch, f"rows_{outcome}") + count)
    rejected = [(row, said) for outcome, row, said in taken if outcome == "rejected"]
    known = set(batch.rejected.filter(line__in=lines).values_list("line", flat=True))
    RejectedRow.objects.bulk_create(
        RejectedRow(batch=batch, line=row.record.line, reason=said, values=row.values)
        for row, said in rejected
        if row.record.line not in known
    )
    batch.rows_done += len(read)


def _lock_touched(part: _Part) -> None:
    """Certificates, what rests on them, and what follows from that: each kind in one order.

    Row by row they would be locked as the list has them. Whoever suspends an association just then
    would hold it and wait for a member that the list holds, and the list for the association.
    """
    wanted = [row.certificate for row in part.rows if row.certificate]
    firms = Q(organisation__eori__in=[one.eori for one in wanted])
    known = TrustStatus.objects.filter(
        firms | Q(number_normalised__in=[one.normalised for one in wanted])
    )
    locked = known.select_for_update(of=("self",), no_key=True).order_by("pk")
    statuses = list(locked.values_list("pk", flat=True))
    resting = Mou.objects.filter(firms | Q(trust_status__in=statuses)).exclude(status__in=ENDED)
    mous = resting.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    standings.lock(list(mous))


def _take_rows(
    part: _Part, *, guard: Callable[[], AbstractContextManager]
) -> list[tuple[str, Row, str]]:
    """Each row's outcome, and why where it is rejected."""
    register, taken = part.register(), []
    for place, row in enumerate(part.rows):
        if row.certificate is None:
            taken.append(("rejected", row, " ".join(row.reasons)))
            continue
        try:
            with guard():
                shown = part.shown.get(row.record.line, {})
                outcome = rows.take_over(
                    row.certificate, register, part.by, shown, reason=part.reason
                )
        except Rejected as error:
            taken.append(("rejected", row, str(error)))
        except (IntegrityError, DataError, DomainError) as error:
            if guard is nullcontext:
                raise
            said = str(error) if isinstance(error, DomainError) else ""
            # What was remembered of this row is undone; the others need a true picture.
            register = part.register(place + 1)
            said = said or _("The register refused this row. Send it again.")
            taken.append(("rejected", row, said))
        else:
            taken.append((outcome, row, ""))
    return taken
