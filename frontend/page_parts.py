"""Parts of a page that templates call by name: headings, forms, empty states, error summary.

Each is a small template under `components/`; those that need the request (for the form
token) receive the page's context.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jinja2
from markupsafe import Markup

from frontend.components import bridge
from frontend.errors import error_list


def _part(context: jinja2.runtime.Context, name: str, **values: Any) -> Markup:
    template = context.environment.get_template(f"components/{name}.jinja")
    shared = {key: context.get(key) for key in ("csrf_input", "request", "site")}
    return Markup(template.render({**shared, **values}))


def _body(caller: Callable[[], str] | None) -> Any:
    return Markup(caller()) if caller is not None else ""


def page_heading(title: Any, *, caption: Any = None, status: Any = None) -> Markup:
    """The page's h1, with a caption above (whose page it is) and a tag beside."""
    template = bridge().template("components/page_heading.jinja")
    return Markup(template.render({"title": title, "caption": caption, "status": status}))


def back_link(href: str, text: str = "Back") -> Markup:
    """The way back, for the block `before_content`; a landmark, as it lies outside `main`."""
    link = bridge().render("backLink", {"href": href, "text": text})
    return Markup('<nav aria-label="Back">{}</nav>').format(link)


def empty_state(
    heading: str,
    text: Any = "",
    *,
    action: str | None = None,
    href: str | None = None,
    level: int = 2,
    caller: Callable[[], str] | None = None,
) -> Markup:
    """What a list says while it is empty: why, and what to do next.

    For "nothing matches your filters" give the link that clears them as the action.
    """
    template = bridge().template("components/empty_state.jinja")
    values = {"heading": heading, "text": text, "action": action, "href": href, "level": level}
    return Markup(template.render({**values, "body": _body(caller)}))


def error_summary(*sources: Any) -> Any:
    """The list of problems at the top of a page; empty when there are none."""
    entries = error_list(*sources)
    if not entries:
        return ""
    return bridge().render("errorSummary", {"heading": "There is a problem", "errorList": entries})


@jinja2.pass_context
def post_form(
    context: jinja2.runtime.Context,
    form: Any = None,
    *,
    submit: str = "Save",
    action: str = "",
    once: str | None = None,
    cancel: str | None = None,
    variant: str | None = None,
    hidden: Mapping[str, Any] | None = None,
    multipart: bool | None = None,
    caller: Callable[[], str] | None = None,
) -> Markup:
    """A form that writes: POST, token, one button that ignores a second click.

    `once` is the token by which the server tells a repeated post; `hidden` adds hidden
    values; `cancel` is where the link beside the button leads. With a `{% call %}` body
    that body replaces the printed fields.
    """
    if multipart is None:
        multipart = bool(form is not None and getattr(form, "is_multipart", bool)())
    return _part(
        context,
        "post_form",
        fields=_body(caller) if caller is not None else form,
        # A body prints the fields it names; the hidden ones must not be forgotten.
        unseen=form.hidden_fields() if caller is not None and form is not None else [],
        submit=submit,
        action=action,
        once=once,
        cancel=cancel,
        variant=variant,
        hidden=hidden or {},
        multipart=multipart,
    )


@jinja2.pass_context
def post_button(
    context: jinja2.runtime.Context,
    text: str,
    action: str,
    *,
    variant: str | None = "secondary",
    small: bool = False,
    hidden: Mapping[str, Any] | None = None,
    once: str | None = None,
    about: str = "",
) -> Markup:
    """One button that writes. `about` adds words for screen readers where a page has several
    alike: "Withdraw" + " the conversation of 3 May 2027"."""
    return _part(
        context,
        "post_button",
        text=text,
        action=action,
        variant=variant,
        small=small,
        hidden=hidden or {},
        once=once,
        about=about,
    )


@jinja2.pass_context
def filter_form(
    context: jinja2.runtime.Context,
    form: Any,
    *,
    target: str = "results",
    submit: str = "Filter",
    variant: str | None = "secondary",
    clear: str | None = None,
    clear_text: str = "Clear filters",
    label: str = "Filter the list",
    fold: bool = False,
    behind: Sequence[str] = (),
    keep: Mapping[str, str] | None = None,
) -> Markup:
    """Filters over a list, by GET. With JavaScript only the element `#target` is replaced.

    The same view answers both; see docs/frontend.md for its two lines. With `fold` a phone shows
    the filters only when asked, or while the list is filtered (then `clear` is given). The
    fields named in `behind` wait behind "More filters" until one of them is in use. `keep` goes
    along with the filters: what else the address says.
    """
    return _part(
        context,
        "filter_form",
        form=form,
        target=target,
        submit=submit,
        variant=variant,
        clear=clear,
        clear_text=clear_text,
        label=label,
        fold=fold,
        behind=behind,
        keep=keep or {},
    )


GLOBALS = {
    "page_heading": page_heading,
    "back_link": back_link,
    "empty_state": empty_state,
    "error_summary": error_summary,
    "post_form": post_form,
    "post_button": post_button,
    "filter_form": filter_form,
}
