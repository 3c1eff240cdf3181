"""The part of an address that names an organisation: readable, unique, and never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.text import slugify

LONGEST = 120
Key = tuple[str, str]


def assign(names: Iterable[tuple[Key, str]], taken: Mapping[Key, str]) -> dict[Key, str]:
    """A slug for every organisation, by its kind and code.

    One that has a slug keeps it. A new one is called by its name; where several share a
    name, each of the new ones carries its code as well, so that the order of a file does
    not matter.
    """
    plain = {key: _cut(slugify(name)) for key, name in names}
    sharing = Counter(plain.values())
    slugs = {key: taken[key] for key in plain if key in taken}
    used = set(taken.values())
    for key, slug in plain.items():
        if key in slugs:
            continue
        alone = slug and sharing[slug] == 1 and slug not in used
        slugs[key] = slug if alone else _with_code(slug, key, used)
        used.add(slugs[key])
    return slugs


def _with_code(slug: str, key: Key, used: set[str]) -> str:
    """The slug with the code, and with the kind where even that is another's."""
    kind, code = key
    ending = slugify(code)
    if (shorter := _join(slug, ending)) not in used:
        return shorter
    return _join(slug, slugify(f"{kind} {code}".replace("_", " ")))


def _join(slug: str, ending: str) -> str:
    return f"{_cut(slug, LONGEST - len(ending) - 1)}-{ending}" if slug else ending


def _cut(slug: str, longest: int = LONGEST) -> str:
    """At most `longest` characters, ending with a whole word where that is possible."""
    if len(slug) <= longest:
        return slug
    words = slug[: longest + 1].rpartition("-")[0]
    return words or slug[:longest]
