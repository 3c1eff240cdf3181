"""Each Django widget as its NHS component, and the errors that lead to the right box."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from frontend.errors import error_list
from frontend.forms import DateField, Presentation, TimeField
from frontend.page_parts import error_summary
from tests.frontend.page import Element, read

CHOICES = [("shared", "Shared"), ("internal", "Internal")]
NASTY = "<script>alert(1)</script>\"'&"


class EverythingForm(forms.Form):
    name = forms.CharField(label="Name", max_length=50, help_text="As people <b>say</b> it")
    email = forms.EmailField()
    phone = forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    people = forms.IntegerField()
    hours = forms.DecimalField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    summary = forms.CharField(widget=forms.Textarea, max_length=400)
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    school = forms.ChoiceField(choices=[("", "Choose a school"), *CHOICES])
    audience = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    detail = forms.CharField(label="Which?", required=False)
    themes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    many = forms.MultipleChoiceField(choices=CHOICES)
    agreed = forms.BooleanField(label="Both sides agreed")
    held_on = DateField(label="When was it?")
    starts = TimeField(label="Start")
    paper = forms.FileField(required=False)
    once = forms.CharField(widget=forms.HiddenInput)

    presentation = {
        "audience": Presentation(hints={"shared": "Both see it"}, reveals={"internal": "detail"}),
        "people": Presentation(width=3, suffix="people"),
    }


def shown(form: forms.BaseForm) -> Element:
    return read(form)


@pytest.fixture
def empty() -> Element:
    return shown(EverythingForm())


@pytest.fixture
def refused() -> Element:
    return shown(EverythingForm({}))


def test_every_input_has_a_name_to_be_called_by(empty: Element) -> None:
    labelled = {label.attrs["for"] for label in empty.all("label")}
    inputs = empty.all(lambda e: e.tag in ("input", "select", "textarea"))
    visible = [e for e in inputs if e.attrs.get("type") != "hidden"]
    assert {e.attrs["id"] for e in visible} <= labelled


def test_no_id_is_used_twice(refused: Element) -> None:
    ids = [element.id for element in refused if element.id]
    assert sorted(ids) == sorted(set(ids))


def test_descriptions_exist(refused: Element) -> None:
    ids = {element.id for element in refused}
    described = " ".join(element.attrs.get("aria-describedby", "") for element in refused).split()
    assert described
    assert set(described) <= ids


@pytest.mark.parametrize(
    ("name", "kind", "more"),
    [
        ("name", "text", {}),
        ("email", "email", {"spellcheck": "false", "autocapitalize": "none"}),
        ("phone", "tel", {}),
        ("people", "text", {"inputmode": "numeric"}),
        ("hours", "text", {"inputmode": "decimal"}),
        ("secret", "password", {}),
        ("starts", "text", {}),
        ("paper", "file", {}),
    ],
)
def test_inputs(empty: Element, name: str, kind: str, more: dict[str, str]) -> None:
    box = empty.by_id(f"id_{name}")
    assert box.attrs["type"] == kind
    assert box.attrs["name"] == name
    assert more.items() <= box.attrs.items()
    for harmful in ("required", "maxlength", "placeholder", "style"):
        assert harmful not in box.attrs


def test_a_password_is_never_printed_back() -> None:
    box = shown(EverythingForm({"secret": "correct horse"})).by_id("id_secret")
    assert "value" not in box.attrs or box.attrs["value"] == ""


def test_a_limited_text_counts_its_characters(empty: Element) -> None:
    box = empty.by_id("id_summary")
    assert "nhsuk-js-character-count" in box.classes
    assert box.attrs["rows"] == "5"
    assert "nhsuk-js-character-count" not in empty.by_id("id_notes").classes
    assert empty.by_id("id_notes").attrs["rows"] == "3"


def test_a_select_keeps_its_empty_choice_and_the_one_taken() -> None:
    options = shown(EverythingForm({"school": "internal"})).by_id("id_school").all("option")
    assert [option.attrs["value"] for option in options] == ["", "shared", "internal"]
    assert [option.text for option in options if "selected" in option.attrs] == ["Internal"]


def test_radio_buttons_with_hint_and_revealed_field(empty: Element) -> None:
    first, second = empty.all(lambda e: e.attrs.get("name") == "audience")
    assert (first.attrs["type"], first.id, second.id) == ("radio", "id_audience", "id_audience-2")
    assert empty.by_id(first.attrs["aria-describedby"]).text == "Both see it"
    revealed = empty.by_id(second.attrs["data-aria-controls"])
    assert revealed.by_id("id_detail").tag == "input"
    assert len(empty.all(lambda e: e.id == "id_detail")) == 1


def test_several_choices_are_checkboxes(empty: Element) -> None:
    for name in ("themes", "many"):
        boxes = empty.all(lambda e, name=name: e.attrs.get("name") == name)
        assert [box.attrs["type"] for box in boxes] == ["checkbox", "checkbox"]


def test_one_checkbox_is_its_own_question() -> None:
    form = shown(EverythingForm({"agreed": "on"}))
    assert "checked" in form.by_id("id_agreed").attrs
    assert form.one(lambda e: e.attrs.get("for") == "id_agreed").text == "Both sides agreed"


def test_a_date_is_three_boxes_with_what_was_typed() -> None:
    typed = {"held_on_day": "31", "held_on_month": "2", "held_on_year": "2027"}
    form = shown(EverythingForm(typed))
    boxes = [form.by_id(name) for name in ("id_held_on", "id_held_on_month", "id_held_on_year")]
    assert [box.attrs["value"] for box in boxes] == ["31", "2", "2027"]
    assert all("nhsuk-input--error" in box.classes for box in boxes)
    assert [box.attrs["name"] for box in boxes] == list(typed)


def test_only_the_part_at_fault_is_marked() -> None:
    form = EverythingForm({"held_on_day": "31", "held_on_year": "2027"})
    tree = shown(form)
    assert "nhsuk-input--error" in tree.by_id("id_held_on_month").classes
    assert "nhsuk-input--error" not in tree.by_id("id_held_on").classes
    summary = read(error_summary(form))
    link = summary.one(lambda e: e.tag == "a" and e.text == "Date must include a month")
    assert link.attrs["href"] == "#id_held_on_month"


@pytest.mark.parametrize("stored", [dt.date(2027, 3, 27), "2027-03-27"])
def test_a_stored_date_fills_the_boxes(stored: object) -> None:
    form = shown(EverythingForm(initial={"held_on": stored, "starts": dt.time(15, 30)}))
    assert form.by_id("id_held_on_month").attrs["value"] == "3"
    assert form.by_id("id_starts").attrs["value"] == "3:30pm"


def test_a_disabled_field_is_shown_disabled() -> None:
    form = EverythingForm()
    form.fields["name"].disabled = True
    assert "disabled" in shown(form).by_id("id_name").attrs


def test_fields_that_are_not_required_say_so(empty: Element) -> None:
    label = {e.attrs["for"]: e.text for e in empty.all("label")}
    assert label["id_phone"] == "Phone (optional)"
    assert label["id_name"] == "Name"


def test_a_filter_marks_nothing_optional() -> None:
    class FilterForm(forms.Form):
        mark_optional = False
        q = forms.CharField(label="Name", required=False)

    assert shown(FilterForm()).one("label").text == "Name"


def test_the_summary_leads_to_inputs_that_exist() -> None:
    form = EverythingForm({})
    tree = shown(form)
    links = read(error_summary(form)).all("a")
    assert len(links) == len([name for name in form.errors if name != "once"])
    for link in links:
        target = tree.by_id(link.attrs["href"].removeprefix("#"))
        assert target.tag in ("input", "select", "textarea")
        assert target.attrs.get("type") != "hidden"


def test_summary_and_field_use_the_same_words(refused: Element) -> None:
    beside = " ".join(e.text for e in refused.all(".nhsuk-error-message"))
    for entry in error_list(EverythingForm({})):
        if entry["href"]:
            assert entry["html"] in beside


def test_a_missing_answer_is_named() -> None:
    texts = [entry["html"] for entry in error_list(EverythingForm({}))]
    assert "Enter name" in texts
    assert "Select audience" in texts
    assert any("Reload the page" in text for text in texts)


def test_errors_of_the_whole_form_come_first_and_lead_nowhere() -> None:
    form = EverythingForm({})
    form.add_error(None, "The partnership is closed")
    assert error_list(form)[0] == {"html": "The partnership is closed"}


def test_errors_of_formsets_and_lists_of_forms() -> None:
    formset_class: Any = forms.formset_factory(EverythingForm, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x"}
    entries = error_list([formset_class(data)], EverythingForm({}))
    assert any(entry.get("href") == "#id_form-0-email" for entry in entries)
    assert any(entry.get("href") == "#id_email" for entry in entries)


@pytest.mark.parametrize("other", [None, "text", 3, {"errors": True}, EverythingForm()])
def test_what_has_no_errors_makes_no_summary(other: object) -> None:
    assert error_summary(other) == ""


def test_what_people_typed_is_never_markup() -> None:
    data = dict.fromkeys(("name", "email", "people", "summary", "notes", "starts"), NASTY)
    form = EverythingForm({**data, "held_on_day": NASTY, "school": NASTY})
    html = str(form) + str(error_summary(form))
    assert "<script" not in html
    assert read(form).by_id("id_name").attrs["value"] == NASTY


def test_labels_hints_and_errors_are_escaped_unless_marked_safe() -> None:
    class NastyForm(forms.Form):
        choice = forms.ChoiceField(label=NASTY, choices=[("a", NASTY)], widget=forms.RadioSelect)
        text = forms.CharField(label=mark_safe("<em>Fine</em>"), error_messages={"required": NASTY})
        presentation = {
            "choice": Presentation(hints={"a": NASTY}),
            "text": Presentation(prefix=NASTY),
        }

    form = NastyForm({})
    assert "<script" not in str(form)
    assert "<script" not in str(error_summary(form))
    assert "<em>Fine</em>" in str(form)


def test_a_translated_label_is_shown() -> None:
    class TranslatedForm(forms.Form):
        name = forms.CharField(label=gettext_lazy("Email"))

    assert shown(TranslatedForm()).one("label").text == "Email address"


def test_the_same_form_in_both_template_languages() -> None:
    form = EverythingForm({"name": "x"})
    jinja = engines["jinja2"].from_string("{{ form }}|{{ form.name }}").render({"form": form})
    django = engines["django"].from_string("{{ form }}|{{ form.name }}").render({"form": form})
    assert jinja == django
    assert 'class="nhsuk-input"' in jinja.split("|")[-1]


def test_an_unknown_widget_is_refused_by_name() -> None:
    class OddForm(forms.Form):
        odd = forms.CharField(widget=forms.MultiWidget([forms.TextInput()]))

    with pytest.raises(TypeError, match="MultiWidget of odd"):
        str(OddForm())
