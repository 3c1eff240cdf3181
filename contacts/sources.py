"""Where each kind of organisation is known from, in words for its page.

The same facts, file by file, are in `reference/README.md`.
"""

from __future__ import annotations

from organisations.models import Kind

LICENCE = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right. "
    "Contains Royal Mail data © Royal Mail copyright and database right."
)
OF_KIND: dict[str, str] = {
    Kind.SCHOOL: (
        "Get Information about Schools, Department for Education: extracts of June 2024 to "
        "August 2026. The trust of many schools is missing from them."
    ),
    Kind.SCHOOL_TRUST: "Get Information about Schools, Department for Education: 6 August 2026.",
    Kind.NHS_TRUST: (
        "Organisation Data Service, NHS England: as of late 2024. Later mergers of NHS trusts "
        "are missing."
    ),
    Kind.ICB: (
        "NHS England’s and the Office for National Statistics’ lists of integrated care boards, "
        "before and since 1 April 2026."
    ),
    Kind.COUNCIL: (
        "Department for Education and Office for National Statistics: February 2026. "
        "Home pages: GOV.UK, November 2025."
    ),
}
