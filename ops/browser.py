"""Finds the Chromium that the browser tests drive, or installs Debian's where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops.say import CannotGoOn, say, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ("chromium", "fonts-liberation")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    # Without a graphics card, drawing as if there were one takes longer than drawing plainly.
    "--disable-gpu",
    "--disable-software-rasterizer",
)


def chromium() -> Path:
    """The browser's program. Without one this raises: browser tests fail, they never skip."""
    named = os.environ.get("TANDEM_CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), *MAC_APPS]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    if named:
        raise CannotGoOn(f"TANDEM_CHROMIUM names {named}, which is no program.")
    raise CannotGoOn(
        "The browser tests need Chromium. Debian: apt install chromium fonts-liberation. macOS: "
        "brew install --cask chromium. Or name one: TANDEM_CHROMIUM=/path/to/chrome make test"
    )


def install() -> None:
    """Debian's Chromium, where we are root on a machine with apt."""
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run(
            ["apt-get", "-qq", *command],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.DEVNULL,
            check=True,
        )


def main() -> int:
    """Make sure of a browser; where there is none, say so and let its tests fail."""
    try:
        chromium()
    except CannotGoOn as problem:
        if os.getuid() != 0 or not shutil.which("apt-get") or "TANDEM_CHROMIUM" in os.environ:
            say(f"{problem}\nThe browser tests will fail.")
            return 0
        try:
            with step("Chromium for the browser tests (apt)"):
                install()
        except subprocess.CalledProcessError:
            say("Chromium could not be installed; the browser tests will fail.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
