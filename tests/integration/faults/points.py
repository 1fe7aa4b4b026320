"""Where a process dies: points in its work that it passes, and at which it kills itself when told to."""

from __future__ import annotations

import os
import signal
import threading
from enum import Enum
from multiprocessing.connection import Connection


class Fault(Enum):
    """A moment at which a process is killed."""

    API_BEFORE_COMMIT = "API between insert and commit"
    API_AFTER_COMMIT = "API between commit and answer"
    RELAY_BEFORE_MARK = "relay between the broker's acknowledgement and its mark"
    CONSUMER_BEFORE_COMMIT = "consumer between effect and commit"
    CONSUMER_AFTER_COMMIT = "consumer between commit and offset"
    ANY_MOMENT = "wherever it was"


class Trigger:
    """Told over a pipe at which faults this process is to die; the end of the pipe ends the process too."""

    def __init__(self, lifeline: Connection, last_words: Connection) -> None:
        self._lifeline = lifeline
        self._last_words = last_words
        self._wanted: set[Fault] = set()
        threading.Thread(target=self._listen, daemon=True).start()

    def passes(self, fault: Fault) -> None:
        """Die here if that is wanted, with the fault's name as last word."""
        if fault in self._wanted:
            self._last_words.send(fault)
            os.kill(os.getpid(), signal.SIGKILL)

    def _listen(self) -> None:
        try:
            while True:
                self._wanted.add(self._lifeline.recv())
        except (EOFError, OSError):
            os.kill(os.getpid(), signal.SIGKILL)
