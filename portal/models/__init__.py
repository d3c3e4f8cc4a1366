"""The kernel's tables, one module a noun."""

from portal.models.audit import AuditEvent, AuditExpiry, AuditSeal, AuditStamp
from portal.models.captcha import UsedWork
from portal.models.handovers import Handover
from portal.models.keys import DeskKey, KeyWrap, PinnedSerial, SealingKey
from portal.models.organisations import Invitation, Membership, Organisation
from portal.models.outbox import OutboxMessage
from portal.models.recovery import RecoveryRequest
from portal.models.reference import ReferenceItem
from portal.models.registers import Breach, ProcessingActivity, RightsRequest
from portal.models.sessions import IntakeSession, OfficeSession, SiteSession
from portal.models.standing import Standing
from portal.models.users import RoleGrant, StaffRole, User

__all__ = [
    "AuditEvent",
    "AuditExpiry",
    "AuditSeal",
    "AuditStamp",
    "Breach",
    "DeskKey",
    "Handover",
    "IntakeSession",
    "Invitation",
    "KeyWrap",
    "Membership",
    "OfficeSession",
    "Organisation",
    "OutboxMessage",
    "PinnedSerial",
    "ProcessingActivity",
    "RecoveryRequest",
    "ReferenceItem",
    "RightsRequest",
    "RoleGrant",
    "SealingKey",
    "SiteSession",
    "StaffRole",
    "Standing",
    "UsedWork",
    "User",
]
