"""The first pages: what was seen or heard, the goods, and signs that people of a trade know."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import reference
from reporting import answers
from reporting.answers import UNKNOWN
from reporting.forms.fields import One, Several, Words, listed
from reporting.forms.steps import Content, PageForm, Part
from reporting.identifiers import checked

SHORTEST, LONGEST = 20, 10_000
ANYONE = "anyone"


class WhatForm(PageForm):
    """The one thing that is needed."""

    parts = (Part(("narrative", "happening_now", "observed")),)

    narrative = Words(
        gettext_lazy("What have you seen or heard?"),
        hint=gettext_lazy(
            "In your own words and any language. Who, where, when and how can be told on the "
            "next pages, or here."
        ),
        most=LONGEST,
        rows=9,
    )
    happening_now = One(gettext_lazy("Is it happening now?"), answers.YES_NO)
    observed = One(gettext_lazy("How did you notice it?"), answers.OBSERVED)

    def clean_narrative(self) -> str:
        told = self.cleaned_data["narrative"]
        if not told:
            raise forms.ValidationError(_("Tell us what you have seen or heard."))
        if len(told) < SHORTEST:
            raise forms.ValidationError(
                _("Tell us a little more: %(least)s characters at least, and there are %(count)s.")
                % {"least": SHORTEST, "count": len(told)}
            )
        return told

    def fold(self, content: Content) -> None:
        told = self.cleaned_data
        what = content.setdefault("what", {})
        what["narrative"] = told.get("narrative", "")
        what["happening_now"] = told.get("happening_now") == "yes"
        what["observed"] = told.get("observed", "")


def _commodities() -> Iterator[tuple[str, str]]:
    yield from reference.choices("commodity")
    yield UNKNOWN, _("I do not know")


class GoodsForm(PageForm):
    """What it is about."""

    parts = (
        Part(("categories", "goods")),
        Part(("quantity", "unit"), gettext_lazy("How much")),
        Part(("declared_goods", "hs_code", "direction"), gettext_lazy("Papers"), folded=True),
        Part(("concealment",), gettext_lazy("How it is hidden or done"), folded=True),
        Part(("eu_finances",), gettext_lazy("Public money and officials"), folded=True),
    )

    categories = Several(
        gettext_lazy("Kind of goods or crime"),
        _commodities,
        hint=gettext_lazy("Tick all that fit."),
    )
    goods = Words(
        gettext_lazy("Describe the goods"),
        hint=gettext_lazy("What it looks like, marks, packaging, brands."),
        most=2000,
        rows=3,
    )
    quantity = Words(
        gettext_lazy("How much or how many?"),
        hint=gettext_lazy("A guess helps too."),
        most=40,
        width=10,
        inputmode="decimal",
    )
    unit = One(gettext_lazy("Of what?"), answers.UNIT, drop_down=True)
    declared_goods = Words(gettext_lazy("What do the papers say it is?"), most=300)
    hs_code = Words(
        gettext_lazy("Tariff code on the papers"),
        hint=gettext_lazy("4, 6, 8 or 10 digits."),
        most=40,
        width=10,
        inputmode="numeric",
    )
    direction = One(gettext_lazy("Which way does it go?"), listed("direction"))
    concealment = Several(
        gettext_lazy("Have you noticed one of these?"),
        listed("concealment"),
        hint=gettext_lazy("Tick all that fit."),
    )
    eu_finances = One(
        gettext_lazy("Does it harm the European Union’s money, or is its staff involved?"),
        answers.YES_NO_UNKNOWN,
    )

    def fold(self, content: Content) -> None:
        what = content.setdefault("what", {})
        what |= {name: value for name, value in self.cleaned_data.items() if value}
        if code := what.get("hs_code"):
            what["hs_code"] = checked("hs_code", code)


class SignsForm(PageForm):
    """Signs by line of work; those that would teach offenders show to partners alone."""

    parts = (Part(("role", "handling_stage")), Part(("indicators",)))

    role = One(
        gettext_lazy("What is your line of work, if it has to do with this?"),
        listed("actor_role"),
        hint=gettext_lazy("We then show signs that people in this work notice."),
        drop_down=True,
    )
    handling_stage = One(
        gettext_lazy("Do you handle the goods yourselves?"), answers.HANDLING_STAGE
    )
    indicators = Several(
        gettext_lazy("Have you noticed any of these signs?"),
        list,
        hint=gettext_lazy("Tick all that fit."),
    )

    def arrange(self) -> None:
        # A field of this form's own, since its options are.
        self.fields["indicators"] = mine = copy(self.fields["indicators"])
        mine.options = self._signs  # type: ignore[attr-defined]

    def asks_more_than(self, before: PageForm) -> bool:
        """Another line of work brings other signs."""
        if not isinstance(before, SignsForm):
            return False
        return not {code for code, _label in self._signs()} <= {c for c, _l in before._signs()}

    def _signs(self) -> list[tuple[str, str]]:
        role, is_partner = self.said("role"), bool(self.partner.get("in_force"))
        return [
            (sign.code, sign.label)
            for sign in reference.items("indicator")
            if {ANYONE, role} & set(sign.attributes.get("audience", ()))
            and (is_partner or sign.attributes.get("public"))
        ]

    def fold(self, content: Content) -> None:
        what = content.setdefault("what", {})
        what |= {name: value for name, value in self.cleaned_data.items() if value}
