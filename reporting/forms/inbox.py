"""The forms of the inbox: the receipt as people type it, and further word with files."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import examined_files as files
from portal.examined_files import FileRefused
from portal.forms import FilesField, ManyFiles
from reporting import receipts, uploads
from reporting.actions.filing import KeptFile
from reporting.actions.words import LONGEST
from reporting.envelopes import PART
from reporting.receipts import ALPHABET, GROUP, GROUPS, NotAReceipt


class CodeForm(forms.Form):
    """The code of a receipt, however it is written: spaces, small letters, O for 0."""

    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy(
            "Five groups of five characters, for example 4JQ2K-… Spaces and small letters are fine."
        ),
        max_length=200,
        error_messages={"required": gettext_lazy("Type the code of your receipt.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
                "inputmode": "text",
                "class": "govuk-input govuk-input--width-20",
            }
        ),
    )

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        try:
            return receipts.grouped(receipts.parse(typed))
        except NotAReceipt:
            raise forms.ValidationError(slip(typed)) from None


def slip(typed: str) -> str:
    """What is wrong with a code that can be nobody's, as closely as it can be told."""
    groups = typed.upper().translate(receipts.MISREAD).replace("-", " ").split()
    wrong = [n for n, group in enumerate(groups, 1) if set(group) - set(ALPHABET)]
    if len(groups) == GROUPS:
        wrong += [n for n, group in enumerate(groups, 1) if len(group) != GROUP and n not in wrong]
    if wrong and len(groups) <= GROUPS:
        named = ", ".join(str(n) for n in sorted(wrong))
        return ngettext(
            "Look at group %(groups)s again: it has five letters and digits, and no U.",
            "Look at groups %(groups)s again: each has five letters and digits, and no U.",
            len(wrong),
        ) % {"groups": named}
    length = sum(map(len, groups))
    if length != receipts.LENGTH:
        return ngettext(
            "A code has 25 characters. This has %(count)d.",
            "A code has 25 characters. These are %(count)d.",
            length,
        ) % {"count": length}
    return _("There is a slip in this code. Compare it with your receipt, group by group.")


class MessageForm(forms.Form):
    """Further word; what is wrong with a file is said by its name, and the words are kept."""

    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "govuk-textarea", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write a message or choose a file."),
            "max_length": gettext_lazy(
                "A message has %(limit_value)d characters at most. This has %(show_value)d."
            ),
        },
    )
    attached = FilesField(
        label=gettext_lazy("Photos and documents"),
        required=False,
        widget=ManyFiles(attrs={"class": "govuk-file-upload"}),
    )

    def __init__(self, *args: Any, with_files: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not with_files
        if not with_files:
            del self.fields["attached"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "text" in self.errors:
            return given
        given["kept"] = kept = self._examined(given.get("attached") or [])
        if not given.get("text", "").strip() and not kept and not self.errors:
            self.add_error("text", _("Write a message or choose a file."))
        return given

    def _examined(self, uploaded: list[UploadedFile]) -> list[KeptFile]:
        kept: list[KeptFile] = []
        for one in uploaded:
            try:
                data = uploads.content_of(one)
                files.check_room([file.size for file in kept], len(data))
                kept.append(examined(one.name or "", data))
            except FileRefused as error:
                self.add_error("attached", f"{(one.name or '')[:100]}: {error}")
        return kept


def examined(name: str, data: bytes) -> KeptFile:
    """A file that was looked at, to be sealed; FileRefused when it is not taken."""
    found = files.examine(name, data)
    view = found.view or b""
    return KeptFile(
        id=uuid4(),
        name=found.name,
        kind=found.kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        scan=found.scan,
        remarks=found.note,
        original=lambda: _pieces(data),
        view=lambda: _pieces(view),
        view_kind=found.view_kind,
    )


def _pieces(data: bytes) -> list[bytes]:
    return [data[start : start + PART] for start in range(0, len(data), PART)]
