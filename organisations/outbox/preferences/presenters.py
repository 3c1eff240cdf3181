"""What somebody chose, in words."""

from __future__ import annotations

from frontend.wording import counted, time_words
from organisations.models import Choice
from organisations.outbox.preferences.groups import DIGEST
from organisations.outbox.preferences.quiet import Quiet
from organisations.outbox.preferences.selectors import Wishes


def in_words(wishes: Wishes | None) -> str:
    """One line: `All at once; none from 7pm to 7am and at weekends`."""
    if wishes is None:
        return "Confirm your address first"
    chosen = [wishes.choice(group) for group in wishes.groups if group.name != DIGEST]
    summary, never = chosen.count(Choice.DIGEST), chosen.count(Choice.NEVER)
    which = "; ".join(
        part
        for part in (
            f"{counted(summary, 'kind')} in your summary" if summary else "",
            f"{counted(never, 'kind')} not at all" if never else "",
        )
        if part
    )
    quiet = quiet_in_words(wishes.quiet)
    return "; ".join(part for part in (which or "All at once", quiet) if part)


def quiet_in_words(quiet: Quiet) -> str:
    """When none comes; empty without quiet hours."""
    hours = (
        f"from {time_words(quiet.since)} to {time_words(quiet.until)}"
        if quiet.since is not None
        else ""
    )
    when = " and ".join(part for part in (hours, "at weekends" if quiet.weekends else "") if part)
    return f"none {when}" if when else ""
