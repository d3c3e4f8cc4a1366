"""The verbs of the directory that are asked on one page each."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners import keeping_permissions as permissions
from partners.actions import contacts, keeping, partners
from partners.admin_views.verbs import Verb
from partners.forms import contacts as contact_forms
from partners.forms import entries as forms
from partners.forms import partners as partner_forms
from partners.models import (
    ContactPoint,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    SecureChannel,
)


def _of_every_entry(model: Any) -> list[Verb]:
    """What partners and contact points have in common."""
    verb = partial(Verb, model, argument="entry", secondary=True)
    return [
        verb(
            "visibility",
            _("Set who sees it"),
            permissions.can_change,
            keeping.set_visibility,
            _("It is shown to these readers now."),
            forms.VisibilityForm,
            title=_("To whom this entry is shown"),
        ),
        verb(
            "keeper",
            _("Name its keeper"),
            permissions.can_change,
            keeping.name_keeper,
            _("The keeper is named, and is asked when the entry is due."),
            forms.KeeperForm,
            title=_("Who keeps this entry"),
        ),
    ]


def _may_always(user: Any, *thing: Any) -> bool:
    return permissions.can_keep(user)


PARTNER_VERBS = [
    Verb(
        Partner,
        "join_group",
        _("Add to a group"),
        permissions.can_change,
        partners.join_group,
        _("It belongs to the group now."),
        partner_forms.JoinGroupForm,
        secondary=True,
        argument="partner",
    ),
    Verb(
        Partner,
        "add_channel",
        _("Record a secure channel"),
        permissions.can_change,
        partners.add_channel,
        _("The channel is recorded."),
        partner_forms.ChannelForm,
        secondary=True,
        argument="partner",
    ),
    *_of_every_entry(Partner),
    Verb(
        Partner,
        "end",
        _("It no longer exists"),
        permissions.can_change,
        partners.end_partner,
        _("Its end is kept. It is not shown as a partner from that day on."),
        partner_forms.EndPartnerForm,
        lead=_("From that day on only officers find it. What was exchanged with it stays."),
        secondary=True,
        argument="partner",
    ),
]
POST_KEEPING = _of_every_entry(Post)
MEMBERSHIP_VERBS = [
    Verb(
        GroupMembership,
        "leave",
        _("End the membership"),
        permissions.can_end_membership,
        partners.leave_group,
        _("The end of the membership is kept."),
        partner_forms.LeaveGroupForm,
        title=_("The membership ends"),
        argument="membership",
        home=lambda membership: membership.partner,
    )
]
CHANNEL_VERBS = [
    Verb(
        SecureChannel,
        "end",
        _("No longer used"),
        permissions.can_end_channel,
        partners.end_channel,
        _("The channel has ended."),
        argument="channel",
        secondary=True,
        home=lambda channel: channel.partner,
    )
]
GROUP_VERBS = [
    Verb(
        Group,
        "add_group",
        _("Add a group"),
        _may_always,
        partners.add_group,
        _("The group is added."),
        partner_forms.AddGroupForm,
        adds=True,
    ),
    Verb(
        Group,
        "edit",
        _("Change"),
        _may_always,
        partners.change_group,
        _("The change is kept."),
        partner_forms.ChangeGroupForm,
        title=_("Change this group"),
        argument="group",
    ),
]
CONTACT_VERBS = [
    Verb(
        ContactPoint,
        "name_holder",
        _("Name a holder"),
        permissions.can_change,
        contacts.name_holder,
        _("The holder is named."),
        contact_forms.NameHolderForm,
        lead=_("Officers who work with partners see the name; nobody else does."),
        secondary=True,
        argument="contact",
    ),
    *_of_every_entry(ContactPoint),
    Verb(
        ContactPoint,
        "end",
        _("This duty ends"),
        permissions.can_change,
        contacts.end_contact,
        _("The contact point has ended, and the terms of those who held it."),
        argument="contact",
        danger=True,
    ),
]
HOLDER_VERBS = [
    Verb(
        Holder,
        "correct",
        _("Correct"),
        permissions.can_change_holder,
        contacts.correct_holder,
        _("It is corrected."),
        contact_forms.CorrectHolderForm,
        title=_("Correct what is written of a holder"),
        argument="holder",
        home=lambda holder: holder.contact_point,
    ),
    Verb(
        Holder,
        "end",
        _("The term ends"),
        permissions.can_end_holder,
        contacts.end_holder,
        _("The end of the term is kept. The personal data are erased a year later."),
        forms.UntilForm,
        secondary=True,
        argument="holder",
        home=lambda holder: holder.contact_point,
    ),
]
