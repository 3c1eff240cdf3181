"""The environment: what it escapes, what it allows, and that it needs no disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
from django.template import engines

from frontend.environment import CompiledTemplates, environment, url


def build(folder: Path, **options: Any) -> jinja2.Environment:
    return environment(loader=jinja2.FileSystemLoader(folder), autoescape=False, **options)


def test_everything_is_escaped_whatever_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("{{ word }}")
    assert build(tmp_path).get_template("page.txt").render(word="<b>") == "&lt;b&gt;"


def test_a_full_disk_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "page.txt").write_text("Hello")
    monkeypatch.setattr(jinja2.FileSystemBytecodeCache, "dump_bytecode", full)
    assert build(tmp_path).get_template("page.txt").render() == "Hello"


def test_no_private_folder_means_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsafe(self: object) -> str:
        raise RuntimeError("Cannot determine safe temp directory.")

    monkeypatch.setattr(jinja2.FileSystemBytecodeCache, "_get_default_cache_dir", unsafe)
    assert CompiledTemplates.or_none() is None


def test_addresses() -> None:
    assert url("account_login") == "/account/login/"
    assert url("account_login", query={"next": "/a b/"}) == "/account/login/?next=%2Fa+b%2F"
    source = "{{ url('account_login', query={'next': '/x/'}) }}"
    assert engines["jinja2"].from_string(source).render() == "/account/login/?next=%2Fx%2F"
