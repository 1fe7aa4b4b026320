from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwuid
from typing import ClassVar

import httpx
import jwt
import pytest
from typer.testing import CliRunner, Result

from purveyor_cli.commands.terminal import operator
from purveyor_cli.folder import DataFolder, State
from purveyor_cli.main import COMMANDS, Commands, app
from purveyor_cli.watchdog import is_running

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLE = EXAMPLES / "history" / "halden-pumps.csv"
MAPPING = EXAMPLES / "mappings" / "halden-pumps.toml"
PURVEYOR = [sys.executable, "-m", "purveyor_cli.main"]
START_SECONDS = 90
SITE = {"name": "Assembly Halden", "country": "NO", "time_zone": "Europe/Oslo"}


def purveyor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_version_can_be_asked_for_in_either_way() -> None:
    assert purveyor("--version").output == purveyor("version").output


def test_help_reads_no_command_and_says_of_each_what_it_says_itself() -> None:
    heavy = "import sys, purveyor_cli.main; print({'fastapi', 'sqlalchemy'} & set(sys.modules))"
    read = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)  # noqa: S603
    assert read.stdout == "set()\n"
    told = purveyor("--help").output
    groups = Commands()
    for name, text in COMMANDS.items():
        command = groups.get_command(None, name)
        assert " ".join(text.split()) in " ".join(told.split())
        assert command.help.split()[:2] == text.split()[:2], command.help


def test_version_is_the_packages() -> None:
    result = purveyor("version")
    assert (result.exit_code, result.output) == (0, "0.1.0\n")


def test_without_a_command_the_groups_are_listed() -> None:
    output = purveyor("--help").output
    for command in [
        "up",
        "demo",
        "token",
        "migrate",
        "serve",
        "import",
        "events",
        "jobs",
        "audit",
        "version",
    ]:
        assert f"\n  {command} " in output


def test_a_token_carries_its_roles_and_the_scopes_that_they_imply(tmp_path: Path) -> None:
    result = purveyor("token", "--role", "buyer", "--subject", "ann", "--data-dir", tmp_path)
    claims = jwt.decode(result.output.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["roles"]) == ("ann", ["buyer"])
    assert "procurement:orders:write" in claims["scope"].split()


def test_a_token_of_a_supplier_says_whose_it_is(tmp_path: Path) -> None:
    refused = purveyor("token", "--role", "supplier", "--data-dir", tmp_path)
    assert refused.exit_code == 1
    assert "needs --supplier-id" in refused.stderr
    supplier_id = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
    result = purveyor("token", "--role", "supplier", "--supplier-id", supplier_id, "--data-dir", tmp_path)
    claims = jwt.decode(result.output.strip(), options={"verify_signature": False})
    assert claims["supplier_id"] == supplier_id


@pytest.mark.parametrize(
    "command",
    [
        ["migrate"],
        ["events", "parked"],
        ["events", "verify"],
        ["events", "tail", "--service", "sourcing"],
        ["events", "retry", "1", "--service", "sourcing"],
        ["jobs", "run", "judge-overdue-lines", "--date", "2026-01-02"],
        ["jobs", "forget", "judge-overdue-lines", "--after", "2026-01-02", "--reason", "x"],
        ["audit", "verify"],
    ],
    ids=" ".join,
)
def test_where_nothing_ran_it_says_how_to_begin(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PURVEYOR_DATABASE_URL", raising=False)
    result = purveyor(*command, "--data-dir", tmp_path)
    assert result.exit_code == 1
    assert "start one with `purveyor up`" in result.stderr


def test_the_database_of_the_environment_needs_its_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURVEYOR_DATABASE_URL", "postgresql://nobody@localhost/nothing")
    monkeypatch.delenv("PURVEYOR_OIDC_ISSUER", raising=False)
    assert "name it with --service" in purveyor("audit", "verify").stderr
    missing = purveyor("audit", "verify", "--service", "sourcing")
    assert missing.exit_code == 1
    assert "PURVEYOR_OIDC_ISSUER: Field required" in missing.stderr


def test_a_worker_of_its_own_needs_kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURVEYOR_DATABASE_URL", "postgresql://nobody@localhost/nothing")
    monkeypatch.setenv("PURVEYOR_OIDC_ISSUER", "https://issuer.example")
    monkeypatch.delenv("PURVEYOR_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    result = purveyor("serve", "worker", "--service", "procurement")
    assert result.exit_code == 1
    assert "set PURVEYOR_KAFKA_BOOTSTRAP_SERVERS" in result.stderr


def test_jobs_are_listed_with_their_services() -> None:
    output = purveyor("jobs", "list").output
    assert "supplier-performance  judge-overdue-lines" in output
    assert output.count("create-outbox-partitions") == 3


def test_a_dry_run_reads_everything_and_sends_nothing(tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    result = purveyor(
        "import",
        "history",
        SAMPLE,
        "--mapping",
        MAPPING,
        "--dry-run",
        "--report",
        report,
        "--data-dir",
        tmp_path,
    )
    assert result.exit_code == 3
    assert "2020 rows: 2015 would be imported, 0 unchanged, 5 refused" in result.output
    assert "32 suppliers, 880 orders with 1837 lines, 1932 receipts, 4 sites" in result.output
    assert "refused,43,Order Qty,\"'twelve' is not a number" in report.read_text(encoding="utf-8")


def test_an_import_says_when_no_stack_runs(tmp_path: Path) -> None:
    result = purveyor("import", "history", SAMPLE, "--mapping", MAPPING, "--data-dir", tmp_path)
    assert result.exit_code == 1
    assert "start one with `purveyor up`" in result.stderr


def test_an_import_elsewhere_needs_every_url_and_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PURVEYOR_TOKEN", raising=False)
    history = ("import", "history", SAMPLE, "--mapping", MAPPING)
    assert "missing for procurement" in purveyor(*history, "--url", "sourcing=https://a.example").stderr
    urls = [f"--url={name}=https://a.example" for name in ("sourcing", "procurement", "supplier-performance")]
    assert "Set PURVEYOR_TOKEN" in purveyor(*history, *urls).stderr


def test_a_file_that_does_not_fit_its_mapping_is_refused_as_a_whole() -> None:
    result = purveyor("import", "history", SAMPLE, "--mapping", EXAMPLES / "mappings" / "scms.toml")
    assert result.exit_code == 1
    assert "line.quantity reads the column 'Line Item Quantity'" in result.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with httpx_server_port() as port:
        result = purveyor("up", "--data-dir", tmp_path, "--port-base", str(port))
    assert result.exit_code == 1
    assert f"Port {port} for sourcing: Address already in use" in result.stderr


@contextmanager
def httpx_server_port() -> Iterator[int]:
    import socket  # noqa: PLC0415

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def import_into(folder: Path) -> list[str]:
    what = ["import", "history", str(SAMPLE), "--mapping", str(MAPPING), "--data-dir", str(folder)]
    return [*PURVEYOR, *what, "--let-in-as", "controller"]


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """Stop what a test began and, having failed, did not stop."""
    yield
    while Up.begun:
        up = Up.begun.pop()
        if up.process.poll() is None:
            up.stop(signal.SIGTERM)


class Up:
    """`purveyor up` in a process of its own."""

    begun: ClassVar[list[Up]] = []

    def __init__(self, folder: Path) -> None:
        self.begun.append(self)
        self.folder = DataFolder(folder)
        arguments = [*PURVEYOR, "up", "--data-dir", str(folder), "--port-base", "0"]
        self.process = subprocess.Popen(  # noqa: S603  # ours
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def state(self) -> State:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            state = self.folder.state()
            if state is not None and state.urls and state.pid == self.process.pid:
                return state
            assert self.process.poll() is None, self.process.communicate()[0]
            time.sleep(0.1)
        raise AssertionError("the stack did not start")

    def postmaster(self) -> int:
        return int((self.folder.postgres / "postmaster.pid").read_text().splitlines()[0])

    def request(self, method: str, **content: object) -> httpx.Response:
        token = purveyor("token", "--role", "admin", "--data-dir", self.folder.path).output.strip()
        url = f"{self.state().urls['procurement']}/v1/sites/HAL1"
        return httpx.request(method, url, headers={"Authorization": f"Bearer {token}"}, **content)  # type: ignore[arg-type]

    def wait_for_orders(self) -> None:
        token = purveyor("token", "--role", "buyer", "--data-dir", self.folder.path).output.strip()
        url = f"{self.state().urls['procurement']}/v1/purchase-orders"
        deadline = time.monotonic() + START_SECONDS
        while not httpx.get(url, headers={"Authorization": f"Bearer {token}"}).json()["items"]:
            assert time.monotonic() < deadline, "the import brings no orders"
            time.sleep(0.1)

    def stop(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.1)


def test_up_keeps_its_data_and_stops_everything_when_told_and_recovers_from_a_kill(tmp_path: Path) -> None:
    first = Up(tmp_path)
    assert first.request("PUT", json=SITE).status_code == 201
    second = subprocess.run(  # noqa: S603  # ours
        [*PURVEYOR, "up", "--data-dir", tmp_path], capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "Another purveyor runs on the data folder" in second.stderr
    parked = purveyor("events", "parked", "--data-dir", tmp_path)
    assert (parked.exit_code, parked.stdout) == (0, "No event is parked.\n")
    postmaster = first.postmaster()
    code, output = first.stop(signal.SIGTERM)
    assert (code, "Stopped; the data is kept in" in output) == (0, True), output
    wait_until_gone(postmaster)

    again = Up(tmp_path)
    assert again.request("GET").json()["name"] == SITE["name"]
    assert again.request("PUT", json=SITE).status_code == 200
    postmaster = again.postmaster()
    importing = subprocess.Popen(  # noqa: S603  # ours
        import_into(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    again.wait_for_orders()
    code, _ = again.stop(signal.SIGKILL)
    assert code == -signal.SIGKILL
    _, complaint = importing.communicate(timeout=60)
    assert importing.returncode == 1
    assert "The platform does not answer" in complaint

    recovered = Up(tmp_path)
    assert recovered.request("GET").json()["name"] == SITE["name"]
    wait_until_gone(postmaster)
    completed = subprocess.run(import_into(tmp_path), capture_output=True, text=True, check=False)  # noqa: S603
    assert completed.returncode == 3, completed.stderr
    figures = re.search(r"(\d+) imported, (\d+) unchanged, 5 refused", completed.stdout)
    assert figures is not None, completed.stdout
    assert int(figures[1]) + int(figures[2]) == 2015
    postmaster = recovered.postmaster()
    code, output = recovered.stop(signal.SIGINT)
    assert code == 0, output
    wait_until_gone(postmaster)
    assert json.loads((tmp_path / "state.json").read_text())["embedded"] is True

    for check in (["events", "verify"], ["events", "parked"], ["audit", "verify"]):
        checked = purveyor(*check, "--data-dir", tmp_path)
        assert checked.exit_code == 0, checked.output


def test_who_gives_a_command_is_not_who_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "ceo")
    assert operator() in {f"operator:{getpwuid(os.getuid()).pw_name}", f"operator:{os.getuid()}"}
