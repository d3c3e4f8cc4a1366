"""The pages of the form, their order, and the report that all answers together make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.content import VERSION, Content
from reporting.drafts import Held
from reporting.forms.circumstances import TransportForm, WhenForm, WhereForm, WhoForm
from reporting.forms.reporter import ANONYMOUS, AboutForm, HowForm
from reporting.forms.steps import PageForm
from reporting.forms.telling import GoodsForm, SignsForm, WhatForm


@dataclass(frozen=True)
class Step:
    """One page: its place in the address, its title, and the form on it if it has one."""

    slug: str
    title: Promise
    short: Promise
    form: type[PageForm] | None = None
    lead: str | Promise = ""

    def form_of(self, held: Held | None) -> PageForm:
        """The page's form with what was stored of it."""
        form = self.form or PageForm
        if held is None:
            return form()
        return form(held.answers.get(self.slug), partner=held.partner)


OPTIONAL = _("Answer what you can. Everything on this page may stay empty.")
STEPS = (
    Step("what", _("What have you seen or heard?"), _("What"), WhatForm),
    Step("goods", _("What is it about?"), _("Goods"), GoodsForm, OPTIONAL),
    Step("signs", _("Signs"), _("Signs"), SignsForm, OPTIONAL),
    Step("who", _("Who takes part in it?"), _("Who"), WhoForm, OPTIONAL),
    Step("where", _("Where is it?"), _("Where"), WhereForm, OPTIONAL),
    Step("when", _("When?"), _("When"), WhenForm, OPTIONAL),
    Step("transport", _("How does it travel?"), _("Transport"), TransportForm, OPTIONAL),
    Step("how", _("How do you know?"), _("How you know"), HowForm, OPTIONAL),
    Step("files", _("Photos and documents"), _("Files")),
    Step("about", _("About you"), _("About you"), AboutForm),
    Step("check", _("Check your answers and send"), _("Check and send")),
)
BY_SLUG = {step.slug: step for step in STEPS}
FORMS = tuple(step for step in STEPS if step.form)


def before(slug: str) -> str:
    """The page before this one; nothing before the first."""
    place = [step.slug for step in STEPS].index(slug)
    return STEPS[place - 1].slug if place else ""


def after(slug: str) -> str:
    return STEPS[[step.slug for step in STEPS].index(slug) + 1].slug


def progress(held: Held | None, here: str) -> Iterator[dict[str, Any]]:
    """Every page, whether it was answered, and which one this is."""
    for step in STEPS:
        answered = held is not None and any(
            value.strip() for values in held.answers.get(step.slug, {}).values() for value in values
        )
        if held is not None and step.slug == "files":
            answered = bool(held.files)
        yield {
            "slug": step.slug,
            "short": step.short,
            "here": step.slug == here,
            "answered": answered,
        }


@dataclass(frozen=True)
class Gathered:
    """All answers together, and the pages on which something has to be put right."""

    content: Content
    identity: dict[str, Any] | None
    faulty: tuple[Step, ...]


def gather(held: Held) -> Gathered:
    """The report as it stands. Who it is by is kept apart from what it says, from here on."""
    content: Content = {"version": VERSION}
    faulty: list[Step] = []
    identity, mode = None, ANONYMOUS
    for step in FORMS:
        if step.slug not in held.answers and step.slug not in {"what", "about"}:
            continue
        form = (step.form or PageForm)(held.answers.get(step.slug, {}), partner=held.partner)
        if not form.is_valid():
            faulty.append(step)
        form.fold(content)
        if isinstance(form, AboutForm):
            identity, mode = form.identity(), form.chosen
    content["files"] = [dict(file) for file in held.files]
    content["filed"] = _filed(held, content, is_anonymous=mode == ANONYMOUS)
    return Gathered(content, identity, tuple(faulty))


def _filed(held: Held, content: Content, *, is_anonymous: bool) -> Content:
    """How it came in. Whoever stays anonymous is no longer from any firm."""
    partner = {} if is_anonymous else held.partner
    return {
        "language": held.told.get("language", "en"),
        "channel": "partner" if partner else "public",
        "organisation": partner.get("organisation"),
        "capacity": partner.get("capacity"),
        "through_work": content.get("how", {}).get("through_work") == "yes",
    }
