"""Official files that the worker fetches from their publishers, to be looked at like an upload.

Where from is the server's setting `OFFICIAL_URLS`; without one nothing is asked of anybody. An
address is asked once a day, or an hour after it failed, and only for what is new since.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import requests
import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from contacts.imports.files import BadFile
from contacts.imports.official.bringing_in import KINDS
from contacts.imports.official.recognising import publisher_of
from contacts.imports.official.tables import today
from contacts.models import CameBy, OfficialAddress, OfficialImport, OfficialState, Publisher
from contacts.official import waiting
from contacts.official.services import LARGEST
from contacts.official.working import WORKER, importing, throw_away
from organisations import audit

logger = structlog.get_logger("tandem.official")
EVERY = timedelta(hours=20)
AFTER_FAILURE = timedelta(minutes=50)
STEP_SECONDS = 30.0  # for the publisher to answer, and between two pieces
ALL_SECONDS = 900.0  # for one file
PIECE = 1 << 16
NEWER = "A newer download took its place"


class NotFetched(Exception):
    """A file that could not be fetched; the text says why."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came, and how its publisher tells it apart from the next."""

    path: Path
    sha256: str
    etag: str
    last_modified: str


def fetch_due() -> int:
    """Fetch from every publisher whose turn it is; says how many imports wait because of it."""
    made = 0
    for publisher in Publisher:
        addresses = _due(publisher, settings.OFFICIAL_URLS.get(publisher, []))
        if addresses:
            made += _fetch(publisher, addresses)
    return made


def _addresses() -> QuerySet[OfficialAddress]:
    return OfficialAddress.objects.using(WORKER)


def _due(publisher: Publisher, urls: Sequence[str]) -> list[OfficialAddress]:
    """The publisher's addresses, if it is their turn: marked as tried, so that one worker asks."""
    if not urls:
        return []
    now = timezone.now()
    with importing(None):
        for url in urls:
            _addresses().get_or_create(url=url, defaults={"publisher": publisher})
        rows = _addresses().select_for_update().filter(url__in=urls, publisher=publisher)
        found = {each.url: each for each in rows}
        ours = [found[url] for url in urls if url in found]
        if not any(_is_due(each) for each in ours):
            return []
        _addresses().filter(pk__in=[each.pk for each in ours]).update(tried_at=now)
    return ours


def _is_due(address: OfficialAddress) -> bool:
    if address.tried_at is None:
        return True
    return bool(timezone.now() - address.tried_at > (AFTER_FAILURE if address.failure else EVERY))


def _fetch(publisher: Publisher, addresses: Sequence[OfficialAddress]) -> int:
    """Fetch what is new, and with it what is not, since one file completes another."""
    failures: dict[int, str] = {}
    with TemporaryDirectory() as folder:
        came = _download(addresses, Path(folder), failures)
        if came and not failures and len(came) < len(addresses):
            as_they_were = [each for each in addresses if each.pk not in came]
            came |= _download(as_they_were, Path(folder), failures, anew=True)
        if came and not failures:
            paths = [came[each.pk].path for each in addresses]
            try:
                if publisher_of(paths) != publisher:
                    raise NotFetched("This is a file of another register")
            except (BadFile, NotFetched) as problem:
                failures = {each.pk: str(problem) for each in addresses}
        with importing(None):
            for each in addresses:
                _addresses().filter(pk=each.pk).update(failure=failures.get(each.pk, "")[:1000])
            if failures:
                logger.warning("official files not fetched", publisher=str(publisher))
                return 0
            if not came:
                return 0
            _wait(publisher, paths)
            for each in addresses:
                this = came[each.pk]
                _addresses().filter(pk=each.pk).update(
                    fetched_at=timezone.now(),
                    sha256=this.sha256,
                    etag=this.etag,
                    last_modified=this.last_modified,
                )
    return 1


def _wait(publisher: Publisher, paths: Sequence[Path]) -> None:
    """Have the worker compare what came; an older download that nobody decided about goes."""
    older = OfficialImport.objects.using(WORKER).filter(
        publisher=publisher, came_by=CameBy.FETCHED, state=OfficialState.CHECKED
    )
    for each in older.select_for_update(of=("self",)):
        throw_away(each, failure=NEWER)
    made = OfficialImport.objects.using(WORKER).create(
        publisher=publisher,
        kinds=KINDS[publisher],
        came_by=CameBy.FETCHED,
        state=OfficialState.CHECKING,
        files=[{"name": path.name} for path in paths],
    )
    waiting.keep(made, paths, using=WORKER)
    audit.record("official files fetched", by=None, obj=made, using=WORKER)


def _download(
    addresses: Sequence[OfficialAddress],
    folder: Path,
    failures: dict[int, str],
    *,
    anew: bool = False,
) -> dict[int, Download]:
    """What came, by address; what is as it was the last time is left out unless asked for anew."""
    came: dict[int, Download] = {}
    for each in addresses:
        try:
            found = _ask(each, folder, anew=anew)
        except NotFetched as problem:
            failures[each.pk] = str(problem)
            continue
        if found is not None:
            came[each.pk] = found
    return came


def _ask(address: OfficialAddress, folder: Path, *, anew: bool) -> Download | None:
    """The file at an address, or None where it is as it was. Raises NotFetched."""
    url = address.url.replace("{day}", f"{today():%Y%m%d}")
    _refuse_insecure(url)
    deadline = time.monotonic() + ALL_SECONDS
    try:
        with requests.get(
            url, headers=_headers(address, anew=anew), stream=True, timeout=STEP_SECONDS
        ) as answer:
            _refuse_insecure(answer.url)
            if answer.status_code == requests.codes.not_modified:
                return None
            if answer.status_code != requests.codes.ok:
                raise NotFetched(f"The publisher answered with an error ({answer.status_code})")
            path, sha256 = _written(answer, folder, url, deadline)
    except requests.Timeout as problem:
        raise NotFetched("The publisher took too long to answer") from problem
    except (requests.RequestException, OSError) as problem:
        raise NotFetched("The publisher could not be reached, or broke off") from problem
    if sha256 == address.sha256 and not anew:
        return None
    tags = (
        _plain(answer.headers.get("ETag"), 300),
        _plain(answer.headers.get("Last-Modified"), 60),
    )
    return Download(path, sha256, *tags)


def _headers(address: OfficialAddress, *, anew: bool) -> Mapping[str, str]:
    # Without compression on the way: zip files are, and what comes is what was published.
    asked = {"User-Agent": "Tandem (official data refresh)", "Accept-Encoding": "identity"}
    if not anew:
        known = {"If-None-Match": address.etag, "If-Modified-Since": address.last_modified}
        asked |= {name: value for name, value in known.items() if value}
    return asked


def _refuse_insecure(url: str) -> None:
    parts = urlsplit(url)
    loopback = settings.OFFICIAL_AT_LOOPBACK and parts.hostname == "127.0.0.1"
    if parts.scheme != "https" and not loopback:
        raise NotFetched("The address is not a secure one (https)")


def _written(
    answer: requests.Response, folder: Path, url: str, deadline: float
) -> tuple[Path, str]:
    """Write what comes to a file of its own name; returns it and its checksum."""
    taken = [each.name for each in folder.iterdir()]
    path = folder / waiting.plain_name(urlsplit(url).path, taken)
    found, size = hashlib.sha256(), 0
    with path.open("wb") as opened:
        for piece in answer.iter_content(PIECE):
            size += len(piece)
            if size > LARGEST:
                raise NotFetched(f"The file has more than {LARGEST >> 20} MB")
            if time.monotonic() > deadline:
                raise NotFetched("The publisher took too long to send the file")
            found.update(piece)
            opened.write(piece)
    if not size:
        raise NotFetched("The file is empty")
    return path, found.hexdigest()


def _plain(header: str | None, longest: int) -> str:
    """A header to send back next time; none that is too long or not plain."""
    text = (header or "").strip()
    return text if len(text) <= longest and text.isascii() and text.isprintable() else ""
