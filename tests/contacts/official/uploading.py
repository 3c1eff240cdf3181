"""Official files that come in by a page, for tests: uploaded, worked on, and England put back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from contacts.imports.official.undoing import undo
from contacts.models import OfficialChange, OfficialImport
from contacts.official import services
from organisations.actor import Actor
from organisations.tenancy.scope import acting
from tests.contacts.official import downloads as of
from tests.record.arranging import once_in

RENAMED = of.school("100000", "The Aldgate School Renamed", council="201")
NEW = of.school("900001", "A New School", OpenDate="01-09-2026")


def schools(*rows: of.Row, day: str = "20261120") -> dict[str, bytes]:
    """A file of schools, by its name."""
    return {f"edubasealldata{day}.csv": of.table(of.COLUMNS, rows)}


def uploaded(by: Actor, files: Mapping[str, bytes]) -> OfficialImport:
    """Files that an operator uploads, which wait to be compared."""
    chosen = [SimpleUploadedFile(name, content) for name, content in files.items()]
    with acting(by.scope), transaction.atomic():
        return services.bring_in_files(by=by, files=chosen)


def ask(service: Any, by: Actor, made: OfficialImport) -> None:
    """Ask for something to be done with an import."""
    with acting(by.scope), transaction.atomic():
        service(by=by, made=made)


def fresh(made: OfficialImport) -> OfficialImport:
    """It as it is now."""
    return OfficialImport.objects.using("owner").get(pk=made.pk)


def listed(made: OfficialImport) -> dict[str, list[str]]:
    """What is listed of it: the sorts of change of each organisation, by code."""
    changes = OfficialChange.objects.using("owner").filter(official_import=made)
    return dict(changes.values_list("code", "sorts"))


def post_files(client: Client, address: str, files: Mapping[str, bytes]) -> Any:
    """Open a page and send its form with files."""
    once = once_in(client.get(address).text)
    chosen = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return client.post(address, {"once": once, "uploads": chosen})


def put_back() -> None:
    """Undo every import that is in use, the last first."""
    applied = OfficialImport.objects.using("owner").filter(applied_at__isnull=False, undone_at=None)
    for made in applied.order_by("-applied_at", "-pk"):
        undo(made.ref)


def ref_in(address: str) -> str:
    """The reference of the import that an address is of."""
    found = re.fullmatch(r"/operator/official/(\w+)/", address)
    assert found, address
    return found[1]
