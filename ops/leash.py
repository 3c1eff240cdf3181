"""Child processes that cannot outlive whoever started them.

Each child runs in a process group with a tiny watcher (a few lines of `sh`) that reads a
pipe. When the starting process goes away, even by `kill -9`, the pipe closes: the watcher
asks the child to stop, then ends the whole group. That works on every Unix, grandchildren
included, which the kernel's parent-death signal does not.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

WATCHER = Path(__file__).with_name("watcher.sh")


class Leashed:
    """One child process with its watcher.

    Its output goes to the end of `log`, or, without one, where the starter's goes.
    `grace` is how many seconds it may take to stop before it is killed. `held` are file
    descriptors the watcher keeps open, such as the lock of the data folder: the lock is
    then free only once the last child is gone.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path | None,
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace: int = 10,
        held: Sequence[int] = (),
        user: int | None = None,
        group: int | None = None,
    ) -> None:
        self.grace = grace
        self.stop_signal = stop_signal
        reading, self._pipe = os.pipe()
        try:
            self._watcher = subprocess.Popen(
                ["/bin/sh", WATCHER, stop_signal.name[3:], str(grace)],
                stdin=reading,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=tuple(held),
                process_group=0,
            )
        finally:
            os.close(reading)
        try:
            with log.open("ab") if log else contextlib.nullcontext() as output:
                self.process = subprocess.Popen(
                    [str(part) for part in command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=env,
                    cwd=folder,
                    process_group=self._watcher.pid,
                    user=user,
                    group=group,
                    extra_groups=None if user is None else [],
                )
            os.write(self._pipe, f"{self.process.pid}\n".encode())
        except BaseException:
            self._end_group()
            raise

    @property
    def pid(self) -> int:
        return self.process.pid

    def poll(self) -> int | None:
        """The exit code once the child has ended; what it left behind is ended as well."""
        code = self.process.poll()
        if code is not None:
            self._end_group()
        return code

    def stop(self) -> int:
        """Ask the child to stop, wait for its grace, then end the whole group."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._end_group()
        return self.process.wait()

    def _end_group(self) -> None:
        """End the group, watcher included; its number is ours until the watcher is reaped."""
        if self._watcher.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._watcher.pid, signal.SIGKILL)
            self._watcher.wait()
            os.close(self._pipe)


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask again and again until the condition holds; False when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def working_in(folder: Path) -> list[int]:
    """Living processes whose working folder this is; Linux only, elsewhere none are seen."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z" and (entry / "cwd").resolve() == folder:
                found.append(int(entry.name))
    return found
