"""The Jinja2 environment of our pages: where templates are, and what they may call.

Pages reach the NHS components through `nhs` (see `frontend.components`), never by
importing the macros: the macros trust every `html` parameter, `nhs` escapes it first.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2.bccache import Bucket

from frontend import components, form_rendering, lists, page_parts, wording


def url(name: str, *args: Any, query: dict[str, Any] | None = None, **kwargs: Any) -> str:
    """The path of a named page: `url("record:detail", slug=…, query={"page": 2})`."""
    return reverse(name, args=args or None, kwargs=kwargs or None, query=query)


class CompiledTemplates(jinja2.FileSystemBytecodeCache):
    """Compiled templates in this user's private temporary folder, from one start to the next.

    The first form after a start takes 35 ms with them, 500 ms without. A full disk only
    means that they are compiled again.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)

    @classmethod
    def or_none(cls) -> CompiledTemplates | None:
        """None where the system has no folder that nobody else can write to."""
        try:
            return cls()
        except (OSError, RuntimeError):
            return None


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment; Django calls this once, with the options of its settings."""
    options.pop("autoescape", None)
    options["loader"] = jinja2.ChoiceLoader(
        [options["loader"], jinja2.PackageLoader("nhsuk_frontend_jinja")]
    )
    # The NHS macros read `params.a.b` where `a` may be missing.
    options["undefined"] = jinja2.ChainableUndefined
    env = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, **options)
    env.globals.update(
        url=url, static=static, htmx_script=htmx_script, nhs=components.Components(env)
    )
    for module in (components, lists, form_rendering, page_parts):
        env.globals.update(module.GLOBALS)
    env.filters.update(wording.FILTERS)
    return env
