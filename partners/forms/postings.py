"""What the liaison desk tells of the people posted abroad."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.posts import Day
from partners.models import Post, Posting
from portal.models import User


class PostingForm(forms.Form):
    """A person at a post."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("Own address"), max_length=254, required=False)
    direct_line = forms.CharField(label=gettext_lazy("Direct line"), max_length=40, required=False)
    user = forms.ModelChoiceField(
        label=gettext_lazy("Account"),
        help_text=gettext_lazy("Of this portal, if the person has one: open work is handed over."),
        queryset=User.objects.none(),
        required=False,
    )
    starts_on = Day(label=gettext_lazy("Begins on"), initial=timezone.localdate)
    ends_on = Day(
        label=gettext_lazy("Ends on"),
        help_text=gettext_lazy("The last day. The desk is told 9, 6 and 3 months before."),
        required=False,
    )

    def __init__(self, data: Any = None, *, thing: Post | Posting) -> None:
        super().__init__(data, initial=self._known(thing) if isinstance(thing, Posting) else None)
        field: Any = self.fields["user"]
        field.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("name", "pk")

    def _known(self, posting: Posting) -> dict[str, Any]:
        return {name: getattr(posting, name) for name in self.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("The posting ends before it begins."))
        return cleaned


class ChangePostingForm(PostingForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AccreditForm(forms.Form):
    """One country at a time; what was told before of it is replaced."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    asked_on = Day(label=gettext_lazy("Asked for on"), required=False)
    since = Day(label=gettext_lazy("Accepted on"), required=False)
    until = Day(label=gettext_lazy("Until"), required=False)

    def __init__(self, data: Any = None, *, thing: Posting) -> None:
        super().__init__(data)
        field: Any = self.fields["country"]
        host: Any = thing.post.host_country
        covered = thing.post.coverages.filter(until=None)
        found = {str(host): host.name} | {str(one.country): one.country_name for one in covered}
        field.choices = list(found.items())


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=gettext_lazy("Successor"),
        help_text=gettext_lazy("Somebody posted to the same post who begins later."),
        queryset=Posting.objects.none(),
    )

    def __init__(self, data: Any = None, *, thing: Posting) -> None:
        super().__init__(data)
        field: Any = self.fields["successor"]
        later = Posting.objects.live().filter(post=thing.post, starts_on__gt=thing.starts_on)
        field.queryset = later.order_by("starts_on", "pk").select_related("post")


class EndPostingForm(forms.Form):
    last_day = Day(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Today or earlier. A day to come is given by changing the posting."),
        initial=timezone.localdate,
    )

    def __init__(self, data: Any = None, *, thing: Posting) -> None:
        super().__init__(data)
        self.thing = thing

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if not self.thing.starts_on <= day <= timezone.localdate():
            raise forms.ValidationError(_("Give a day of the posting that is not to come."))
        return day
