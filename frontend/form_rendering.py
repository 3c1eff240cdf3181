"""From a bound Django field to the NHS component that shows it.

One table from widget to component serves every form, allauth's too. What a form itself says
about the look of its fields is in `frontend.presentation`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from markupsafe import Markup

from frontend.components import bridge
from frontend.errors import parts_at_fault
from frontend.fields import PARTS, DateWidget
from frontend.presentation import (
    Params,
    Presentation,
    label_params,
    legend_params,
    own_attributes,
    presentation_of,
    shared_params,
)

# What Django gives every text area; only another number is the author's wish.
DJANGO_ROWS = "10"


def render_field(field: BoundField, **more: Any) -> Markup:
    """The whole field: label, hint, error, input. `more` overrides the macro's parameters."""
    widget = field.field.widget
    if widget.is_hidden:
        return Markup(field.as_widget())
    for kind, build in BUILDERS:
        if isinstance(widget, kind):
            name, params = build(field, presentation_of(field))
            return bridge().render(name, {**params, **more})
    raise TypeError(f"No NHS component for the widget {type(widget).__name__} of {field.name}")


def visible_fields(form: forms.BaseForm) -> list[BoundField]:
    """The fields in the form's own order, without those that a choice reveals."""
    revealed = {
        name
        for look in getattr(form, "presentation", {}).values()
        for name in look.reveals.values()
    }
    return [field for field in form.visible_fields() if field.name not in revealed]


def _text_value(field: BoundField) -> Any:
    widget = field.field.widget
    value = widget.format_value(field.value())
    return "" if value is None else str(value)


def _input(field: BoundField, look: Presentation) -> tuple[str, Params]:
    widget = field.field.widget
    classes, attributes = own_attributes(field)
    kind = getattr(widget, "input_type", "text")
    params = shared_params(field, look) | {
        "id": field.auto_id,
        "label": label_params(field, look),
        "value": _text_value(field),
        "classes": classes,
        "width": look.width or (10 if isinstance(widget, forms.TimeInput) else None),
        "prefix": look.prefix,
        "suffix": look.suffix,
    }
    for name in ("autocomplete", "inputmode", "autocapitalize", "pattern"):
        if name in attributes:
            params[name] = attributes.pop(name)
    params["attributes"] = attributes
    if kind == "password":
        params.pop("value")
        return "passwordInput", params
    if kind == "number":
        # The service manual: a number box is a text box with a number keyboard.
        whole = isinstance(field.field, forms.IntegerField) and not isinstance(
            field.field, (forms.DecimalField, forms.FloatField)
        )
        params |= {"inputmode": "numeric" if whole else "decimal", "spellcheck": False}
        kind = "text"
    if kind == "email":
        params |= {"spellcheck": False, "autocapitalize": "none"}
    return "input", params | {"type": kind}


def _textarea(field: BoundField, look: Presentation) -> tuple[str, Params]:
    classes, attributes = own_attributes(field)
    rows = attributes.pop("rows", DJANGO_ROWS)
    params = shared_params(field, look) | {
        "id": field.auto_id,
        "label": label_params(field, look),
        "value": _text_value(field),
        "classes": classes,
        "rows": 5 if rows == DJANGO_ROWS else rows,
        "autocomplete": attributes.pop("autocomplete", None),
        "attributes": attributes,
    }
    limit = getattr(field.field, "max_length", None)
    if not limit:
        return "textarea", params
    # The count speaks up when three quarters are used: quiet while there is room.
    return "characterCount", params | {"maxlength": limit, "threshold": 75}


def _options(field: BoundField) -> list[Params]:
    return [subwidget.data for subwidget in field.subwidgets]


def _select(field: BoundField, look: Presentation) -> tuple[str, Params]:
    classes, attributes = own_attributes(field)
    items = [
        {
            "value": str(option["value"]),
            "text": str(option["label"]),
            "selected": bool(option["selected"]),
            "disabled": option["attrs"].get("disabled"),
        }
        for option in _options(field)
    ]
    return "select", shared_params(field, look) | {
        "id": field.auto_id,
        "label": label_params(field, look),
        "items": items,
        "classes": classes,
        "attributes": attributes,
    }


def _choice(field: BoundField, look: Presentation, option: Params, index: int) -> Params:
    value = str(option["value"])
    hints = {str(key): text for key, text in look.hints.items()}
    reveals = {str(key): name for key, name in look.reveals.items()}
    item: Params = {
        "value": value,
        "text": option["label"],
        "checked": bool(option["selected"]),
        "disabled": option["attrs"].get("disabled"),
        # The first choice takes the field's own id: error links land on it.
        "id": field.auto_id if index == 0 else f"{field.auto_id}-{index + 1}",
    }
    if value in hints:
        item["hint"] = {"text": hints[value]}
    if value in reveals:
        item["conditional"] = {"html": render_field(field.form[reveals[value]])}
    return item


def _choices(field: BoundField, look: Presentation) -> tuple[str, Params]:
    # Checkbox lists are radio lists to Django; only this flag tells them apart.
    several = getattr(field.field.widget, "allow_multiple_selected", False)
    options = [option for option in _options(field) if several or str(option["value"]) != ""]
    return "checkboxes" if several else "radios", shared_params(field, look) | {
        "idPrefix": field.auto_id,
        "fieldset": legend_params(field, look),
        "inline": look.inline or None,
        "small": look.small or None,
        "items": [_choice(field, look, option, n) for n, option in enumerate(options)],
    }


def _checkbox(field: BoundField, look: Presentation) -> tuple[str, Params]:
    """One box: its label is the question, so there is no legend."""
    shared = shared_params(field, look)
    hint = shared.pop("hint", None)
    revealed = look.reveals.get("on") or look.reveals.get(True)
    item: Params = {
        "value": "on",
        "text": field.label,
        "checked": bool(field.value()),
        "id": field.auto_id,
        "hint": hint,
    }
    if revealed:
        item["conditional"] = {"html": render_field(field.form[revealed])}
    return "checkboxes", shared | {"idPrefix": field.auto_id, "items": [item]}


def _date(field: BoundField, look: Presentation) -> tuple[str, Params]:
    value = field.value()
    widget = field.field.widget
    typed = value if isinstance(value, (list, tuple)) else widget.decompress(value)
    faults = parts_at_fault(field)
    birthday = widget.attrs.get("autocomplete") == "bday"
    items = [
        {
            "id": field.auto_id if part == "day" else f"{field.auto_id}_{part}",
            "name": f"{field.html_name}_{part}",
            "label": {"text": part.capitalize()},
            "width": 4 if part == "year" else 2,
            "value": text or "",
            "error": part in faults if faults else None,
            "autocomplete": f"bday-{part}" if birthday else None,
        }
        for part, text in zip(PARTS, typed, strict=True)
    ]
    params = shared_params(field, look)
    params.setdefault("hint", {"text": "For example, 27 3 2027"})
    if not faults:
        params.pop("errorMessage", None)
    # No id of its own: the day box has it, for the label and for error links.
    params["hint"] |= {"id": f"{field.auto_id}-hint"}
    if "errorMessage" in params:
        params["errorMessage"] |= {"id": f"{field.auto_id}-error"}
    return "dateInput", params | {"fieldset": legend_params(field, look), "items": items}


def _file(field: BoundField, look: Presentation) -> tuple[str, Params]:
    classes, attributes = own_attributes(field)
    return "fileUpload", shared_params(field, look) | {
        "id": field.auto_id,
        "label": label_params(field, look),
        "classes": classes,
        # Django says it among the attributes too, and nothing may be said twice.
        "attributes": {name: value for name, value in attributes.items() if name != "multiple"},
        "multiple": getattr(field.field.widget, "allow_multiple_selected", None) or None,
    }


# First match wins: a checkbox list is a radio list, a file input is an input.
BUILDERS: tuple[tuple[Any, Callable[[BoundField, Presentation], tuple[str, Params]]], ...] = (
    (DateWidget, _date),
    (forms.CheckboxInput, _checkbox),
    ((forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple), _choices),
    (forms.Select, _select),
    (forms.Textarea, _textarea),
    (forms.FileInput, _file),
    (forms.widgets.Input, _input),
)

GLOBALS = {"field": render_field, "visible_fields": visible_fields}
