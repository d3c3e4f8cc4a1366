"""Pages about who, where, when and by which transport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from django_countries import countries

from reporting import answers
from reporting.forms.fields import One, Words, listed
from reporting.forms.steps import Content, Group, Groups, PageForm, Part, Stored
from reporting.identifiers import checked

PEOPLE, VEHICLES, CONTAINERS = 20, 10, 50


def _countries() -> list[tuple[str, str]]:
    return [(country.code, country.name) for country in countries]


class PersonForm(Group):
    """A person or a company; one answer is enough."""

    parts = (
        Part(("name", "category", "description")),
        Part(("alias", "role", "phone", "handle"), gettext_lazy("More about the person"), True),
        Part(("company", "vat", "eori"), gettext_lazy("A company"), True),
    )

    name = Words(gettext_lazy("Name"), hint=gettext_lazy("Or what the person is called."))
    category = One(gettext_lazy("What is their part in it?"), answers.PERSON)
    description = Words(
        gettext_lazy("Description"),
        hint=gettext_lazy("Age, build, clothes, language, anything that stands out."),
        most=2000,
        rows=3,
    )
    alias = Words(gettext_lazy("Other names"))
    role = Words(
        gettext_lazy("Role or job"), hint=gettext_lazy("For example driver, owner, guard.")
    )
    phone = Words(
        gettext_lazy("Telephone"),
        hint=gettext_lazy("Best with + and the country in front."),
        most=60,
        inputmode="tel",
        width=20,
    )
    handle = Words(gettext_lazy("Name online"), hint=gettext_lazy("And in which app or site."))
    company = Words(gettext_lazy("Name of the company"))
    vat = Words(gettext_lazy("VAT number"), most=40, width=20)
    eori = Words(gettext_lazy("EORI number"), most=40, width=20)

    def as_content(self) -> Content:
        told = super().as_content()
        if "eori" in told:
            told["eori"] = checked("eori", told["eori"])
        return told


class RepeatingForm(PageForm):
    """A page of which one part can be added again and again."""

    group: type[Group]
    group_name: str
    most: int
    asks_groups = True

    def __init__(self, stored: Mapping[str, list[str]] | None = None, **kwargs: Any) -> None:
        told = None if stored is None else dict(stored)
        self.groups = Groups(self.group, self.group_name, told, self.most)
        super().__init__(stored, **kwargs)

    def is_valid(self) -> bool:
        own, theirs = super().is_valid(), self.groups.is_valid()
        return own and theirs

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [] if self.quiet else [*super().faults, *self.groups.faults]

    def keeps(self, posted: Any) -> Stored:
        return super().keeps(posted) | self.groups.keeps(posted)


class WhoForm(RepeatingForm):
    """The people and companies in it."""

    group, group_name, most = PersonForm, "who", PEOPLE

    def fold(self, content: Content) -> None:
        content["who"] = self.groups.as_content()


class WhereForm(PageForm):
    """A place, or a way."""

    parts = (
        Part(("place", "address", "country")),
        Part(("from", "via", "to"), gettext_lazy("If it travels"), folded=True),
        Part(("locode", "coordinates"), gettext_lazy("Codes and coordinates"), folded=True),
    )

    place = Words(
        gettext_lazy("Name of the place"),
        hint=gettext_lazy("A port, border post, warehouse, car park, shop, web site …"),
        most=300,
    )
    address = Words(gettext_lazy("Address, or how to find it"), most=500, rows=3)
    country = One(gettext_lazy("Country"), _countries, drop_down=True)
    via = Words(gettext_lazy("By way of"))
    to = Words(gettext_lazy("To"))
    locode = Words(
        gettext_lazy("Place code (UN/LOCODE)"),
        hint=gettext_lazy("Five characters, for example SEGOT."),
        most=40,
        width=10,
    )
    coordinates = Words(
        gettext_lazy("Coordinates"),
        hint=gettext_lazy("Only if you want to give them. We never ask your phone where you are."),
        most=60,
        width=20,
    )

    def fold(self, content: Content) -> None:
        where = {name: value for name, value in self.cleaned_data.items() if value}
        if "locode" in where:
            where["locode"] = checked("locode", where["locode"])
        content["where"] = where


# The one field whose name is a word of the language.
WhereForm.base_fields["from"] = Words(gettext_lazy("From"))


class WhenForm(PageForm):
    """Times in words: nobody in a hurry fills in a calendar."""

    parts = (Part(("expected", "seen", "recurring", "recurring_how")), Part(("time_zone",)))

    expected = Words(
        gettext_lazy("What is expected next, and when?"),
        hint=gettext_lazy("For example: leaves on Friday evening on the ferry."),
        most=500,
        rows=2,
    )
    seen = Words(
        gettext_lazy("When did you see or hear it?"),
        hint=gettext_lazy("“About” is good enough. For example: 23 November, about 21:30."),
        most=300,
    )
    recurring = One(gettext_lazy("Does it happen again and again?"), answers.YES_NO_UNKNOWN)
    recurring_how = Words(gettext_lazy("How often?"), most=300)
    time_zone = Words(
        gettext_lazy("Whose clock do these times follow?"),
        hint=gettext_lazy("Only if it is another country’s than the place’s."),
        most=60,
        width=20,
    )

    def fold(self, content: Content) -> None:
        content["when"] = {name: value for name, value in self.cleaned_data.items() if value}


class VehicleForm(Group):
    """A vehicle on the road."""

    parts = (Part(("plate", "country", "colour", "trailer")),)

    plate = Words(gettext_lazy("Number plate"), most=40, width=10)
    country = Words(gettext_lazy("Country of the plate"), most=60, width=20)
    colour = Words(gettext_lazy("Make and colour"), most=100, width=20)
    trailer = Words(gettext_lazy("Number plate of the trailer"), most=40, width=10)


# Mode of transport → which questions it brings. Containers travel by all of the first.
BOXED = ("containers", "seal", "bill_of_lading", "mrn")
ASKED = {
    "0": (),
    "1": (*BOXED, "vessel", "imo"),
    "2": (*BOXED, "wagon"),
    "3": BOXED,
    "4": ("flight", "air_waybill", "seal", "mrn"),
    "5": ("postal_item", "tracking", "mrn"),
    "6": (*BOXED, "vessel", "imo", "wagon", "flight", "air_waybill", "tracking"),
    "7": ("mrn",),
    "8": (*BOXED, "vessel", "imo"),
    "9": (),
    "EXPRESS": ("tracking", "air_waybill", "postal_item", "mrn"),
    "COURIER_PASSENGER": ("flight", "vessel", "tracking"),
    "PLEASURE_CRAFT": ("vessel", "imo"),
    "GENERAL_AVIATION": ("flight",),
    "DRONE": (),
}
BY_ROAD = {"3", "6", "EXPRESS", "COURIER_PASSENGER"}
NUMBERS = ("imo", "air_waybill", "postal_item")


class TransportForm(RepeatingForm):
    """How it travels decides which numbers are asked for."""

    group, group_name, most = VehicleForm, "vehicle", VEHICLES
    parts = (
        Part(("containers", "vessel", "imo", "wagon", "flight", "air_waybill")),
        Part(("postal_item", "tracking", "seal", "bill_of_lading", "mrn")),
    )

    mode = One(gettext_lazy("Mode of transport"), listed("transport_mode"))
    containers = Words(
        gettext_lazy("Container numbers"),
        hint=gettext_lazy("Four letters and seven digits. One on each line."),
        most=2000,
        rows=2,
        width=20,
    )
    vessel = Words(gettext_lazy("Name of the ship or boat"))
    imo = Words(gettext_lazy("IMO number of the ship"), most=40, width=10)
    wagon = Words(gettext_lazy("Wagon number"), most=40, width=20)
    flight = Words(gettext_lazy("Flight, or mark of the aircraft"), most=60, width=20)
    air_waybill = Words(gettext_lazy("Air waybill"), most=40, width=20)
    postal_item = Words(
        gettext_lazy("Number of the postal item"),
        hint=gettext_lazy("For example RR 47312482 9 GB."),
        most=40,
        width=20,
    )
    tracking = Words(gettext_lazy("Tracking number"), most=100, width=20)
    seal = Words(gettext_lazy("Number on the seal"), most=60, width=20)
    bill_of_lading = Words(gettext_lazy("Bill of lading"), most=60, width=20)
    mrn = Words(gettext_lazy("Movement reference number (MRN)"), most=60, width=20)

    def arrange(self) -> None:
        asked = {"mode", *ASKED.get(self.said("mode"), BOXED if self.said("mode") else ())}
        self.leave_out([name for name in self.base_fields if name not in asked])
        told = [v for k, vs in self.stored.items() if k.startswith("vehicle-") for v in vs]
        self.asks_groups = self.said("mode") in BY_ROAD or any(map(str.strip, told))

    def asks_more_than(self, before: PageForm) -> bool:
        new = self.asks_groups and not getattr(before, "asks_groups", False)
        return new or super().asks_more_than(before)

    def fold(self, content: Content) -> None:
        told = {name: value for name, value in self.cleaned_data.items() if value}
        if lines := told.pop("containers", "").split("\n"):
            typed = [line.strip(" ,;\t") for line in lines if line.strip(" ,;\t")]
            told["containers"] = [checked("container", one) for one in typed[:CONTAINERS]]
        for name in NUMBERS:
            if name in told:
                told[name] = checked(name, told[name])
        told["vehicles"] = self.groups.as_content()
        content["transport"] = {name: value for name, value in told.items() if value}
