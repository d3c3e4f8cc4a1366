"""Programmes, and the versioned templates their agreements are drafted from."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class ComponentRule(models.TextChoices):
    """Of the halves of a firm's certificate the one that its agreement requires."""

    SECURITY_FIRST = "SC", _("Security and safety where held, else customs simplifications")
    SIMPLIFICATIONS_FIRST = "CS", _("Customs simplifications where held, else security and safety")
    SECURITY = "S", _("Security and safety where held, else none")
    SIMPLIFICATIONS = "C", _("Customs simplifications where held, else none")
    NONE = "none", _("None")


class Programme(models.Model):
    """A scheme under which the administration makes agreements."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    owner = models.CharField(_("owned by"), max_length=200)
    purpose = models.TextField(_("purpose"))
    # The language whose text prevails where the others differ from it.
    authentic_language = models.CharField(_("authentic language"), max_length=8, default="en")

    component_rule = models.CharField(
        _("part of the certificate that is required"),
        max_length=4,
        choices=ComponentRule.choices,
        default=ComponentRule.SECURITY_FIRST,
    )

    # A round of signing that is not complete after so many days is void.
    signing_days = models.PositiveSmallIntegerField(_("days to sign"), default=60)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name


class TemplateQuerySet(models.QuerySet["Template"]):
    def current(self, day: date) -> TemplateQuerySet:
        """Templates in use on this day, the newest version first."""
        return (
            self.filter(valid_from__lte=day)
            .filter(models.Q(valid_to=None) | models.Q(valid_to__gte=day))
            .order_by("-version", "language")
        )

    def newest(self, day: date) -> TemplateQuerySet:
        """Of those in use, the newest of each language: what new texts are drafted from."""
        later = Template.objects.current(day).filter(
            programme=models.OuterRef("programme"),
            language=models.OuterRef("language"),
            version__gt=models.OuterRef("version"),
        )
        return self.current(day).exclude(models.Exists(later))


class Template(models.Model):
    """One version of an agreement's standard text, in one language."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="templates")
    language = models.CharField(_("language"), max_length=8)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    months = models.PositiveIntegerField(_("runs for so many months"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    # The number in the shipped file; none where it was made at the desk.
    shipped_as = models.PositiveIntegerField(null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "language", "version"],
                name="template_version_unique",
            ),
            models.UniqueConstraint(
                fields=["programme", "language", "shipped_as"],
                name="template_shipped_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language} {self.version})"


class Clause(models.Model):
    """One part of a template; `text` holds paragraphs with named places such as {business}."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="clauses")
    position = models.PositiveIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    # What law or fairness fixes says the same for every firm.
    is_negotiable = models.BooleanField(_("negotiable"), default=True)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="clause_position_unique"),
            models.UniqueConstraint(fields=["template", "code"], name="clause_code_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
