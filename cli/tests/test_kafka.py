"""The broker that tests start for themselves is gone when they are, however they went."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from purveyor_cli import kafka

STARTER = """
from purveyor_cli import kafka
broker = kafka.start()
print(broker.bootstrap_servers, broker.folder, flush=True)
import time
time.sleep(600)
"""


def answers(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as one:
        return one.connect_ex((host, int(port))) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_broker_dies_with_the_process_that_started_it(how: signal.Signals) -> None:
    try:
        kafka.libraries()
    except kafka.KafkaUnavailableError as error:
        pytest.skip(str(error))
    process = subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    address, folder = process.stdout.readline().split()
    assert answers(address)
    os.kill(process.pid, how)
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 30
    while (answers(address) or Path(folder).exists()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(address)
    assert not Path(folder).exists()
