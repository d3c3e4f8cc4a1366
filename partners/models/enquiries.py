"""Business help: what a firm asks a post, what is written to and fro, and files beside it.

Kept apart from everything about enforcement: no table of reports or exchanges knows these, and
these know none of them.
"""

from __future__ import annotations

import secrets
import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.lifecycle import EnquiryOutcome, EnquiryStatus
from partners.models.posts import Post, Posting
from partners.visibility import Level, columns
from portal import file_words, reference, scanner
from portal.models import Organisation, StaffRole, User

# No letter that is taken for a digit or for another letter.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
OPEN = (EnquiryStatus.WAITING, EnquiryStatus.ASKED_BACK, EnquiryStatus.ANSWERED)


def new_reference() -> str:
    """What both sides call an enquiry by; tells nothing of firm or post: BQ-7K2M-9XW4."""
    body = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"BQ-{body[:4]}-{body[4:]}"


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: User | AnonymousUser) -> EnquiryQuerySet:
        """A firm's own; at the desk all for liaison officers, and for others those of their post.

        A system administrator reads none, whatever other roles were granted.
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if not user.is_staff:
            mine = user.memberships.live().values("organisation")
            return self.filter(organisation__in=mine)
        if user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
            return self.none()
        if user.has_role(StaffRole.LIAISON_OFFICER):
            return self.all()
        posted = Posting.objects.on(timezone.localdate()).filter(user=user, ended_at=None)
        return self.filter(post__in=posted.values("post"))

    def with_post(self) -> EnquiryQuerySet:
        """With the firm, and of the post what firms read: the site's role may have no more."""
        read = columns(Post, Level.PARTNER)
        hidden = {field.name for field in Post._meta.concrete_fields} - set(read)
        found = self.select_related("organisation", "post")
        return found.defer(*(f"post__{name}" for name in sorted(hidden)))

    def open(self) -> EnquiryQuerySet:
        return self.filter(status__in=OPEN)


class Enquiry(models.Model):
    """One question of a firm to a post; its words stand in messages and go when retention says."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, default=new_reference)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enquiries")
    post = models.ForeignKey(Post, models.PROTECT, related_name="enquiries")
    # A code of the reference list `enquiry_topic`, which also says how soon it is answered.
    topic = models.CharField(_("topic"), max_length=40)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=EnquiryStatus.choices, default=EnquiryStatus.WAITING
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    # The post's turn since then; the clock rests while the firm is asked.
    waiting_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=EnquiryOutcome.choices, blank=True
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("words erased"), null=True, blank=True)
    # Grows with each verb, so that nobody answers what has changed unseen.
    version = models.PositiveIntegerField(default=1)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry from a firm")
        verbose_name_plural = _("enquiries from firms")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=EnquiryStatus.CLOSED, closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status=EnquiryStatus.CLOSED) & Q(closed_at=None, outcome=""),
                name="enquiry_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=EnquiryStatus.WAITING, waiting_since__isnull=False, due_at__isnull=False
                )
                | ~Q(status=EnquiryStatus.WAITING) & Q(waiting_since=None, due_at=None),
                name="enquiry_clock_runs_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) & ~Q(subject="")
                | Q(erased_at__isnull=False, subject="", asked_by=None, closed_at__isnull=False),
                name="enquiry_erased_keeps_no_words",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="enquiry_of_firm"),
            models.Index(fields=["post", "-id"], name="enquiry_of_post"),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="enquiry_by_due"
            ),
            models.Index(
                fields=["assigned_to", "-id"],
                condition=Q(assigned_to__isnull=False, closed_at=None),
                name="enquiry_of_officer",
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, erased_at=None),
                name="enquiry_to_erase",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def topic_label(self) -> str:
        return reference.label("enquiry_topic", self.topic)

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()


class Side(models.TextChoices):
    FIRM = "firm", _("The firm")
    POST = "post", _("The post")


class MessageKind(models.TextChoices):
    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Answer")
    ASKED_BACK = "asked_back", _("Question to the firm")


class EnquiryMessage(models.Model):
    """What one side wrote; never changed, and erased with its enquiry's words."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side.choices)
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("message of an enquiry")
        verbose_name_plural = _("messages of enquiries")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="enquirymessage_says_something"),
            models.CheckConstraint(
                condition=Q(side=Side.FIRM, kind=MessageKind.QUESTION)
                | Q(side=Side.POST) & ~Q(kind=MessageKind.QUESTION),
                name="enquirymessage_each_side_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry} {self.written_at:%Y-%m-%d}"


class EnquiryFile(models.Model):
    """A file beside a message; looked at in a process apart, and kept as it came."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(EnquiryMessage, models.PROTECT, related_name="files")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # What the scanner said, and codes of file_words.NOTES: for whoever is about to open it.
    scan = models.CharField(max_length=10, default=scanner.UNSCANNED)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("file of an enquiry")
        verbose_name_plural = _("files of enquiries")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return f"enquiries/{self.uuid}"

    @property
    def is_scanned(self) -> bool:
        return self.scan == scanner.CLEAN

    @property
    def scan_in_words(self) -> str:
        return str(file_words.SCANS[self.scan])

    @property
    def remarks(self) -> list[str]:
        return file_words.remarks(self.note, copied=False)
