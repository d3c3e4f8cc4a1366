"""What a firm writes to a post, and what the desk writes, assigns, hands over and closes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import post_entries
from partners.actions.enquiries import MOST_FILES, desk_outcomes
from partners.actions.enquiry_files import Enclosed, look_at
from partners.models import Enquiry, Post
from portal import reference, sent_files
from portal.errors import DomainError
from portal.forms import FilesField, ManyFiles
from portal.models import Organisation, User
from portal.sent_files import Sent

LONGEST_TEXT = 10_000


class WordsForm(forms.Form):
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

    def clean(self) -> None:
        super().clean()
        if self.errors:
            self.ask_for_files_again()

    def ask_for_files_again(self) -> None:
        """A page that comes back keeps every word, but no browser keeps the files."""
        if self.cleaned_data.get("attached"):
            self.add_error("attached", _("Choose the files again: they were not kept."))

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


class PostField(forms.ModelChoiceField):
    """Posts with the countries that they answer for: a firm knows the country, not the city."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Post.objects.none(), empty_label=gettext_lazy("Choose"), **more)

    def offer(self, posts: Any) -> None:
        self.queryset = post_entries.with_countries(posts)

    def label_from_instance(self, post: Any) -> str:
        countries = ", ".join(name for _code, name in post_entries.covered(post))
        return f"{post.city} ({countries})" if countries else post.city


class AskForm(WordsForm):
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Your firm"), to_field_name="uuid"
    )
    post = PostField(
        label=gettext_lazy("Which post?"),
        help_text=gettext_lazy("In brackets are the countries that it answers for."),
        to_field_name="code",
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
        mine = self.fields["organisation"]
        assert isinstance(mine, forms.ModelChoiceField)  # noqa: S101 - as declared above
        mine.queryset = Organisation.objects.filter(pk__in=[one.pk for one in firms])
        mine.empty_label = _("Choose")
        _offer(self, posts)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)  # noqa: S101 - as declared above
        topic.choices = [(one.code, _topic(one)) for one in reference.items("enquiry_topic")]
        if len(firms) == 1:
            self.initial.setdefault("organisation", firms[0].uuid)
            self.fields["organisation"].widget = forms.HiddenInput()


def _offer(form: forms.Form, posts: Any) -> None:
    field = form.fields["post"]
    assert isinstance(field, PostField)  # noqa: S101 - as declared
    field.offer(posts)


def _topic(item: Any) -> str:
    days = item.attributes.get("working_days", 5)
    told = {"label": item.label, "days": days}
    return _("%(label)s (answer within %(days)s working days)") % told


class WriteAgainForm(WordsForm):
    pass


class SeenForm(forms.Form):
    """Carries what the officer saw, so that nobody answers what has changed unseen."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput())


class SayForm(WordsForm, SeenForm):
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
    post = PostField(
        label=gettext_lazy("To which post?"),
        help_text=gettext_lazy("It answers by its own hours; the firm is told."),
    )

    def __init__(self, *args: Any, enquiry: Enquiry, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, posts.exclude(pk=enquiry.post_id))


class CloseForm(SeenForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = list(desk_outcomes().items())
