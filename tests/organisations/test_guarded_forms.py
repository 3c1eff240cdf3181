"""Forms refuse identifiers at the box they were typed into."""

from __future__ import annotations

import pytest
from django import forms

from organisations.guarded_forms import GuardedForm

NHS_NUMBER, UPN = "943 476 5919", "B801200005001"
TELEPHONE_WITHOUT_ITS_ZERO = "1214960006"  # passes the check of an NHS number


class NoteForm(GuardedForm, forms.Form):
    summary = forms.CharField(widget=forms.Textarea)
    follow_up = forms.CharField(required=False, max_length=40)
    desk = forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    kind = forms.ChoiceField(choices=[(NHS_NUMBER, "odd"), ("call", "Call")], required=False)
    details = forms.JSONField(required=False)
    password = forms.CharField(required=False, widget=forms.PasswordInput)
    code = forms.CharField(required=False)

    guard_exempt = frozenset({"code"})

    def clean(self) -> dict[str, object]:
        """One that leaves out the parent's, as forms sometimes do."""
        return self.cleaned_data


def filled(**values: str) -> NoteForm:
    return NoteForm({"summary": "We met.", **values})


@pytest.mark.parametrize("value", [NHS_NUMBER, f"see {UPN} today"])
@pytest.mark.parametrize("name", ["summary", "follow_up"])
def test_the_error_is_at_its_field_and_holds_no_value(name, value):
    form = filled(**{name: value})
    assert not form.is_valid()
    assert list(form.errors) == [name]
    (error,) = form.errors.as_data()[name]
    assert error.code == "identifier"
    assert "designated safeguarding lead" in error.messages[0]
    assert value not in str(form.errors)
    assert name not in form.cleaned_data


def test_several_fields_are_refused_at_once():
    form = filled(summary=NHS_NUMBER, follow_up=UPN)
    assert set(form.errors) == {"summary", "follow_up"}


def test_nested_values_are_looked_at():
    assert set(filled(details=f'{{"notes": ["{NHS_NUMBER}"]}}').errors) == {"details"}


def test_telephone_boxes_hold_telephone_numbers():
    form = NoteForm({"summary": "We met.", "desk": TELEPHONE_WITHOUT_ITS_ZERO})
    assert form.is_valid()
    assert set(filled(follow_up=TELEPHONE_WITHOUT_ITS_ZERO).errors) == {"follow_up"}
    form = NoteForm({"summary": "We met.", "desk": NHS_NUMBER})
    assert set(form.errors) == {"desk"}


def test_choices_passwords_and_the_exempt_are_left_alone():
    form = filled(kind=NHS_NUMBER, password=NHS_NUMBER, code=NHS_NUMBER)
    assert form.is_valid(), form.errors


def test_a_field_with_another_error_keeps_that_one():
    form = filled(follow_up=NHS_NUMBER * 4)
    assert [error.code for error in form.errors.as_data()["follow_up"]] == ["max_length"]


TURNED = "Head of \u202egninrael\u202c"


def test_what_turns_the_direction_of_reading_is_left_out():
    form = filled(summary=f"{TURNED}\u2066, here\u2069", password=TURNED)
    assert form.is_valid()
    assert form.cleaned_data["summary"] == "Head of gninrael, here"
    assert form.cleaned_data["password"] == TURNED


def test_a_number_is_found_although_its_digits_are_turned_round():
    assert set(filled(summary="943\u202d476\u202c5919").errors) == {"summary"}


def test_nothing_but_such_characters_is_nothing():
    assert set(filled(summary="\u202e \u2069").errors) == {"summary"}


def test_letters_of_other_languages_stay_as_they_are():
    form = filled(summary="Zoë, Łukasz, محمد, 👩‍🏫")
    assert form.is_valid()
    assert form.cleaned_data["summary"] == "Zoë, Łukasz, محمد, 👩‍🏫"
