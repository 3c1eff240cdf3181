"""A start goes on at once only when nothing that matters has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest

from ops import prepared
from ops.home import Home
from ops.services import Services


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = Services(Home(tmp_path_factory.mktemp("prepared") / "home"), durable=False)
    services.start()
    yield services
    services.stop()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with code, a style sheet's source and another copy's data in it."""
    for name in ("app/models.py", "tests/test_models.py", "var2/run/lock", "var2/file.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(prepared, "CHECKOUT", tmp_path)
    return tmp_path


@pytest.fixture
def noted(running: Services, checkout: Path) -> Services:
    """Everything made ready and noted."""
    (running.home.path / "staticfiles").mkdir(exist_ok=True)
    with database(running) as connection:
        connection.execute("DROP TABLE IF EXISTS django_migrations")
        connection.execute("CREATE TABLE django_migrations (id int)")
        connection.execute("INSERT INTO django_migrations VALUES (1)")
    prepared.note_prepared(running.home, superuser_url=url(running), kind="1")
    assert is_prepared(running)
    return running


def url(running: Services) -> str:
    return running.powers()["SUPERUSER_DATABASE_URL"]


def database(running: Services) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url(running), autocommit=True)


def is_prepared(running: Services, kind: str = "1") -> bool:
    return prepared.is_prepared(running.home, superuser_url=url(running), kind=kind)


def test_the_other_kind_is_prepared_anew(noted: Services) -> None:
    assert not is_prepared(noted, kind="0")


@pytest.mark.parametrize("name", ["app/models.py", "app/new.sql"])
def test_changed_code_is_noticed(noted: Services, checkout: Path, name: str) -> None:
    (checkout / name).write_text("something else")
    assert not is_prepared(noted)


@pytest.mark.parametrize("name", ["tests/test_models.py", "var2/file.py", ".hidden.py"])
def test_what_does_not_matter_is_not(noted: Services, checkout: Path, name: str) -> None:
    (checkout / name).write_text("something else")
    assert is_prepared(noted)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO django_migrations VALUES (2)",
        "DELETE FROM django_migrations",
        "DROP TABLE django_migrations; CREATE TABLE django_migrations AS SELECT 1 AS id",
        "DROP TABLE django_migrations",
    ],
    ids=["migrated by hand", "unmigrated", "restored", "emptied"],
)
def test_a_database_that_changed_is_noticed(noted: Services, change: str) -> None:
    with database(noted) as connection:
        connection.execute(change.encode())
    assert not is_prepared(noted)


def test_new_secrets_are_noticed(noted: Services) -> None:
    (noted.home.path / "secrets" / "tandem_web").write_text("another")
    assert not is_prepared(noted)


def test_missing_static_files_are_noticed(noted: Services) -> None:
    (noted.home.path / "staticfiles").rmdir()
    assert not is_prepared(noted)


def test_another_day_is_noticed(noted: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> Tomorrow:
            return cls(2999, 1, 1)

    monkeypatch.setattr(prepared, "date", Tomorrow)
    assert not is_prepared(noted)
