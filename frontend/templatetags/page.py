"""Tags for Django templates (allauth's pages): our Jinja layout and the NHS components.

`page_part` prints a part of the one layout, so that header and footer exist once; the others
turn what a template or allauth's elements say into component parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context, engines
from django.utils.safestring import SafeString, mark_safe
from markupsafe import Markup, escape

from frontend.components import bridge

register = template.Library()


@register.simple_tag(takes_context=True)
def page_part(context: Context, name: str, **values: Any) -> SafeString:
    """Print `templates/jinja2/layout/<name>.jinja` with this page's form and request."""
    known = {key: context[key] for key in ("form", "forms") if key in context}
    part = engines["jinja2"].get_template(f"layout/{name}.jinja")
    return mark_safe(part.render({**known, **values}, context.get("request")))  # noqa: S308


@register.simple_tag
def nhs_button(attrs: Mapping[str, Any], words: Any) -> SafeString:
    """allauth's button element. Its tags say which button is the page's main one."""
    tags = set(attrs.get("tags") or ())
    variant = None
    if tags & {"danger", "delete"}:
        variant = "warning"
    elif tags & {"secondary", "outline", "link", "cancel", "minor"}:
        variant = "secondary"
    params = {
        "html": words,
        "href": attrs.get("href"),
        "type": attrs.get("type"),
        "name": attrs.get("name"),
        "value": attrs.get("value"),
        "id": attrs.get("id"),
        "variant": variant,
        "preventDoubleClick": None if attrs.get("href") else True,
        "attributes": _given({"form": attrs.get("form")}),
    }
    return mark_safe(bridge().render("button", _given(params)))  # noqa: S308


@register.simple_tag
def nhs_submit(text: str, name: str = "", variant: str = "") -> SafeString:
    """The button of a form, guarded against a second click: `{% nhs_submit "Sign in" %}`."""
    params = {"text": text, "name": name, "variant": variant, "preventDoubleClick": True}
    return mark_safe(bridge().render("button", _given(params)))  # noqa: S308


@register.simple_tag
def nhs_input(attrs: Mapping[str, Any], label: Any, hint: Any = "") -> SafeString:
    """allauth's field element: a text input, a text area, or one radio button or checkbox."""
    kind = attrs.get("type") or "text"
    shared = _given({"id": attrs.get("id"), "name": attrs.get("name")})
    value = attrs.get("value")
    if kind in ("radio", "checkbox"):
        item = _given({"id": attrs.get("id"), "value": value, "html": label})
        item["checked"] = bool(attrs.get("checked"))
        params = {"name": attrs.get("name"), "idPrefix": attrs.get("id"), "items": [item]}
        component = "radios" if kind == "radio" else "checkboxes"
        return mark_safe(bridge().render(component, params))  # noqa: S308
    errors = [escape(error) for error in attrs.get("errors") or ()]
    params = shared | {
        "label": {"html": label},
        "hint": {"html": hint} if hint else None,
        "errorMessage": {"html": Markup("<br>").join(errors)} if errors else None,
        "value": value,
        "disabled": attrs.get("disabled") or None,
        "autocomplete": attrs.get("autocomplete") or None,
        "type": kind,
    }
    component = {"textarea": "textarea", "password": "passwordInput"}.get(kind, "input")
    return mark_safe(bridge().render(component, params))  # noqa: S308


def _given(params: dict[str, Any]) -> dict[str, Any]:
    """Without empty values: Django's templates hand over "" for a missing variable, and
    `form=""` would cut a button off its form."""
    return {key: value for key, value in params.items() if value not in ("", None)}
