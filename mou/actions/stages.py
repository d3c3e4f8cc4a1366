"""One step of a text along its course, whichever thing carries its stage."""

from __future__ import annotations

from mou import course
from mou.course import Course


def lead(text: Course, verb: str, **fields: object) -> None:
    """Take the text to its next stage; the caller has locked the agreement."""
    text.status = course.demand(text, verb)
    for name, value in fields.items():
        setattr(text, name, value)
    text.save(update_fields=["status", *fields])
