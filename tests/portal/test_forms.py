"""The form pack: what is asked is named, what is wrong is said, and both lead to the input."""

import datetime
import re

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import mark_safe

from portal.forms import DateField
from tests.portal.kit import KitForm


def drawn(form: forms.Form) -> str:
    template = '{% load crispy_forms_tags %}{% include "portal/includes/error_summary.html" %}'
    return engines["django"].from_string(template + "{{ form|crispy }}").render({"form": form})


def test_error_summary_leads_to_an_input_for_every_field() -> None:
    html = drawn(KitForm({}))
    wanted = re.findall(r'<a href="#([^"]+)">', html)
    assert len(wanted) == 9
    for id_ in wanted:
        assert re.search(rf'<(input|select|textarea)[^>]* id="{id_}"', html), id_


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("name", "Enter legal name"),
        ("eori", "Enter EORI number"),
        ("signer", "Answer the question “Who signs?”"),
        ("flows", "Choose flows"),
        ("since", "Enter effective from"),
        ("proof", "Choose a file for proof"),
        ("agreed", "Tick “I may sign for the firm” to continue"),
    ],
)
def test_missing_answer_is_asked_for_by_name(field: str, message: str) -> None:
    assert message in drawn(KitForm({}))


def test_error_of_length_names_the_field() -> None:
    html = drawn(KitForm({"name": "too long for this"}))
    assert "Legal name: ensure this value has at most 5 characters" in html


def test_own_message_is_kept() -> None:
    class Named(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who you are"})

    assert "Say who you are" in drawn(Named({}))


def test_hint_and_error_are_tied_to_the_input() -> None:
    html = drawn(KitForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_flows_error"' in html


def test_optional_field_says_so_and_a_filter_does_not() -> None:
    class Filter(forms.Form):
        mark_optional = False
        q = forms.CharField(required=False)

    assert "(optional)" in drawn(KitForm())
    assert "(optional)" not in drawn(Filter())


def test_checkboxes_are_not_taken_for_radios() -> None:
    html = drawn(KitForm())
    assert re.search(r'govuk-checkboxes__input" type="checkbox" name="flows"', html)
    assert re.search(r'govuk-radios__input" type="radio" name="signer"', html)


def test_chosen_answers_come_back() -> None:
    html = drawn(KitForm({"signer": "b", "flows": ["a"], "since_0": "31", "country": "SE"}))
    assert re.search(r'value="b"[^>]* checked', html)
    assert re.search(r'name="flows" value="a"[^>]* checked', html)
    assert re.search(r'name="since_0" value="31"', html)


def test_label_and_choice_are_escaped_but_a_hint_may_be_marked_up() -> None:
    class Hostile(forms.Form):
        name = forms.CharField(
            label="<script>alert(1)</script>", help_text=mark_safe("<b>bold</b>")
        )
        pick = forms.ChoiceField(choices=[("a", "<i>x</i>")], widget=forms.RadioSelect)

    html = drawn(Hostile({}))
    assert "<script>" not in html
    assert "<i>" not in html
    assert "<b>bold</b>" in html


def test_attributes_of_the_author_are_kept() -> None:
    html = drawn(KitForm())
    assert 'autocomplete="current-password"' in html
    assert "govuk-password-input__input govuk-input--width-20" in html
    assert 'inputmode="numeric"' in html


def test_text_of_an_area_is_not_touched() -> None:
    text = "one >    < two\n\n   three"
    assert "one &gt;    &lt; two\n\n   three" in drawn(KitForm({"note": text}))


@pytest.mark.parametrize(
    ("typed", "read"),
    [(("27", "3", "2026"), datetime.date(2026, 3, 27)), ((" 1 ", "01", "2026"), None)],
)
def test_date_is_read_from_three_boxes(typed: tuple[str, ...], read: datetime.date | None) -> None:
    assert DateField().clean(list(typed)) == (read or datetime.date(2026, 1, 1))


@pytest.mark.parametrize(
    "typed", [("31", "2", "2026"), ("x", "2", "2026"), ("1", "13", "2026"), ("1", "1", "26")]
)
def test_date_is_refused_when_no_calendar_has_it(typed: tuple[str, ...]) -> None:
    with pytest.raises(forms.ValidationError, match="real date"):
        DateField().clean(list(typed))


def test_date_is_shown_in_its_boxes() -> None:
    class Dated(forms.Form):
        since = DateField(initial=datetime.date(2026, 3, 27))

    html = drawn(Dated())
    assert re.search(r'name="since_0" value="27"', html)
    assert re.search(r'name="since_2" value="2026"', html)


def test_date_that_may_be_left_out_is_refused_when_only_begun() -> None:
    field = DateField(required=False)
    assert field.clean(["", "", ""]) is None
    for begun in (["3", "", ""], ["", "2", "2026"]):
        with pytest.raises(forms.ValidationError, match="a day, a month and a year"):
            field.clean(begun)
