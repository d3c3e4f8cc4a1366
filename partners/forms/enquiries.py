"""What a firm writes to a post, and what the desk writes, assigns, hands over and closes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.actions.enquiries import MOST_FILES, desk_outcomes
from partners.actions.enquiry_files import Enclosed, look_at
from partners.models import Enquiry, Post
from portal import reference, sent_files
from portal.errors import DomainError
from portal.forms import FilesField, ManyFiles
from portal.models import Organisation, User
from portal.sent_files import Sent

LONGEST_TEXT = 10_000


class _WordsForm(forms.Form):
    """A text, and files beside it; a file that cannot be taken is told by its name."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    attached = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "Up to five PDF, PNG or JPEG files, together at most 10 MB. They are looked at first."
        ),
        required=False,
        widget=ManyFiles(attrs={"accept": sent_files.ACCEPTED}),
    )

    def clean_attached(self) -> list[Enclosed]:
        brought = [sent_files.read(one) for one in self.cleaned_data["attached"]]
        if len(brought) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most five files."))
        return [_looked_at(one) for one in brought]


def _looked_at(sent: Sent) -> Enclosed:
    try:
        return look_at(sent)
    except DomainError as error:
        name = "".join(one for one in sent.name if one.isprintable())[-60:]
        told = {"name": name or _("file"), "why": error}
        raise forms.ValidationError(_("“%(name)s” was not taken. %(why)s") % told) from error


class AskForm(_WordsForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Your firm"), to_field_name="uuid"
    )
    post = forms.ModelChoiceField(
        Post.objects.none(), label=gettext_lazy("Which post?"), to_field_name="code"
    )
    topic = forms.ChoiceField(label=gettext_lazy("What is it about?"), widget=forms.RadioSelect)
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("A few words by which you will find it again."),
        max_length=150,
    )
    field_order = ("organisation", "post", "topic", "subject", "text", "attached")

    def __init__(self, *args: Any, firms: list[Organisation], posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your question")
        self.fields["text"].help_text = _(
            "Say what you want to do and what stands in the way. Do not write about suspicions of "
            "smuggling here: report them instead."
        )
        self._choose("organisation", Organisation.objects.filter(pk__in=[one.pk for one in firms]))
        self._choose("post", posts)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)  # noqa: S101 - as declared above
        topic.choices = [(one.code, _topic(one)) for one in reference.items("enquiry_topic")]
        if len(firms) == 1:
            self.initial.setdefault("organisation", firms[0].uuid)
            self.fields["organisation"].widget = forms.HiddenInput()

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = rows
        field.empty_label = _("Choose")


def _topic(item: Any) -> str:
    days = item.attributes.get("working_days", 5)
    told = {"label": item.label, "days": days}
    return _("%(label)s (answer within %(days)s working days)") % told


class WriteAgainForm(_WordsForm):
    pass


class SeenForm(forms.Form):
    """Carries what the officer saw, so that nobody answers what has changed unseen."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput())


class SayForm(_WordsForm, SeenForm):
    pass


class AssignForm(SeenForm):
    to = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Who takes it on?"), empty_label=None
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = people


class HandOverForm(SeenForm):
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=gettext_lazy("To which post?"),
        help_text=gettext_lazy("It answers by its own hours; the firm is told."),
    )

    def __init__(self, *args: Any, enquiry: Enquiry, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = posts.exclude(pk=enquiry.post_id)


class CloseForm(SeenForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = list(desk_outcomes().items())
