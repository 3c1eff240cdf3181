"""The form renderer of the whole site, and what form authors import.

`{{ form }}` prints every field as its NHS component, in Jinja and in Django templates;
`{{ form.name }}` prints one field with its label, hint and error.
"""

from __future__ import annotations

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

from frontend.fields import DateField, DateWidget, TimeField, WholeNumberField
from frontend.form_rendering import render_field
from frontend.presentation import Presentation

__all__ = [
    "DateField",
    "DateWidget",
    "NHSFormRenderer",
    "Presentation",
    "TimeField",
    "WholeNumberField",
]


class NHSBoundField(BoundField):
    """Prints as a whole NHS field, so that no template can print a bare, unstyled input."""

    def __str__(self) -> SafeString:
        return mark_safe(render_field(self))  # noqa: S308 (the bridge has escaped it)

    __html__ = __str__
    as_field_group = __str__


class NHSFormRenderer(DjangoTemplates):
    """NHS components for forms and fields; Django's own templates for bare widgets."""

    form_template_name = "components/form.jinja"
    formset_template_name = "components/formset.jinja"
    bound_field_class = NHSBoundField

    def get_template(self, template_name: str) -> Any:
        if template_name.endswith(".jinja"):
            return engines["jinja2"].get_template(template_name)
        return super().get_template(template_name)
