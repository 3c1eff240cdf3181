"""The first thing `make` starts: checks the machine, installs, hands over to the supervisor.

Standard library only: nothing is installed when this begins.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from ops.home import Home
from ops.install import PYTHON, install
from ops.prerequisites import (
    SPACE_TO_BEGIN,
    SPACE_TO_RUN,
    check_machine,
    check_port,
    check_space,
    port_number,
)
from ops.say import CannotGoOn, say


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.bootstrap", description=__doc__)
    parser.add_argument("action", choices=["run", "dev"])
    action = parser.parse_args().action
    try:
        if action == "run":
            prepare_run()
        else:
            check_machine()
            install(dev=True)
    except CannotGoOn as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Start again to go on from here.")
        return 130
    if action == "run":
        command = [str(PYTHON), "-m", "ops.supervisor", "--stop-with-parent"]
        os.execve(PYTHON, command, os.environ | {"TANDEM_STARTED": repr(time.time())})
    return 0


def prepare_run() -> None:
    """Everything before the first service starts; refusals come before any work."""
    home = Home()
    say(f"Starting Tandem with its data in {home.path}")
    check_machine()
    home.prepare()
    begun = (home.path / "postgres").is_dir()
    check_space(home.path, needed=SPACE_TO_RUN if begun else SPACE_TO_BEGIN)
    if home.is_free():
        check_port(port_number())
    install(dev=False)


if __name__ == "__main__":
    sys.exit(main())
