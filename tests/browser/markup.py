"""Checks the HTML of pages, as the server sent it, with html-validate.

Off, in html-validate.json, are three rules that the NHS components break (a role on a table
that is laid out as a list on a phone, a role that repeats the element's own, a button without
its type) and two that are no faults: blanks at line ends, and titles with long names in them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ops.install import node_environment

HERE = Path(__file__).resolve().parent
PROGRAM = HERE.parents[1] / "node_modules" / ".bin" / "html-validate"
CONFIGURATION = HERE / "html-validate.json"


def faults_in(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong with the HTML of pages, each with the page's name."""
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    environment = node_environment()
    program = shutil.which("node", path=environment["PATH"])
    assert program is not None
    done = subprocess.run(
        [program, PROGRAM.resolve(), "--config", CONFIGURATION, "--formatter", "json", folder],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return [
        f"{Path(page['filePath']).stem}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for page in json.loads(done.stdout)
        for fault in page["messages"]
    ]
