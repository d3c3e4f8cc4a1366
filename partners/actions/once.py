"""What a form makes is made once, however often the form is sent."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

Made = TypeVar("Made", bound=Model)


def save_once(thing: Made, uuid: UUID | None) -> Made:
    """What was saved: this, or what the same form made before, as it carries that one's number."""
    if uuid is None:
        thing.save(force_insert=True)
        return thing
    thing.uuid = uuid  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError:
        made = type(thing)._default_manager.filter(uuid=uuid).first()
        if made is None:
            raise
        return made
    return thing
