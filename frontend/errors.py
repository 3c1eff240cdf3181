"""What went wrong in a form, for the summary at the top of the page and for each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from markupsafe import escape

from frontend.fields import PARTS, DateWidget


def error_texts(field: BoundField) -> list[str]:
    """The field's messages, escaped unless a message is safe markup.

    "This field is required" does not say which, nor what to do: it becomes "Enter email
    address". A form's own message is left as it is.
    """
    unsaid = str(forms.Field.default_error_messages["required"])
    return [escape(_missing(field) if text == unsaid else text) for text in field.errors]


def _missing(field: BoundField) -> str:
    if field.is_hidden:
        return "Part of this form is missing. Reload the page and try again"
    label = str(field.label).strip()
    if label.endswith("?"):
        return f"Answer the question: {label}"
    # A capital stays where it belongs to a name or an abbreviation: "NHS lead".
    if not label[1:2].isupper():
        label = label[:1].lower() + label[1:]
    verb = "Select" if isinstance(field.field, forms.ChoiceField) else "Enter"
    return f"{verb} {label}"


def parts_at_fault(field: BoundField) -> set[str]:
    """Which of day, month and year to mark; all three when the error is about the whole."""
    if not field.errors:
        return set()
    found = {error.code for error in _errors(field)} & set(PARTS)
    return {str(part) for part in found} or set(PARTS)


def _errors(field: BoundField) -> list[ValidationError]:
    return list(field.errors.as_data())


def _target(field: BoundField) -> str | None:
    """The id of the first input to put right; None where there is nothing to focus."""
    if field.is_hidden or field.field.disabled or not field.auto_id:
        return None
    if isinstance(field.field.widget, DateWidget):
        part = next(part for part in PARTS if part in parts_at_fault(field))
        return field.auto_id if part == "day" else f"{field.auto_id}_{part}"
    return str(field.auto_id)


def form_errors(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Entries of the error summary, the form's own errors first, then in page order."""
    if not form.is_bound or not form.errors:
        return []
    entries: list[dict[str, Any]] = [
        {"html": escape(message)} for message in form.non_field_errors()
    ]
    for field in form:
        target = _target(field) if field.errors else None
        entries += [
            {"html": text, "href": f"#{target}" if target else None} for text in error_texts(field)
        ]
    return entries


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that no form holds, like a text that was changed meanwhile, and where it is."""

    text: str
    href: str


def error_list(*sources: Any) -> list[dict[str, Any]]:
    """Entries for any mix of forms, formsets, problems, and lists of them. Others are passed over.

    A page context may hold anything under the name `form`; only forms have errors.
    """
    entries: list[dict[str, Any]] = []
    for source in sources:
        if isinstance(source, forms.BaseForm):
            entries += form_errors(source)
        elif isinstance(source, Problem):
            entries.append({"html": escape(source.text), "href": source.href})
        elif isinstance(source, BaseFormSet):
            if source.is_bound:
                entries += [{"html": escape(text)} for text in source.non_form_errors()]
                entries += error_list(*source.forms)
        elif isinstance(source, (list, tuple)):
            entries += error_list(*source)
    return entries
