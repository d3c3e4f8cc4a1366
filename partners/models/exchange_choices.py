"""What is chosen of an exchange: its type and urgency, its channel, and grounds of what is done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.clocks import Urgency


class ExchangeType(models.TextChoices):
    INFORMATION = "information", _("Request for information")
    SURVEILLANCE = "surveillance", _("Request for surveillance")
    ENQUIRY = "enquiry", _("Request for an enquiry")
    NOTIFICATION = "notification", _("Request for notification")
    SPONTANEOUS = "spontaneous", _("Information given unasked")
    CONTROLLED_DELIVERY = "controlled_delivery", _("Controlled delivery")
    CROSS_BORDER = "cross_border", _("Hot pursuit or cross-border surveillance")
    JOINT_TEAM = "joint_team", _("Joint team")
    AUTHENTICITY = "authenticity", _("Authenticity of a document")


class UrgencyChoice(models.TextChoices):
    DIRECT = Urgency.DIRECT.value, _("Urgent, directly accessible: 8 hours")
    INDIRECT = Urgency.INDIRECT.value, _("Urgent, not directly accessible: 3 days")
    OTHER = Urgency.OTHER.value, _("Not urgent: 7 days")
    INSTRUMENT = Urgency.INSTRUMENT.value, _("As the instrument says")


class Channel(models.TextChoices):
    """Beside the portal, recorded and not replaced."""

    CENCOMM = "cencomm", _("CENcomm")
    CEN = "cen", _("CEN")
    RILO = "rilo", _("RILO, by the national contact point")
    AFIS = "afis", _("AFIS (CIS, FIDE)")
    SIENA = "siena", _("SIENA")
    I247 = "i247", _("I-24/7")
    SAILCLEAR = "sailclear", _("SailClear or RCS")
    BAG = "bag", _("Diplomatic bag")
    LETTER = "letter", _("Letter")
    ORAL = "oral", _("By word of mouth")


class TransferGround(models.TextChoices):
    """Directive (EU) 2016/680, Art. 36 to 38."""

    ADEQUACY = "adequacy", _("Adequacy decision")
    SAFEGUARDS = "safeguards", _("Appropriate safeguards")
    DEROGATION = "derogation", _("Derogation in a particular case")


class PauseGround(models.TextChoices):
    JUDICIAL = "judicial", _("A judicial authorisation is awaited")
    CLARIFICATION = "clarification", _("A clarification is awaited")


class RefusalGround(models.TextChoices):
    SOVEREIGNTY = "sovereignty", _("Sovereignty, security or public policy")
    DISPROPORTIONATE = "disproportionate", _("Out of proportion to its aim")
    INVESTIGATION = "investigation", _("It would harm an investigation or a person")
    NOT_HELD = "not_held", _("The information is not held")
    NOT_COVERED = "not_covered", _("No instrument covers it")
    SECRECY = "secrecy", _("Professional or judicial secrecy")
    OTHER = "other", _("Another ground")


class Outcome(models.TextChoices):
    """What came of it, as far as it decides how long it is kept."""

    NOTHING = "nothing", _("Nothing unlawful was found")
    ESTABLISHED = "established", _("An infringement was established")
    DECIDED = "decided", _("A decision, penalty or judgment was given")
