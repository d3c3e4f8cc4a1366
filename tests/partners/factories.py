"""Objects of the directory for tests, each valid by itself."""

from __future__ import annotations

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from partners.models import (
    ContactPoint,
    Duty,
    Group,
    Holder,
    Instrument,
    InstrumentKind,
    Partner,
    PartnerType,
    Post,
    Posting,
    PostType,
    Purpose,
)


def _in_half_a_year() -> object:
    return timezone.localdate() + timedelta(days=180)


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    code = factory.Sequence(lambda n: f"group-{n}")
    name = factory.Sequence(lambda n: f"Group {n}")


class PartnerFactory(DjangoModelFactory):
    """A customs administration in New Zealand, found true today."""

    class Meta:
        model = Partner

    code = factory.Sequence(lambda n: f"partner-{n}")
    name = factory.Sequence(lambda n: f"Customs service {n}")
    type = PartnerType.CUSTOMS
    country = "NZ"
    languages = ["en"]
    time_zone = "Pacific/Auckland"
    verified_on = factory.LazyFunction(timezone.localdate)
    review_due = factory.LazyFunction(_in_half_a_year)


class ContactPointFactory(DjangoModelFactory):
    class Meta:
        model = ContactPoint

    partner = factory.SubFactory(PartnerFactory)
    duty = Duty.GENERAL
    email = factory.Sequence(lambda n: f"desk{n}@customs.example")
    verified_on = factory.LazyFunction(timezone.localdate)
    review_due = factory.LazyFunction(_in_half_a_year)


class HolderFactory(DjangoModelFactory):
    class Meta:
        model = Holder

    contact_point = factory.SubFactory(ContactPointFactory)
    name = factory.Sequence(lambda n: f"Holder {n}")


class PostFactory(DjangoModelFactory):
    """An attaché's post in Wellington; `strategic=True` is none."""

    class Meta:
        model = Post

    class Params:
        strategic = factory.Trait(type=PostType.STRATEGIC)

    code = factory.Sequence(lambda n: f"post-{n}")
    type = PostType.ATTACHE
    city = factory.Sequence(lambda n: f"Wellington {n}")
    host_country = "NZ"
    time_zone = "Pacific/Auckland"
    email = factory.Sequence(lambda n: f"post{n}@customs.example")
    verified_on = factory.LazyFunction(timezone.localdate)
    review_due = factory.LazyFunction(_in_half_a_year)


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    post = factory.SubFactory(PostFactory)
    name = factory.Sequence(lambda n: f"Attaché {n}")
    starts_on = factory.LazyFunction(timezone.localdate)


class InstrumentFactory(DjangoModelFactory):
    """An agreement in force for a year, for every purpose; parties are added by the test."""

    class Meta:
        model = Instrument

    code = factory.Sequence(lambda n: f"instrument-{n}")
    title = factory.Sequence(lambda n: f"Agreement on mutual assistance {n}")
    kind = InstrumentKind.AGREEMENT
    signed_on = date(2019, 12, 2)
    in_force_on = date(2020, 1, 1)
    purposes = list(Purpose.values)
