"""Objects for tests, each valid by itself; traits say what else it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from portal.models import (
    AuditEvent,
    Invitation,
    Membership,
    Organisation,
    OutboxMessage,
    ReferenceItem,
    RoleGrant,
    StaffRole,
    User,
)
from portal.models.organisations import MembershipRole

PASSWORD = "correct horse battery staple"


def _holding(role: StaffRole) -> factory.Trait:
    """A member of staff who holds this role."""
    return factory.Trait(
        is_staff=True,
        email=factory.Sequence(lambda n: f"{role.value}{n}@customs.example"),
        **{f"{role.value}_grant": factory.RelatedFactory(RoleGrantFactory, "user", role=role)},
    )


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    role = StaffRole.CASEWORKER


class UserFactory(DjangoModelFactory):
    """`UserFactory(caseworker=True)` is a caseworker; without a trait, somebody of a firm."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(
            is_staff=True, email=factory.Sequence(lambda n: f"officer{n}@customs.example")
        )
        caseworker = _holding(StaffRole.CASEWORKER)
        countersigner = _holding(StaffRole.COUNTERSIGNER)
        triage_officer = _holding(StaffRole.TRIAGE_OFFICER)
        supervisor = _holding(StaffRole.SUPERVISOR)
        identity_custodian = _holding(StaffRole.IDENTITY_CUSTODIAN)
        liaison_officer = _holding(StaffRole.LIAISON_OFFICER)
        data_protection_officer = _holding(StaffRole.DATA_PROTECTION_OFFICER)
        auditor = _holding(StaffRole.AUDITOR)
        system_administrator = _holding(StaffRole.SYSTEM_ADMINISTRATOR)

    email = factory.Sequence(lambda n: f"person{n}@business.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def address(self, create: bool, extracted: object, **kwargs: Any) -> None:
        """Everybody's address is verified: nobody logs in otherwise."""
        if create:
            EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=True)


class OrganisationFactory(DjangoModelFactory):
    """`OrganisationFactory(owner=user)` also makes the user its owner."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    legal_name = factory.Sequence(lambda n: f"Northern Freight {n} AB")
    national_id = factory.Sequence(lambda n: f"556{n:07}")
    country = "SE"

    @factory.post_generation
    def owner(self, create: bool, extracted: User | None, **kwargs: Any) -> None:
        if extracted is not None:
            MembershipFactory(organisation=self, user=extracted, owner=True)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    class Params:
        owner = factory.Trait(role=MembershipRole.OWNER)
        signatory = factory.Trait(role=MembershipRole.SIGNATORY)

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = MembershipRole.MEMBER


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@business.example")
    role = MembershipRole.MEMBER
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class AuditEventFactory(DjangoModelFactory):
    class Meta:
        model = AuditEvent

    event = "seen"
    kind = "alteration"
    actor = "system"
    target_type = "portal.organisation"
    target_id = factory.Sequence(str)


class OutboxMessageFactory(DjangoModelFactory):
    class Meta:
        model = OutboxMessage

    key = factory.Sequence(lambda n: f"key-{n}")
    task = "test.work"


class ReferenceItemFactory(DjangoModelFactory):
    class Meta:
        model = ReferenceItem

    list = "test_list"
    code = factory.Sequence(lambda n: f"CODE{n}")
    label = factory.Sequence(lambda n: f"Item {n}")
