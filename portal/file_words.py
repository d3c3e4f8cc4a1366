"""The sentences about files: why one is not taken, and what officers are told about one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "empty": _("This file is empty. Choose it again, or leave it out."),
    "large": _("This file is larger than 25 MB. Make it smaller or shorter, then add it again."),
    "crowded": _("These files are too large to add at once. Add them one at a time."),
    "many": _("A report takes 10 files. Remove one before you add another."),
    "together": _(
        "The files of a report may have 100 MB together. Remove one, or add a smaller one."
    ),
    "busy": _(
        "Too many files are being checked just now. Wait a minute, then add this file again."
    ),
    "infected": _("This file carries a virus and was not kept. Describe in words what it shows."),
    "damaged": _("This file cannot be read: it may be damaged. Save it anew, then add it again."),
    "too_much": _(
        "This file takes too much to look at. Add a smaller version, such as a photo of it."
    ),
    "encrypted": _("This file is locked. Save it without a password, then add it again."),
    "misnamed": _(
        "The ending of this file’s name does not fit what is in it. Give it the right ending, then"
        " add it again."
    ),
    "archive": _("This is a package of files. Unpack it and add the files one by one."),
    "old_office": _(
        "This is an old or locked office document. Save it as DOCX, XLSX or PDF without a password,"
        " then add it again."
    ),
    "picture_kind": _(
        "Pictures of this kind are not taken. Save it as JPEG or PNG, then add it again."
    ),
    "empty_text": _("There is no text in this file. Choose another one, or leave it out."),
    "kind": _(
        "Files of this kind are not taken. Add photos, PDF, text, office documents, sound or film."
    ),
}

# What the scanner said; codes of scanner.py.
SCANS: dict[str, Any] = {
    "clean": _("no virus found"),
    "unscanned": _("not scanned for viruses"),
    "infected": _("a virus was found"),
}

NOTES: dict[str, Any] = {
    "metadata_removed": _("Details about the making of the file are in the original only."),
    "gps_removed": _("The original says where the picture was taken; the viewing copy does not."),
    "first_frame": _("The picture moves. The viewing copy shows its first frame."),
    "hidden_data": _(
        "The original holds other data behind what it shows. Open it with great care."
    ),
    "javascript": _("The original runs a script. The viewing copy does not."),
    "embedded_files": _("The original carries other files inside. The viewing copy does not."),
    "links_removed": _(
        "The original leads elsewhere by itself or by a click. The viewing copy does not."
    ),
    "form_removed": _("The original holds a form that the viewing copy does not show in full."),
    "restricted": _("The original forbids printing or copying. The viewing copy does not."),
    "macros": _("The original holds macros. Open it with great care."),
    "words_only": _("The viewing copy shows the words only, without pictures and layout."),
    "shortened": _("The viewing copy shows the beginning only."),
    "encoding_guessed": _("Some letters in the viewing copy may be wrong."),
    "named_otherwise": _("Its name said that it was of another kind."),
    "no_view": _(
        "There is no viewing copy. Open the original on a computer that is set apart for it."
    ),
}


# The same where the file is kept as it came and there is no copy to look at; what is only about
# the copy says nothing there.
AS_IT_CAME: dict[str, Any] = {
    "metadata_removed": _("It holds details about its making."),
    "gps_removed": _("It says where the picture was taken."),
    "hidden_data": _("It holds other data behind what it shows. Open it with great care."),
    "javascript": _("It runs a script. Open it with great care."),
    "embedded_files": _("It carries other files inside. Open it with great care."),
    "links_removed": _("It leads elsewhere by itself or by a click."),
    "form_removed": _("It holds a form."),
    "restricted": _("It forbids printing or copying."),
    "macros": _("It holds macros. Open it with great care."),
    "named_otherwise": NOTES["named_otherwise"],
}


def remarks(note: str, *, copied: bool = True) -> list[str]:
    """What officers read about a file, from the codes that are kept with it."""
    words = NOTES if copied else AS_IT_CAME
    return [str(words[code]) for code in note.split() if code in words]
