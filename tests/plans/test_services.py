"""Starting, changing, deciding on, withdrawing and copying initiatives, as committed."""

from __future__ import annotations

from initiatives.plans import selectors
from tests.cast import Cast
from tests.plans.arranging import seen, started
from tests.record.arranging import acting_as, shared


def test_a_member_starts_one_and_the_others_see_it(cast: Cast) -> None:
    partnership = shared(cast)
    made = started(cast.school_editor, partnership, template="mhst_dropin")
    for part in ("school_viewer", "health_editor"):
        with acting_as(cast.actors[part]) as by:
            found = selectors.initiative_of(by, partnership, made.ref)
            plan = selectors.plan_of(by, found)
            assert [each.words for each in plan.needs] == [
                "Visible space",
                "Senior mental health lead",
            ]
    for part in ("council_editor", "stranger"):
        assert seen(cast.actors[part], made) is None
