"""What changed from one text to another, word by word, for eyes and ears.

Paragraphs are compared first, then the words within those that changed. What was added is in
`<ins>`, what was taken away in `<del>`, each named by words that only screen readers say.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup

_PARTS = re.compile(r"\s+|[^\s]+")
_HIDDEN = '<span class="nhsuk-u-visually-hidden">{}</span>'
_INS = Markup(f"<ins>{_HIDDEN.format(' [added: ')}{{}}{_HIDDEN.format('] ')}</ins>")
_DEL = Markup(f"<del>{_HIDDEN.format(' [removed: ')}{{}}{_HIDDEN.format('] ')}</del>")
# Beyond so many words, changed paragraphs are shown whole: comparing their words would be slow.
MOST_WORDS = 3000


def text_changes(old: str, new: str) -> Markup:
    """The new text with what changed since the old one marked; line ends are as they were."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    shown: list[Markup] = []
    for how, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[i:j]), "".join(after[k:m])
        if how == "equal":
            shown.append(Markup("{}").format(come))
        else:
            shown.append(_words_changed(gone, come))
    return Markup("").join(shown)


def _words_changed(old: str, new: str) -> Markup:
    before, after = _PARTS.findall(old), _PARTS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return _marked(old, new)
    shown: list[Markup] = []
    gone = come = ""
    for how, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old_part, new_part = "".join(before[i:j]), "".join(after[k:m])
        # A space between two changed words does not part them: they read better together.
        if how == "equal" and (new_part.strip() or not (gone or come)):
            shown += [_marked(gone, come), Markup("{}").format(new_part)]
            gone = come = ""
        else:
            gone, come = gone + old_part, come + new_part
    return Markup("").join([*shown, _marked(gone, come)])


def _marked(gone: str, come: str) -> Markup:
    if gone.strip() and come.strip():
        # Struck out and underlined words are to stand apart.
        between = "" if gone[-1].isspace() or come[0].isspace() else " "
        return _DEL.format(gone) + between + _INS.format(come)
    return (_DEL.format(gone) if gone.strip() else Markup("{}").format("" if come else gone)) + (
        _INS.format(come) if come.strip() else Markup("{}").format(come)
    )
