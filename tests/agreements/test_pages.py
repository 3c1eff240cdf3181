"""The pages of agreements, without a browser."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from partnerships.agreements.models import Agreement
from tests.agreements.arranging import newest, started, wrote
from tests.record.arranging import sent
from tests.touchpoints.scene import Scene


def at(scene: Scene, name: str, agreement: Agreement | None = None, **more: Any) -> str:
    kwargs = {"organisation_slug": scene.cast.organisation("school").slug, **more}
    kwargs["ref"] = scene.partnership.ref
    if agreement is not None:
        kwargs["agreement"] = agreement.ref
    return reverse(name, kwargs=kwargs)


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_an_agreement_is_started_and_shown_on_the_partnership(scene: Scene) -> None:
    client = scene.cast.client("school_editor")
    response = sent(
        client, at(scene, "start-agreement"), kind="letter_of_intent", title="A first pilot"
    )

    assert response.status_code == 302
    page = shown(client, response["Location"])
    assert "Before it is ready to sign" in page
    assert "A first pilot" in shown(client, at(scene, "partnership"))


def test_the_latest_five_versions_are_shown_and_the_others_folded(scene: Scene) -> None:
    agreement = started(scene)
    client = scene.cast.client("school_viewer")
    for number in range(4):
        wrote(scene, agreement, "purpose", f"Purpose {number}")
    assert "earlier version" not in shown(client, at(scene, "agreement", agreement))
    for number in range(2):
        wrote(scene, agreement, "purpose", f"Another purpose {number}")
    page = shown(client, at(scene, "agreement", agreement))

    before, found, after = page.partition("2 earlier versions")
    assert found
    assert [f">Version {n}<" in before for n in (7, 3, 2)] == [True, True, False]
    assert [f">Version {n}<" in after for n in (3, 2, 1)] == [False, True, True]


def test_who_met_another_sees_both_texts_and_saves_upon_them(scene: Scene) -> None:
    agreement = started(scene)
    client = scene.cast.client("school_editor")
    url = at(scene, "agreement-clause", agreement, clause="purpose")
    wrote(scene, agreement, "purpose", "From the NHS side", "health_editor")
    met = sent(client, url, text="From our side", based_on="1")
    page = met.content.decode()

    assert met.status_code == 200
    assert "What it says now" in page
    assert "From the NHS side" in page
    assert "From our side</textarea>" in page
    again = sent(client, url, text="From our side", based_on="2")
    assert again.status_code == 302
    assert newest(scene, agreement).text_of("purpose") == "From our side"


def test_the_error_summary_names_each_missing_clause(scene: Scene) -> None:
    agreement = started(scene)
    client = scene.cast.client("school_editor")
    page = sent(client, at(scene, "agreement-stage", agreement), stage="approval").content.decode()

    assert "There is a problem" in page
    summary = page.split("There is a problem")[1].split("<h1")[0]
    assert "Write the clause Named contacts, deputies and executive sponsors" in summary
    assert "Write the clause Term, start and review dates" in summary


def test_versions_are_compared_with_words_for_screen_readers(scene: Scene) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "purpose", "A health hub on both sites")
    client = scene.cast.client("school_editor")
    page = shown(client, at(scene, "agreement-compare", agreement) + "?from=1&to=2")

    assert "[removed: " in page
    assert "</span>both sites<span" in page
    assert client.get(at(scene, "agreement-compare", agreement) + "?from=9").status_code == 404


def test_markup_that_was_typed_is_text(scene: Scene) -> None:
    agreement = started(scene)
    wrote(scene, agreement, "purpose", "<script>alert(1)</script>")
    client = scene.cast.client("school_editor")
    for name in ("agreement", "agreement-text", "agreement-compare"):
        assert "<script>alert" not in shown(client, at(scene, name, agreement))


def test_the_neutral_link_leads_to_ones_own_page(scene: Scene) -> None:
    agreement = started(scene)
    response = scene.cast.client("health_editor").get(f"/r/ag-{agreement.ref}/")

    slug = scene.cast.organisation("health").slug
    assert response["Location"].startswith(f"/o/{slug}/partnerships/")
    assert scene.cast.client("stranger").get(f"/r/ag-{agreement.ref}/").status_code == 404
