"""Makes the checkout runnable: virtual environment, Python and npm packages, style sheet.

Standard library only. Each part leaves a stamp once it is whole, with a digest of what it
was made from: a part that was interrupted is made again, one that is up to date is left.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import venv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ops.home import CHECKOUT
from ops.prerequisites import SPACE_TO_INSTALL, check_space
from ops.say import CannotGoOn, step

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = CHECKOUT / "requirements"
NODE_MODULES = CHECKOUT / "node_modules"
STYLES = CHECKOUT / "static" / "scss"
STYLE_SHEET = CHECKOUT / "static" / "build" / "tandem.css"
OLDEST_NPM = (10,)
OLDEST_NODE = (20, 9)
NETWORK_SIGNS = (
    "name resolution", "dns error", "Network is unreachable", "Connection refused",
    "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "timed out", "error sending request",
    "NewConnectionError", "No matching distribution", "NameResolutionError",
)  # fmt: skip


def install(*, dev: bool) -> None:
    """Bring everything up to date; `dev` adds what tests and checks need."""
    with only_one():
        _virtual_environment()
        _python_packages(dev=dev)
        _npm_packages(dev=dev)
        _style_sheet()


@contextmanager
def only_one() -> Iterator[None]:
    """Two copies started at once in one checkout must not install into each other."""
    descriptor = os.open(LOCKS, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _virtual_environment() -> None:
    stamp = VENV / "tandem-made"
    if _stamped(stamp) == str(CHECKOUT) and _works(PYTHON):
        return
    check_space(CHECKOUT, needed=SPACE_TO_INSTALL)
    again = " (the old one was unfinished or moved)" if VENV.exists() else ""
    with step(f"Virtual environment{again}"):
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True, symlinks=True)
        _run([PYTHON, "-m", "pip", "install", "--quiet", "--retries", "2", "--no-deps",
              "--disable-pip-version-check", "--require-hashes", "-r", LOCKS / "uv.txt"],
             "Installing uv, the package installer")  # fmt: skip
        stamp.write_text(str(CHECKOUT))


def _python_packages(*, dev: bool) -> None:
    """Exactly what the lock says; packages for tests, once there, are kept up to date too."""
    stamp = VENV / "tandem-packages"
    for name in ["dev"] if dev else ["dev", "run"]:
        if _stamped(stamp) == f"{name} {digest([LOCKS / f'{name}.txt'])}":
            return
    name = "dev" if dev or (_stamped(stamp) or "").startswith("dev") else "run"
    with step("Python packages"):
        stamp.unlink(missing_ok=True)
        _run([VENV / "bin" / "uv", "pip", "sync", "--quiet", "--python", PYTHON,
              "--require-hashes", "--compile-bytecode", LOCKS / f"{name}.txt"],
             "Installing the Python packages", env=os.environ | package_index())  # fmt: skip
        stamp.write_text(f"{name} {digest([LOCKS / f'{name}.txt'])}")


def package_index() -> dict[str, str]:
    """Where pip looks for packages, so that uv looks there too."""
    told = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    found = {}
    for setting, variable in {
        "index-url": "UV_DEFAULT_INDEX",
        "cert": "SSL_CERT_FILE",
    }.items():
        match = re.search(rf"[.]{setting}='([^']+)'", told)
        if match and variable not in os.environ:
            found[variable] = match[1]
    return found


def _npm_packages(*, dev: bool) -> None:
    stamp = NODE_MODULES / ".tandem-packages"
    lock = digest([CHECKOUT / "package-lock.json", CHECKOUT / "package.json"])
    if _stamped(stamp) in ([f"dev {lock}"] if dev else [f"dev {lock}", f"run {lock}"]):
        return
    name = "dev" if dev or (_stamped(stamp) or "").startswith("dev") else "run"
    environment = node_environment()
    with step("Browser packages (npm)"):
        stamp.unlink(missing_ok=True)
        omit = [] if name == "dev" else ["--omit=dev"]
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", *omit],
             "Installing the browser packages", env=environment)  # fmt: skip
        stamp.write_text(f"{name} {lock}")


def node_environment() -> dict[str, str]:
    """The environment in which `npm` and `node` are found, Node from PyPI where needed."""
    mine = os.environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    if _version("npm", mine) >= OLDEST_NPM and _version("node", mine) >= OLDEST_NODE:
        return mine
    with step("Node.js (none recent enough was found here)"):
        _run([VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON,
              "--require-hashes", "-r", LOCKS / "node.txt"],
             "Installing Node.js", env=os.environ | package_index())  # fmt: skip
    return mine


def _version(program: str, environment: Mapping[str, str]) -> tuple[int, ...]:
    found = shutil.which(program, path=environment["PATH"])
    if found is None:
        return ()
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:2])


def _style_sheet() -> None:
    stamp = STYLE_SHEET.parent / ".tandem-made"
    made_from = digest([*sorted(STYLES.rglob("*.scss")), CHECKOUT / "package-lock.json"])
    if _stamped(stamp) == made_from and STYLE_SHEET.is_file():
        return
    with step("Style sheet"):
        STYLE_SHEET.parent.mkdir(parents=True, exist_ok=True)
        _run(["npm", "run", "--silent", "build"], "Building the style sheet",
             env=node_environment())  # fmt: skip
        stamp.write_text(made_from)


def digest(files: Iterable[Path]) -> str:
    """One digest over the names and contents of files."""
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.name}\0".encode() + path.read_bytes())
    return total.hexdigest()


def _stamped(stamp: Path) -> str | None:
    return stamp.read_text() if stamp.is_file() else None


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0  # noqa: PLW1510
    except OSError:
        return False


def _run(command: Sequence[str | Path], what: str, env: Mapping[str, str] | None = None) -> None:
    """Run a command in the checkout; where it fails, say why and what to do."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        output = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise CannotGoOn(f"\n{what} failed.\n\n{output}\n\n{advice(output)}")


def advice(output: str) -> str:
    """What to do about a failed installation, judged by what it said."""
    if "No space left on device" in output or "ENOSPC" in output:
        return "The disk is full: free some space and start again."
    if any(sign.lower() in output.lower() for sign in NETWORK_SIGNS):
        return (
            "The packages could not be fetched. The first start needs the network (later ones do "
            "not). Behind a proxy set HTTPS_PROXY; with a mirror set PIP_INDEX_URL and "
            "npm_config_registry. Then start again: what was done is kept."
        )
    if "hash" in output.lower() and "mismatch" in output.lower():
        return "A package is not the one that was locked. Do not go on; check where it came from."
    return "Start again; if it happens once more, remove .venv and node_modules first."
