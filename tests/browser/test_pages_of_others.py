"""Every page of those who are not editors: see `test_pages`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.behind import Superuser
from tests.browser.pages import PAGES, look_at_pages_of
from tests.browser.person import Person
from tests.browser.stage import set_stage
from tests.cast import Cast

OTHERS = [part for part in PAGES if part != "school_editor"]


@pytest.mark.parametrize("part", OTHERS, ids=lambda part: part or "signed_out")
def test_pages_of(
    part: str | None,
    cast: Cast,
    superuser: Superuser,
    browser_of: Callable[..., Person],
    tmp_path: Path,
) -> None:
    stage = set_stage(cast, superuser)
    problems = look_at_pages_of(part, browser_of(part), stage, tmp_path)
    assert not problems, "\n".join(problems)
