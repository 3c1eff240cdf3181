"""England: every integrated care board, council, NHS trust, school trust and school, and the
areas they lie in, from the files in `reference/`. Reads them and has them written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from contacts.imports import councils, gateways, health, needs, roles, schools, writing
from contacts.imports.boards import Boards
from contacts.imports.rows import England

REFERENCE = Path(__file__).resolve().parent.parent.parent / "reference"
NAME = "England"
STAGES = 6


class Progress(Protocol):
    """Told how far the work is: the stage by name, and of its steps how many are done."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None: ...


def load(reference: Path, report: Progress, *, again: bool = False) -> Mapping[str, int] | None:
    """Bring the database up to date with the files, in one transaction, as the owner.

    Returns how many rows of each table were written; None when these very files have been
    loaded already by this very code, unless `again` insists. Raises BadFile, and then has
    written nothing.
    """
    digest = digest_of(reference)
    if not again and writing.loaded_digest(NAME) == digest:
        return None
    england = read(reference, report)
    return writing.write(england, NAME, digest, report)


def digest_of(reference: Path) -> str:
    """What the database's content follows from: the files, and the code that reads them."""
    found = hashlib.sha256()
    code = sorted(Path(__file__).resolve().parent.glob("*.py"))
    names = ("roles.yaml", "gateways.yaml", "needs.yaml")
    tables = [reference / "framework" / name for name in names]
    data = [*sorted((reference / "england").glob("*.csv")), *tables]
    for path in [*code, *data]:
        if path.is_file():
            found.update(f"{path.name}\n{path.stat().st_size}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def read(reference: Path, report: Progress) -> England:
    """Everything the files say. Raises BadFile."""
    folder = reference / "england"
    england = England()
    report("Reading boards, councils and NHS trusts")
    boards = health.boards(folder)
    known = councils.councils(folder, frozenset(boards.current))
    england.organisations += [*boards.organisations, *known.organisations]
    england.successions += boards.successions
    england.announced += health.announced(folder, frozenset(boards.current))
    names = {row.code: row.name for row in boards.organisations}
    england.regions += [
        (code, health.area_name(names[code]), region) for code, region in boards.current.items()
    ]
    england.places += known.places.items()
    england.place_regions += known.boards
    england.outward_codes += known.outward_codes
    nhs, england.boards_of_trusts = health.nhs_trusts(
        folder,
        Boards(
            frozenset(boards.current), boards.successors(), known.boards_of(), known.councils_of()
        ),
    )
    trusts = list(schools.academy_trusts(folder))
    england.organisations += [*nhs, *trusts]
    england.role_types += roles.role_types(reference / "framework" / "roles.yaml")
    england.gateway_types += gateways.gateway_types(reference / "framework" / "gateways.yaml")
    england.needs += needs.needs(
        reference / "framework" / "needs.yaml",
        roles={each.key for each in england.role_types},
        gateways={each.key for each in england.gateway_types},
    )
    expected = 25_000
    for organisation, school in schools.schools(
        folder,
        known,
        frozenset(trust.code for trust in trusts),
        lambda done: report("Reading schools", done, max(expected, done)),
    ):
        england.organisations.append(organisation)
        england.schools.append(school)
    return england
