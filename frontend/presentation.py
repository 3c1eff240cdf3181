"""What a form says about how its fields are shown, and what every component is given.

Not here: which component shows which widget (`frontend.form_rendering`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms.boundfield import BoundField
from markupsafe import Markup

from frontend.errors import error_texts

Params = dict[str, Any]

# Attributes that Django and allauth add and that do harm: a browser cuts a pasted text short
# at `maxlength` without a word, `required` and `min` bring its own error bubbles, and a
# placeholder vanishes as soon as someone types.
DROPPED = ("id", "maxlength", "minlength", "required", "cols", "step", "min", "max", "placeholder")


@dataclass(frozen=True)
class Presentation:
    """How one field is shown: `presentation = {"audience": Presentation(hints={…})}`.

    `hints` are texts beneath choices and `reveals` names of fields shown when a choice is
    taken, both by choice value. `label_size` is s, m, l or xl; `width` is 2, 3, 4, 5, 10,
    20 or 30 characters; `page_heading` makes the label the page's h1.
    """

    hints: Mapping[Any, str] = field(default_factory=dict)
    reveals: Mapping[Any, str] = field(default_factory=dict)
    inline: bool = False
    small: bool = False
    label_size: str | None = None
    page_heading: bool = False
    hidden_label: bool = False
    width: int | None = None
    prefix: str | None = None
    suffix: str | None = None


def presentation_of(bound: BoundField) -> Presentation:
    chosen: Mapping[str, Presentation] = getattr(bound.form, "presentation", {})
    return chosen.get(bound.name, Presentation())


def label_text(field: BoundField) -> Any:
    """The label, with "(optional)" unless the form says `mark_optional = False` (filters)."""
    if field.field.required or not getattr(field.form, "mark_optional", True):
        return field.label
    text = str(field.label)
    return field.label if "optional" in text.lower() else f"{text} (optional)"


def label_params(field: BoundField, look: Presentation) -> Params:
    label: Params = {"text": label_text(field), "for": field.id_for_label or None}
    if look.page_heading:
        label |= {"isPageHeading": True, "size": look.label_size or "l"}
    elif look.label_size:
        label |= {"size": look.label_size}
    if look.hidden_label:
        label["classes"] = "nhsuk-u-visually-hidden"
    return label


def shared_params(field: BoundField, look: Presentation) -> Params:
    """What every component takes: name, label, hint, error."""
    params: Params = {"name": field.html_name, "disabled": field.field.disabled or None}
    if field.help_text:
        # Django's help texts are markup by contract; they come from code, never from people.
        params["hint"] = {"html": Markup(field.help_text)}
    texts = error_texts(field)
    if texts:
        params["errorMessage"] = {"html": Markup("<br>").join(texts)}
    return params


def own_attributes(field: BoundField) -> tuple[str | None, Params]:
    """The widget's class and its other attributes, without the dropped ones."""
    attrs = dict(field.field.widget.attrs)
    for name in DROPPED:
        attrs.pop(name, None)
    classes = attrs.pop("class", None)
    return classes, {name: value for name, value in attrs.items() if value not in (None, False)}


def legend_params(field: BoundField, look: Presentation) -> Params:
    """The group's legend. Bold by default, as the choices beneath are plain."""
    classes = "nhsuk-u-visually-hidden" if look.hidden_label else None
    size = look.label_size or ("l" if look.page_heading else "s")
    return {
        "legend": {
            "text": label_text(field),
            "size": size,
            "isPageHeading": look.page_heading or None,
            "classes": classes,
        }
    }
