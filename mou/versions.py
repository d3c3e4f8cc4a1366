"""Which versions of a text a reader may see, and the two that are compared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import VersionStatus
from mou.models import HistoryEntry, Mou, MouVersion
from portal.models import User

NEVER_SHOWN_BY_ITSELF = [VersionStatus.DRAFT, VersionStatus.VOID]


def readable(mou: Mou, reader: User) -> list[MouVersion]:
    """The newest first. The firm sees of drafts only those that were sent to it."""
    versions = list(mou.versions.order_by("-number"))
    if reader.is_staff:
        return versions
    sent = set(
        HistoryEntry.objects.filter(
            event="proposed",
            target_type="mou.mouversion",
            target_id__in=[str(version.pk) for version in versions],
            organisation_id=mou.organisation_id,
        ).values_list("target_id", flat=True)
    )
    return [
        version
        for version in versions
        if version.status not in NEVER_SHOWN_BY_ITSELF or str(version.pk) in sent
    ]


class CompareForm(forms.Form):
    """Two versions of one text."""

    old = forms.TypedChoiceField(label=_("Compare version"), coerce=int)
    new = forms.TypedChoiceField(label=_("with version"), coerce=int)

    def __init__(self, *args: Any, versions: list[MouVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {version.number: version for version in versions}
        choices = [(one.number, f"{one.number}: {one.get_status_display()}") for one in versions]
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - as declared above
            field.choices = choices

    @property
    def pair(self) -> tuple[MouVersion, MouVersion]:
        """What was chosen; else the newest version and the one before it."""
        newest, before, *_rest = self.versions.values()
        if not self.is_bound or not self.is_valid():
            return before, newest
        return self.versions[self.cleaned_data["old"]], self.versions[self.cleaned_data["new"]]
