"""Signals a server when the process that started it is gone, however it went; run as a module.

The starter holds the write end of this process's standard input: end of file means that it died.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GRACE_SECONDS = 10.0


@dataclass(slots=True)
class Watchdog:
    """A guard process over one server; `dismiss` it after an orderly stop."""

    process: subprocess.Popen[bytes]

    @classmethod
    def over(cls, pid: int, *, stop_signal: signal.Signals, remove: str | None = None) -> Watchdog:
        """Guard a server: on our death it gets `stop_signal`, then SIGKILL, and `remove` is deleted."""
        command = [sys.executable, "-m", __name__, str(pid), str(int(stop_signal)), remove or ""]
        return cls(
            subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603  # ours
        )

    def dismiss(self) -> None:
        """End the guard without touching the server."""
        assert self.process.stdin is not None  # noqa: S101  # opened above
        with suppress(BrokenPipeError):
            self.process.stdin.write(b"dismissed")
            self.process.stdin.close()
        self.process.wait()


def is_running(pid: int) -> bool:
    """Whether a process exists and has not ended; in a container nobody may collect one that has."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state != "Z"


def stop(pid: int, stop_signal: int, grace_seconds: float = GRACE_SECONDS) -> None:
    """Stop a process: its own stop signal first, SIGKILL when that did not help in time."""
    with suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
        deadline = time.monotonic() + grace_seconds
        while time.monotonic() < deadline:
            if not is_running(pid):
                return
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)


def main(pid: int, stop_signal: int, remove: str) -> None:
    """Wait until the starter dismisses us or dies, and in that case stop what it started."""
    for harmless in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(harmless, signal.SIG_IGN)
    if sys.stdin.buffer.read() == b"dismissed":
        return
    stop(pid, stop_signal)
    if remove:
        shutil.rmtree(remove, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
