"""Impact assessments and data sharing agreements beside an agreement: in force, due, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from calendars.london import today
from organisations.guard_rail import IdentifierRefused
from organisations.models import AuditEvent
from organisations.tenancy.scope import acting
from partnerships.agreements import papers, renewal
from partnerships.agreements.models import Agreement, DataPaper
from partnerships.agreements.selectors import papers_of, shares_data
from partnerships.record.models import Partnership
from tests.agreements.arranging import (
    DATES,
    a_paper,
    as_it_is,
    complete,
    moved,
    names,
    papered,
    ready_for_two,
    signs,
    started,
)
from tests.agreements.test_pages import at, shown
from tests.record.arranging import NHS_NUMBER, sent
from tests.touchpoints.scene import Scene, deliveries

DSA: dict[str, Any] = {"kind": "dsa", "reference": "Sharing agreement 7"}


def changed(scene: Scene, paper: DataPaper, part: str = "health_editor", **more: Any) -> DataPaper:
    by = scene.cast.actors[part]
    said = a_paper(scene.cast.organisation("school"), **more)
    del said["kind"]
    with acting(by.scope), transaction.atomic():
        return papers.change_data_paper(by=by, paper=paper, **said)


def ended(scene: Scene, paper: DataPaper, note: str = "Replaced by DPIA 2027/3") -> DataPaper:
    by = scene.cast.health_editor
    with acting(by.scope), transaction.atomic():
        return papers.end_data_paper(by=by, paper=paper, note=note)


def may_share(scene: Scene, day: date, part: str = "health_editor") -> bool:
    by = scene.cast.actors[part]
    with acting(by.scope), transaction.atomic():
        partnership = Partnership.objects.filter(pk=scene.partnership.pk).first()
        return partnership is not None and shares_data(by, partnership, day)


def test_every_member_reads_it_and_any_of_them_corrects_and_ends_it(scene: Scene) -> None:
    agreement = started(scene)
    paper = papered(scene, agreement)
    client = scene.cast.client("health_editor")
    slug = scene.cast.organisation("health").slug
    page = at(scene, "agreement", agreement, organisation_slug=slug)
    for words in ("DPIA 2026/14", "How many pupils were seen", "In force"):
        assert words in shown(client, page)

    changed(scene, paper, review_on=date(2028, 1, 10))
    ended(scene, paper)

    text = shown(client, page)
    assert "Replaced by DPIA 2027/3" in text
    assert "10 January 2028" in text
    with acting(scene.cast.school_manager.scope), transaction.atomic():
        found = AuditEvent.objects.filter(action__startswith="data protection paper")
        assert [each.action.split()[-1] for each in found.order_by("id")] == [
            "added",
            "changed",
            "ended",
        ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("reference", " \u200b ", "Enter its title or reference"),
        ("dated", today() + timedelta(days=900), "must not be in the future"),
        ("review_on", date(2026, 6, 1), "must be after the day when it was agreed"),
        ("address", "http://www.trust.example/", "begins with https://"),
        ("address", "javascript:alert(1)", "begins with https://"),
        ("covers", "x" * 501, "500 characters or fewer"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    scene: Scene, field: str, value: Any, said: str
) -> None:
    agreement = started(scene)
    with pytest.raises(ValidationError) as refused:
        papered(scene, agreement, **{field: value})
    assert said in refused.value.message_dict[field][0]


def test_who_keeps_it_is_a_member_and_a_sharing_agreement_says_what_it_covers(
    scene: Scene,
) -> None:
    agreement = started(scene)
    for field, more in (
        ("keeper", {"keeper": scene.cast.organisation("council")}),
        ("covers", {**DSA, "covers": ""}),
    ):
        with pytest.raises(ValidationError) as refused:
            papered(scene, agreement, **more)
        assert field in refused.value.message_dict
    with pytest.raises(IdentifierRefused):
        papered(scene, agreement, covers=f"The data of {NHS_NUMBER}")


def test_a_sharing_agreement_in_force_lets_data_be_shared_until_it_ends(scene: Scene) -> None:
    agreement = started(scene)
    assert not may_share(scene, today())
    papered(scene, agreement)
    assert not may_share(scene, today())

    paper = papered(scene, agreement, **DSA)

    assert may_share(scene, today())
    assert not may_share(scene, date(2026, 5, 31))
    assert not may_share(scene, today(), "stranger")
    ended(scene, paper)
    assert not may_share(scene, today())


def test_one_that_is_agreed_here_lets_data_be_shared_while_it_lasts(scene: Scene) -> None:
    agreement = started(scene, kind="dsa")
    complete(scene, agreement)
    for part in ("school_editor", "health_editor"):
        names(scene, agreement, part)
    moved(scene, agreement, "approval")
    assert not may_share(scene, DATES["starts_on"])
    for part in ("school_editor", "health_editor"):
        signs(scene, agreement, part)

    assert may_share(scene, DATES["starts_on"])
    assert may_share(scene, DATES["expires_on"])
    assert not may_share(scene, DATES["starts_on"] - timedelta(days=1))
    assert not may_share(scene, DATES["expires_on"] + timedelta(days=1))


def test_two_people_who_correct_one_paper_both_see_both(scene: Scene) -> None:
    agreement = started(scene)
    paper = papered(scene, agreement)
    client = scene.cast.client("school_editor")
    url = at(scene, "agreement-paper", agreement, paper=paper.ref)
    said = {
        "keeper": str(scene.cast.organisation("school").pk),
        **{f"dated_{n}": v for n, v in (("day", "1"), ("month", "6"), ("year", "2026"))},
        **{f"review_on_{n}": v for n, v in (("day", "1"), ("month", "12"), ("year", "2027"))},
        "covers": "",
    }
    changed(scene, paper, reference="DPIA of the NHS side")

    met = sent(client, url, reference="DPIA of our side", based_on="1", **said)

    assert met.status_code == 200
    text = met.content.decode()
    for words in ("Somebody else changed this", "DPIA of the NHS side", "DPIA of our side"):
        assert words in text
    assert sent(client, url, reference="DPIA of our side", based_on="2", **said).status_code == 302
    assert shown(client, at(scene, "agreement", agreement)).count("DPIA of our side") >= 1


def test_what_has_ended_is_changed_by_nobody(scene: Scene) -> None:
    agreement = started(scene)
    paper = papered(scene, agreement)
    ended(scene, paper)
    with pytest.raises(ValidationError, match="holds no more"):
        changed(scene, paper, reference="Another")
    with pytest.raises(ValidationError, match="holds no more"):
        ended(scene, paper)
    client = scene.cast.client("school_editor")
    assert client.get(at(scene, "agreement-paper", agreement, paper=paper.ref)).status_code == 404


def test_a_viewer_and_a_stranger_write_none(scene: Scene) -> None:
    agreement = started(scene)
    for part in ("school_viewer", "stranger"):
        with pytest.raises(PermissionDenied):
            papered(scene, agreement, part)
    paper = papered(scene, agreement)
    by = scene.cast.stranger
    with acting(by.scope), transaction.atomic():
        assert not DataPaper.objects.exists()
        assert DataPaper.objects.filter(pk=paper.pk).update(reference="Mine") == 0


def test_nor_does_the_database_take_one_in_anothers_name_or_kept_by_no_member(
    scene: Scene,
) -> None:
    agreement = started(scene)
    values = a_paper(scene.cast.organisation("school"))
    own = {"author_organisation": scene.cast.organisation("health")}
    for by, more in (
        (scene.cast.school_editor, own),
        (scene.cast.school_editor, {"keeper": scene.cast.organisation("council")}),
        (scene.cast.stranger, {"author_organisation": scene.cast.organisation("other")}),
    ):
        given = {
            "author_organisation_id": by.organisation_id,
            "author_id": by.user_id,
            "agreement": agreement,
            "partnership": scene.partnership,
            **values,
        }
        if "author_organisation" in more:
            del given["author_organisation_id"]
        with pytest.raises(DatabaseError), acting(by.scope), transaction.atomic():
            DataPaper.objects.create(**{**given, **more})


def test_contacts_are_reminded_before_its_review_and_no_more_once_it_ended(
    scene: Scene,
) -> None:
    paper = papered(scene, started(scene))

    def days(state: str) -> list[int]:
        rows = deliveries(scene, "health_editor", kind="data_paper_review", state=state)
        return sorted({(paper.review_on - each.due_at.date()).days for each in rows})

    assert days("pending") == [30, 60, 90]
    ended(scene, paper)
    assert days("pending") == []
    assert days("cancelled") == [30, 60, 90]


def test_papers_pass_to_the_renewal_that_replaces_their_agreement(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    agreement = ready_for_two(scene)
    for part in ("school_editor", "health_editor"):
        signs(scene, agreement, part)
    papered(scene, agreement, **DSA)
    by = scene.cast.school_editor
    clock.move_to(DATES["expires_on"] - timedelta(days=30))
    with acting(by.scope), transaction.atomic():
        next_one = renewal.renew_agreement(
            by=by,
            agreement=as_it_is(scene, agreement),
            dates={
                "starts_on": date(2030, 2, 1),
                "review_on": date(2031, 2, 1),
                "expires_on": date(2033, 1, 31),
            },
        )
    for part in ("school_editor", "health_editor"):
        names(scene, next_one, part)
    moved(scene, next_one, "approval")
    for part in ("school_editor", "health_editor"):
        signs(scene, next_one, part)

    assert may_share(scene, today())
    with acting(by.scope), transaction.atomic():
        assert [each.reference for each in papers_of(next_one)] == ["Sharing agreement 7"]
        assert papers_of(Agreement.objects.get(pk=agreement.pk)) == []


def test_an_overdue_review_shows_on_the_partnership_until_it_is_done(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    agreement = started(scene)
    paper = papered(scene, agreement)
    page = at(scene, "partnership")
    said = "Data protection review overdue"
    clock.move_to(paper.review_on)
    assert said not in shown(scene.cast.client("school_editor"), page)
    clock.move_to(paper.review_on + timedelta(days=1, hours=1))
    assert said in shown(scene.cast.client("school_editor"), page)
    assert "Review overdue" in shown(
        scene.cast.client("school_editor"), at(scene, "agreement", agreement)
    )

    changed(scene, paper, review_on=date(2029, 1, 10))

    assert said not in shown(scene.cast.client("school_editor"), page)
