"""The course of a text: whatever carries its stage, the agreement itself or its open amendment."""

from __future__ import annotations

from mou import lifecycle
from mou.lifecycle import MouStatus, Transition
from mou.models import Amendment, Mou, MouVersion

ALIVE = (MouStatus.IN_FORCE, MouStatus.SUSPENDED)
Course = Mou | Amendment


def course_of(mou: Mou) -> Course:
    """What the text in work belongs to now: at most one query, and none before it is in force.

    A page that lists agreements reads the open amendments at once, into `open_amendments`.
    """
    if mou.status not in ALIVE:
        return mou
    found = getattr(mou, "open_amendments", None)
    if found is None:
        found = list(Amendment.objects.open().filter(mou=mou)[:1])
    for amendment in found:
        amendment.mou = mou
        return amendment
    return mou


def remember(mou: Mou) -> Course:
    """The same for a page that asks often: what was found is kept with this object."""
    course = course_of(mou)
    mou.open_amendments = [course] if isinstance(course, Amendment) else []  # type: ignore[attr-defined]
    return course


def course_of_version(version: MouVersion) -> Course:
    """What this version was made for, whatever became of the agreement since."""
    if version.amendment is None:
        return version.mou
    version.amendment.mou = version.mou
    return version.amendment


def table_of(course: Course) -> dict[str, Transition]:
    return lifecycle.AMENDMENT if isinstance(course, Amendment) else lifecycle.MOU


def allows(course: Course, verb: str) -> bool:
    """Whether the text is at a stage for this verb; nothing is signed during a suspension."""
    return _halting(course, verb) is None and lifecycle.allows(
        table_of(course), verb, course.status
    )


def demand(course: Course, verb: str) -> str:
    """The stage that this verb leads to; InvalidTransition when it is not allowed now."""
    if (halting := _halting(course, verb)) is not None:
        raise lifecycle.refusal(lifecycle.MOU, halting.status)
    return lifecycle.after(table_of(course), verb, course.status)


def _halting(course: Course, verb: str) -> Mou | None:
    """The agreement that is not in force, while nobody signs a new version of it."""
    if verb not in {"sign", "countersign"} or not isinstance(course, Amendment):
        return None
    return course.mou if course.mou.status != MouStatus.IN_FORCE else None
