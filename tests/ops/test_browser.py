"""Without a browser its tests fail; they are never left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ops import browser
from ops.say import CannotGoOn


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TANDEM_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "MAC_APPS", ())


def test_a_missing_browser_is_an_error_that_helps(nothing_installed: None) -> None:
    with pytest.raises(CannotGoOn, match="apt install chromium"):
        browser.chromium()


def test_one_may_be_named(nothing_installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_CHROMIUM", sys.executable)
    assert browser.chromium() == Path(sys.executable)


def test_a_wrong_name_is_an_error(nothing_installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_CHROMIUM", "/no/such/browser")
    with pytest.raises(CannotGoOn, match="/no/such/browser, which is no program"):
        browser.chromium()


def test_without_root_the_tests_are_announced_to_fail(
    nothing_installed: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    assert browser.main() == 0
    assert "The browser tests will fail." in capsys.readouterr().out
